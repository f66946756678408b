"""A body for one run, from what was said on the command line. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from supacron.operate.target import Usage
from supacron.validate.tokens import find_in_text


def read_values(said: Iterable[str]) -> dict[str, str]:
    """`path=value` texts as a mapping; raises Usage for what is none, and for what looks like a secret."""
    values: dict[str, str] = {}
    for text in said:
        path, equals, value = text.partition("=")
        if token := next(find_in_text(text), None):
            raise Usage(
                f"--body {_name(path)} holds what looks like {token[0]}, and a body is kept with its run",
                "A job's secrets are sent by its `auth:`.",
            )
        if not equals or not all(path.split(".")):
            raise Usage("--body takes a path and a value", "Write --body batch_size=5, or --body filter.day=monday.")
        values[path] = value
    return values


def _name(path: str) -> str:
    return "" if next(find_in_text(path), None) else path


def with_values(body: Any, values: Mapping[str, str]) -> Any:
    """`body` with each value at its path: `a.b` is the key b of what a holds. What is no JSON is text.

    Raises Usage where a path leads through something that has no keys.
    """
    changed = json.loads(json.dumps(body))
    for path, text in values.items():
        *parents, last = path.split(".")
        here = changed
        for depth, key in enumerate(parents):
            here = _mapping(here, parents[:depth]).setdefault(key, {})
        _mapping(here, parents)[last] = _value(text)
    return changed


def _mapping(here: Any, path: list[str]) -> dict[str, Any]:
    if isinstance(here, dict):
        return here
    where = f"`{'.'.join(path)}` of the job's body" if path else "the job's body"
    raise Usage(f"{where} is no mapping, so nothing can be set in it", "`supacron render` shows the body.")


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError:
        return text


def _no_constant(text: str) -> Any:
    raise ValueError(text)
