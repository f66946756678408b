"""Tells whose a runtime is that lacks what this supacron counts on: a newer one's, an older one's, or a damaged one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from supacron import __version__
from supacron.errors import SupacronError
from supacron.render import templates

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_UNDEFINED: Final = ("42703", "42P01", "42883")
"""A column, a table, a function that is not there."""


def other_version(connection: Connection, error: psycopg.Error) -> SupacronError | None:
    """`error` in words, where it says that something of supacron's is not there. Ends the transaction."""
    import psycopg

    if error.sqlstate not in _UNDEFINED:
        return None
    text = error.diag.message_primary or ""
    try:
        connection.rollback()
        found = connection.execute(templates.sql("queries/versions.sql").encode()).fetchone()
        connection.rollback()
    except psycopg.Error:
        return SupacronError(text, "Has this database been set up? Run `pulumi up`, or check that it is the right one.")
    tool, numbers = found or ("", [])
    return _in_words(str(tool), numbers, text)


def unknown_migrations(numbers: Iterable[int]) -> tuple[int, ...]:
    """Those that only a newer supacron has."""
    return tuple(sorted(set(numbers) - _known()))


def _known() -> set[int]:
    return {int(name.rsplit("/", 1)[1][:4]) for name in templates.names("runtime/migrations/*.sql")}


def _in_words(tool: str, numbers: list[int], text: str) -> SupacronError:
    if unknown_migrations(numbers):
        return SupacronError(
            f"this database was set up by a newer supacron ({tool}) than this one ({__version__}), which does not know "
            f"it: {text}",
            f"Install supacron {tool} or later.",
        )
    if _known() - set(numbers):
        return SupacronError(
            f"this database was set up by an older supacron ({tool}) than this one ({__version__}): {text}",
            f"Run `pulumi up` with this one, which brings it up to date. Until then use supacron {tool}.",
        )
    return SupacronError(
        f"something that supacron counts on is gone from this database: {text}",
        "Take it from a backup. If it is supacron's and none of its data matters: `drop schema supacron cascade`, then "
        "`pulumi up`.",
    )
