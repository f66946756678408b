"""A step: SQL that belongs together, and what it does in words."""

from __future__ import annotations

from dataclasses import dataclass

from supacron.secret import Secret


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL to run. With `rows` it is a COPY that takes them: what is copied stands in no log, argument or statistic."""

    sql: str
    rows: tuple[tuple[str | Secret | None, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A few statements that belong together, and what they do in words."""

    title: str
    statements: tuple[Statement, ...]


def step(title: str, *sql: str) -> Step:
    """A step of plain statements."""
    return Step(title, tuple(Statement(text) for text in sql))
