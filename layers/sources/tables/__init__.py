"""Text tables and workbooks: how they are encoded, what their cells mean."""
