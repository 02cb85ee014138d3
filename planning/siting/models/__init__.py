"""The siting models: one file each, with its formulation and citation."""
