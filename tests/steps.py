"""How much work a call is, counted in steps of the interpreter: the same on every machine, however loaded."""

import sys
from collections.abc import Callable


def steps(call: Callable[[], object]) -> int:
    """Lines, calls and returns of Python that `call()` takes; what a regular expression does within one is not seen."""
    taken = 0

    def count(frame, event, argument):
        nonlocal taken
        taken += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return taken
