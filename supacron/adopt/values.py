"""What an SQL expression comes to, as far as it is constant.

Text holds a marker for each part that is not: a look-up in Vault, or something that is known at the run only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

NO_JSON: Final = "a text is no JSON, so the job fails"
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKER: Final = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


class NotConstant(Exception):
    """An expression whose value is known at the run only; the text says why."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The value of a secret in Vault, by its name there."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is known at the run only."""

    reason: str


@dataclass(frozen=True, slots=True)
class Json:
    """A json or jsonb value; numbers are int or Decimal."""

    value: Any


Value: TypeAlias = str | Json | int | Decimal | bool | None


@dataclass
class Markers:
    """The markers of one expression and what each stands for."""

    parts: list[Lookup | Unknown] = field(default_factory=list)

    def mark(self, part: Lookup | Unknown) -> str:
        self.parts.append(part)
        return f"{_OPEN}{len(self.parts) - 1}{_CLOSE}"

    def split(self, text: str) -> list[str | Lookup | Unknown]:
        """`text` as constant pieces and what stands between them; empty pieces are left out."""
        pieces: list[str | Lookup | Unknown] = []
        for number, piece in enumerate(_MARKER.split(text)):
            if number % 2:
                pieces.append(self.parts[int(piece)])
            elif piece:
                pieces.append(piece)
        return pieces

    def unknown(self, data: object) -> str | None:
        """The reason of the first part of `data` that is known at the run only, or why the job never ran."""
        pieces = [piece for text in _texts(data) for piece in self.split(text)]
        reasons = [piece.reason for piece in pieces if isinstance(piece, Unknown)]
        return NO_JSON if NO_JSON in reasons else next(iter(reasons), None)

    def holds_lookup(self, data: object) -> bool:
        return any(isinstance(piece, Lookup) for text in _texts(data) for piece in self.split(text))


def has_markers(data: object) -> bool:
    return any(_OPEN in text or _CLOSE in text for text in _texts(data))


def to_json(value: Value) -> Json | None:
    """`value` as a jsonb parameter takes it; raises NotConstant for text that is no JSON."""
    if value is None or isinstance(value, Json):
        return value
    if isinstance(value, str):
        try:
            return Json(json.loads(value, parse_float=Decimal, parse_constant=_refuse))
        except ValueError:
            raise NotConstant("JSON is put together at each run" if has_markers(value) else NO_JSON) from None
    return Json(value)


def to_text(value: Value) -> str | None:
    """`value` as text; raises NotConstant for JSON, whose spelling the server decides."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Json):
        raise NotConstant("JSON is turned into text at each run")
    return str(value)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Json):
        yield from _texts(data.value)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item)
