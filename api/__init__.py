"""The doors: HTTP, command line and runs."""
