"""The only ways by which a value gets into SQL text.

Each filter returns `Sql`; the Jinja environment refuses to print anything that is not `Sql` or template text.
A backslash makes the literal an E'' one, so that the text means the same whatever standard_conforming_strings says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True)


class Sql(str):
    """Text that is safe to stand in SQL as it is."""

    __slots__ = ()


class UnsafeText(ValueError):
    """Text that Postgres cannot hold: a NUL character, or half of a surrogate pair."""


def literal(value: str | bool | int | None) -> Sql:
    """`value` as an SQL literal: text, a whole number, a boolean or null."""
    if value is None:
        return Sql("null")
    if isinstance(value, bool):
        return Sql("true" if value else "false")
    if isinstance(value, int):
        return Sql(value) if value >= 0 else Sql(f"({value})")
    if isinstance(value, str):
        return Sql(_quoted(value))
    raise TypeError(f"no SQL literal for {type(value).__name__}")


def identifier(name: str) -> Sql:
    """`name` as a quoted identifier; at most 63 bytes, which Postgres would cut silently."""
    _check(name)
    if not 0 < len(name.encode()) <= 63:
        raise UnsafeText("an identifier has 1 to 63 bytes")
    return Sql('"' + name.replace('"', '""') + '"')


def jsonb(value: Any) -> Sql:
    """`value` as a jsonb literal; Python's None is SQL's null (a JSON null is the text `null` inside of a value)."""
    if value is None:
        return Sql("null::jsonb")
    text = _JSON.encode(value)
    if "\\u0000" in text and _holds_nul(value):
        raise UnsafeText("jsonb cannot hold a NUL character")
    return Sql(_quoted(text) + "::jsonb")


def text_array(values: Iterable[str]) -> Sql:
    """`values` as a text[]."""
    return Sql("array[" + ", ".join(_quoted(value) for value in values) + "]::text[]")


def bigint_array(values: Iterable[int]) -> Sql:
    """`values` as a bigint[]."""
    return Sql("array[" + ", ".join(str(int(value)) for value in values) + "]::bigint[]")


def _quoted(text: str) -> str:
    _check(text)
    quoted = text.replace("'", "''")
    if "\\" in quoted:
        return "E'" + quoted.replace("\\", "\\\\") + "'"
    return f"'{quoted}'"


def _check(text: str) -> None:
    if "\0" in text:
        raise UnsafeText("Postgres text cannot hold a NUL character")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UnsafeText("text holds half of a surrogate pair, which UTF-8 cannot") from error


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
        case list() | tuple():
            return any(_holds_nul(item) for item in value)
        case _:
            return False
