"""The command line: the same actions as the service, and their results in words."""
