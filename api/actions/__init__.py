"""One straight line per request: read, compute, save. HTTP and command line call the same actions."""
