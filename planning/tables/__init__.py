"""Tables that an office edits: what each holds, what may stand in it, and what it comes with."""
