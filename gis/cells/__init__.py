"""Cells as ground: nothing detached, large villages in compact parts, codes that keep their ground."""
