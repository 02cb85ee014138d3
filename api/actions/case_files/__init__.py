"""Cases as files: taken in, taken out, replayed and counted."""
