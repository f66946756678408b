"""Durations as people write them: a whole number and a unit, such as `30s`, `15m`, `2h`, `30d` or `500ms`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DURATION_PATTERN = r"^[0-9]+(ms|s|m|h|d)$"


def parse_duration(value: object) -> int:
    """`value` in milliseconds; raises ValueError for anything that is not a number with a unit."""
    if isinstance(value, str) and re.fullmatch(DURATION_PATTERN[1:-1], value):
        number, unit = re.fullmatch(r"([0-9]+)([a-z]+)", value).groups()  # type: ignore[union-attr]
        return int(number) * _MILLISECONDS[unit]
    raise ValueError("a duration is a whole number with a unit: 500ms, 30s, 15m, 2h or 30d")


def format_duration(milliseconds: int) -> str:
    """The shortest exact spelling, the inverse of `parse_duration`."""
    for unit in ("d", "h", "m", "s"):
        if milliseconds and milliseconds % _MILLISECONDS[unit] == 0:
            return f"{milliseconds // _MILLISECONDS[unit]}{unit}"
    return f"{milliseconds}ms"


Milliseconds = Annotated[
    int,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["30s", "15m", "30d"]}),
]
