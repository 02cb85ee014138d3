"""Many cases at once: batches and history as tables, invented months, statistics."""
