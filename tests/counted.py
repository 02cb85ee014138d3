"""Randomised tests that assert only in some cases say how often they must have met those."""

from __future__ import annotations

import functools
import inspect
from collections import Counter


def counted(**least):
    """Give a test a counter as ``seen``, and fail it where a case was met more seldom than said.

    Parameters
    ----------
    **least
        Case -> how often it must be counted at least, over all examples.
    """

    def decorate(test):
        @functools.wraps(test)
        def run(**given):
            seen = Counter()
            test(seen=seen, **given)
            seldom = {case: seen[case] for case, times in least.items() if seen[case] < times}
            assert not seldom, f"cases met too seldom: {seldom} of {least}"

        signature = inspect.signature(test)
        run.__signature__ = signature.replace(
            parameters=[one for name, one in signature.parameters.items() if name != "seen"]
        )
        del run.__wrapped__
        return run

    return decorate
