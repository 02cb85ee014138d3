"""The printed sheet of a plan: which plan it is, its map, its figures and its words."""
