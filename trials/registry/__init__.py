"""The registry's words live here and nowhere else: fetching (client), parsing (parse), typed records (records), values (normalise).

No Django inside. Nothing outside this package knows a ClinicalTrials.gov field path.
"""
