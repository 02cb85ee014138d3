"""A case's moves once more, written by hand and not derived from the product's table."""

from __future__ import annotations

from typing import get_args

from planning.incidents.moves import Post

# move: from → to; posts (G worker, D department, T township desk, C county desk, K checker, S the service itself)
SECOND_TABLE = """
verify:          reported > verified; GTCK
open:            reported verified > opened; TC
refuse:          reported verified opened > refused; TC
assign:          reported verified opened > assigned; TCS
accept:          assigned > accepted; GDTC
arrive:          accepted > arrived; GDTC
handle:          accepted arrived > handled; GDTC
feed-back:       handled > fed-back; GDTC
check-good:      fed-back > checked; KTC
check-bad:       fed-back > accepted; KTC
close:           checked > closed; TC
rate:            closed > =; TCS
return:          assigned accepted arrived > opened; GDTC
reassign:        assigned accepted arrived > assigned; TCS
ask-extension:   assigned accepted arrived > =; GDTC
grant-extension: assigned accepted arrived > =; TC
deny-extension:  assigned accepted arrived > =; TC
pause:           opened assigned accepted arrived > paused; TC
resume:          paused > <; TC
merge:           reported verified opened assigned accepted arrived > merged; TC
split:           reported verified opened assigned accepted arrived > =; TC
move:            reported verified opened assigned accepted arrived > opened; TC
recategorise:    reported verified opened assigned accepted arrived > opened; TC
void:            reported verified opened assigned accepted arrived paused > voided; TC
reopen:          closed refused > opened; TC
note:            every > =; GDTCKS
attach:          every > =; GDTCKS
close-road:      all > =; GDTC
open-road:       every > =; GDTC
erase:           every > =; CS
warn:            running > =; S
escalate:        running > =; S
recompute:       running > =; S
"""
RUNNING = "reported verified opened assigned accepted arrived handled fed-back checked"
SETS = {"running": RUNNING, "all": f"{RUNNING} paused", "every": f"{RUNNING} paused closed refused voided merged"}
LETTERS = dict(zip("GDTCKS", (*get_args(Post)[:4], "checker", "service"), strict=True))


def _second_table() -> dict[str, tuple[set[str], str, set[str]]]:
    rows = {}
    for line in SECOND_TABLE.strip().splitlines():
        move, _, rest = line.partition(":")
        way, _, letters = rest.partition(";")
        sources, _, target = way.partition(">")
        named = sources.strip()
        rows[move] = (
            set(SETS.get(named, named).split()),
            target.strip(),
            {LETTERS[letter] for letter in letters.strip()},
        )
    return rows


ROWS = _second_table()
