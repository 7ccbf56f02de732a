"""Attempts to break the engine and the command: kills, damaged pictures, strange requests, many jobs.

Each part makes a number of random attempts, which a seed repeats, and returns a `Row` that says what went wrong.
`pytest tests/chaos` makes a few of each; `python -m tests.chaos` makes very many, and prints a table:
docs/reliability.md quotes it.
"""
