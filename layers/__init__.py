"""Data at rest: a county's layers from their sources to versioned files, and the records beside them."""
