"""Computations that last: what is asked, which lane it waits in, who computes it, who watches."""
