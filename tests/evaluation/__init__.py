"""Measures the classifier and the eligibility reader against labelled real records: `python -m tests.evaluation`.

The labels stand in this package, one line per record with the reason why; the records stay where they are (see `tests.records`).
A quarter of all records, chosen by a hash of the id, is held out: it was labelled and scored after the rules were written, and no rule
was written from it.
"""
