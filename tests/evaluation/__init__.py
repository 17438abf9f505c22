"""Measures the classifier and the eligibility reader against labelled real records: `python -m tests.evaluation`.

The labels stand in this package, one line per record with the reason why; the records stay where they are (see `tests.records`).
A quarter of the records, chosen by a hash of the id, is held out: it was labelled and scored after the first rules were written. Later
another engineer labelled 210 records that nobody had read, while the rules were being made more general: these are the unseen ones. When
rules had been mended after that, 180 more were drawn and labelled: the fresh ones; then 192 and 193: the third and the fourth draw. The
records of the fifth to the ninth, 113, 102, 140, 131 and 102, are mostly excerpts from public pages and not kept with the others:
they are scored where somebody has them in `registry/fifth_2026.jsonl.gz` and so on. docs/accuracy.md tells the first score on each. Rules
were mended after a first score, so only first scores speak for other records.
"""
