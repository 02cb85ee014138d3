"""What is published and heard: a version that never changes, and texts fit to be shown."""
