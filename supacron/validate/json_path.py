"""The few JSON paths by which `expect:` names a value of an answer: `$.a.b[0]['odd key']`. Pure."""

from __future__ import annotations

import re
from typing import Final

_STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,6})\]|\['([^'\\]+)'\]|\[\"([^\"\\]+)\"\]")


def parse_path(text: str) -> list[str] | None:
    """The keys and indexes in order, as Postgres' `#>` takes them; None for what is no such path."""
    if not text.startswith("$"):
        return None
    at, steps = 1, []
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        steps.append(next(group for group in match.groups() if group is not None))
        at = match.end()
    return steps
