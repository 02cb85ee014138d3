"""Schemes in many futures: the same for all of them, so that differences are of the schemes and not of the luck."""
