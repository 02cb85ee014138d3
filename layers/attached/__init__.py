"""Files that people send with a case: what they really are, and the copy that others see."""
