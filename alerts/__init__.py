"""Alerts by e-mail: somebody leaves an address and a filter, confirms, and is told what is new or has changed in that list.

Imports trials and never the other way round. What is kept of a person is an address and what they asked to be told; nothing else.
"""
