"""What is published and heard."""
