"""Roads drawn as lines: joined where they were not, their words read."""
