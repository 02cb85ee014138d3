"""What the way to a site is worth in yuan, unless whoever asks says otherwise: two assumptions."""

from __future__ import annotations

HOUR_YUAN = 20
"""Yuan for an hour on the way: near the least wage of an hour in rural Shandong."""
TRIPS = 240
"""Ways of each person while the money for the sites is meant to last: there and back once a month for ten years."""
MOST_HOUR_YUAN, MOST_TRIPS = 10_000, 1_000_000
"""Far beyond what anybody means; what both come to with all people is checked for each question."""
