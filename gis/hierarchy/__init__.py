"""Customizable contraction hierarchies: order, elimination, customization, and the sweeps that answer."""
