"""Checks over all layers of a county; each returns faults and, where it mends something, the layer mended."""
