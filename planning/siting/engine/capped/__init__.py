"""Sites under cutoffs: township means and budgets."""
