"""Waiting for what is bound to happen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

LIMIT_SECONDS = 150
"""Reached only when something is really wrong: more than two of pg_cron's minutes, on a machine that stalls as well."""


def eventually(check: Callable[[], bool], what: str, seconds: float = LIMIT_SECONDS) -> None:
    """Returns once `check` is true; fails the test after `seconds`."""
    until = monotonic() + seconds
    while not check():
        assert monotonic() < until, f"not within {seconds} s: {what}"
        threading.Event().wait(0.05)
