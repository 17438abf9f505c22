"""Faults caused on purpose, against the real web process, worker and beat: `faults` is the table, `place` where each is caused and judged.

`python -m tests.chaos` runs them all, `make chaos` does that; the suite runs a few of them (tests/processes/test_faults.py).
"""
