"""The doors: HTTP, command line and jobs."""
