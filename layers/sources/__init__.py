"""Readers of the files that people have: tables, vector files, OpenStreetMap extracts, GraphML."""
