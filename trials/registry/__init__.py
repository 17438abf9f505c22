"""The registry's words live here and nowhere else: fetching (client, files), a record's bytes (raw), parsing (parse, which reads
each object by node), typed records (records), values (normalise).

No Django inside. Nothing outside this package knows a ClinicalTrials.gov field path.
"""
