"""HTTP routes: parse, call one action, answer. Each states who may call it."""
