"""Sites under ceilings: township means and budgets."""
