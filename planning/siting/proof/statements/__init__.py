"""Each model said a second time, for the checker."""
