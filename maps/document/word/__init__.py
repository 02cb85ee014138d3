"""A document as a Word file: over our own template, or over one that an office brings with its fields."""
