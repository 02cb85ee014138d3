"""Two nested tiers of sites."""
