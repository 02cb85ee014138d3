"""The printed sheet of a plan: a map at a true scale, its legend, and what a hearing asks for, on one page."""
