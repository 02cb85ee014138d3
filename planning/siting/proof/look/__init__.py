"""A quick look for a plan that refutes a claim made on a solver's word; no code of the solvers is used."""
