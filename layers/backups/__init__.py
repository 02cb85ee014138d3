"""Backups: the records at one instant and the files they need, in one archive that anyone can open."""
