"""The question of a plan: what is asked, which model answers it, and what it means in a county."""
