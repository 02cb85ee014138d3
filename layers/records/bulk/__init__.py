"""Cases by the thousand: written in batches, read as a stream."""
