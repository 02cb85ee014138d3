"""Finding a place by what people type: its name, part of it, its code, or how it sounds."""
