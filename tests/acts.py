"""What tests write into the audit."""

from layers.records.audit import COMMAND_LINE, Act

REPORTED = Act(COMMAND_LINE, "incident.reported", "incident")
