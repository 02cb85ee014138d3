"""What a claim rests on, and who checks it."""
