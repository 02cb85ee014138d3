"""Sites with capacities: knapsack duals, transport, rounding, and the compact switch for the other models."""
