"""The verdict on a plan file in words and as JSON."""

from __future__ import annotations

from typing import Any

from api.actions.check_plan import EXIT_CODES, Checked
from api.cli.wording import fault_lines, gap_words, objective_lines
from api.explain import explain_faults
from api.reasons import reason_words
from maps.catalogue import Lang, text


def checked_json(checked: Checked, lang: Lang) -> dict[str, Any]:
    """Return the verdict, what the plan says of itself, and every fault with its texts."""
    names = ("service", "model", "status", "proof", "solver", "objective", "bound", "objective_unit", "gap")
    return {
        "verdict": checked.verdict,
        "exit_code": EXIT_CODES[checked.verdict],
        "with_county": checked.with_county,
        **{name: checked.plan.get(name) for name in (*names, "county_version")},
        "faults": explain_faults(checked.faults, lang),
    }


def checked_lines(checked: Checked, lang: Lang) -> list[str]:
    """Return the verdict in words: what holds, on what ground, and what was compared."""
    plan = checked.plan
    if checked.verdict in ("false", "unreadable"):
        return [text(lang, f"cli.verify.{checked.verdict}"), *fault_lines(checked.faults, lang)]
    lines = [text(lang, f"cli.verify.{_key(checked)}", solver=plan["solver"])]
    lines += objective_lines(plan, lang)
    if checked.verdict == "consistent" and plan["proof"] is None and plan["objective"] is not None:
        lines.append(f"  {gap_words(plan, lang)}")
    lines += [f"  {reason_words(why, lang)}" for why in plan["reasons"]]
    county = "with-county" if checked.with_county else "file-only"
    return [*lines, text(lang, f"cli.verify.{county}", version=str(plan["county_version"])[:12])]


def _key(checked: Checked) -> str:
    """Return the sentence: by status, and for what is not proven by whose word it rests on."""
    status, proof = checked.plan["status"], checked.plan["proof"]
    if checked.verdict == "proven":
        return "infeasible" if status == "infeasible" else "proven"
    if proof == "solver":
        return "infeasible-solver" if status == "infeasible" else "solver"
    if proof == "enumerated":
        return "enumerated"
    return "unproven" if checked.plan["objective"] is not None else "nothing"
