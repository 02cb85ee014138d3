"""Decisions: where services stand, who is served from where, who answers an incident."""
