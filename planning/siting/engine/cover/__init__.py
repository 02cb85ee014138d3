"""Set covering: dominance, first covers, exchanges, and a tree of linear relaxations."""
