"""Who may do what where: roles, areas, and the door at which everyone is asked."""
