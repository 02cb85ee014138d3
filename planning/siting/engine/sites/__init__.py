"""p sites at least cost: lists, climbs, exchanges, the tree, and what is left over."""
