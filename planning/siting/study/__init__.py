"""Questions that take many plans: frontiers, phasing, why here."""
