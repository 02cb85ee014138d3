"""The public door after Open311 GeoReport v2."""
