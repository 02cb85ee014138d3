"""The cells of the county as an office keeps them: listed, split, merged, named, and when they became what they are."""
