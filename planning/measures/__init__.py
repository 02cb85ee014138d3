"""What a plan means for people: each figure one function, with one definition in the catalogue."""
