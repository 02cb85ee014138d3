"""From a reported point to the person who answers, and until when."""
