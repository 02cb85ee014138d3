"""Schemes compared: from references to plans, and from plans to one answer."""
