"""p sites at least cost where not every site may serve everyone: a longest time, or islands."""
