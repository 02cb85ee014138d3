"""Hubs with floor area: covers, areas, allocation."""
