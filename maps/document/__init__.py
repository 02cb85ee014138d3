"""Documents that an office signs: one model of their contents, and a writer each for PDF, Word and HTML."""
