"""What Linyi does not publish, made from a seed and labelled as made."""
