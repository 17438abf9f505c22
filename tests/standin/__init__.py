"""A stand-in for ClinicalTrials.gov: a real HTTP server on this machine that speaks the part of API v2 that this project uses.

    with RegistryServer([record, ...]) as server:
        Client(server.url, ...)                         # ends in /api/v2
        server.records.replace(record)                  # also add, remove, clear: the registry changes while it is asked
        server.misbehave("429", times=2, retry_after=7) # see `faults`
        server.requests[-1].parameters                  # what was asked

`python -m tests.standin` serves record files, to develop without a network. Standard library only, and nothing of the code that it tests:
what both read wrongly would otherwise look right. A test holds its answers to the API's published contract.

It is not the registry. It finds the words that are written, without synonyms (`essie`); it refuses, with a 400 that says so, the parameters
that it does not know how to answer.
"""

from tests.standin.server import RegistryServer

__all__ = ["RegistryServer"]
