"""Cases: reported, moved from hand to hand, read by those whose business they are."""
