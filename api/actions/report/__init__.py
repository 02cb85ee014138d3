"""The report of a comparison: what it says and in which words, for every kind of file alike."""
