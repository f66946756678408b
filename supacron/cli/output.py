"""What commands print on standard output: tables and lines for people, or one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

Part = str | tuple[str, str]
"""Text, or text with a style."""
WIDE = 10_000
"""Columns of a pipe: nothing is wrapped or cut there."""
OUTCOME_STYLES = {
    "ok": "green",
    "http_error": "red",
    "timed_out": "red",
    "no_response": "red",
    "failed": "red",
    "bad_answer": "red",
    "missed": "red",
    "skipped": "yellow",
    "queued": "yellow",
    "retrying": "yellow",
    "waiting": "yellow",
}


def document(data: Any) -> None:
    """The one JSON document of `--json`."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def console() -> Console:
    """Colours on a terminal only; NO_COLOR turns them off, FORCE_COLOR on."""
    from rich.console import Console

    shown = Console(highlight=False, markup=False, emoji=False)
    if not shown.is_terminal:
        shown.width = WIDE
    return shown


def text(value: str, style: str = "") -> Text:
    """`value` as one printable line: what comes from a database or a file must not steer the terminal."""
    from rich.text import Text

    return Text(printable(value), style)


def printable(value: str) -> str:
    """`value` with every control character, line ends too, written as an escape."""
    return value if value.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in value)


def line(*parts: Part) -> None:
    """One line of parts, each plain or (text, style)."""
    lines([parts])


def lines(many: Iterable[Sequence[Part]]) -> None:
    """Lines, as many as there are: where there are no colours, nothing has to be laid out."""
    target = console()
    if target.color_system is None:
        click.echo("\n".join("".join(map(_plain, parts)).rstrip() for parts in many), color=True)
        return
    from rich.text import Text

    for parts in many:
        whole = Text()
        for part in parts:
            whole.append_text(text(part) if isinstance(part, str) else text(*part))
        # The terminal wraps it: what is copied from it has no line ends of ours.
        _print(whole, soft_wrap=True)


def _plain(part: Part) -> str:
    return printable(part if isinstance(part, str) else part[0])


def pairs(rows: Iterable[tuple[str, str | tuple[str, str]]]) -> None:
    """Labels and values, one pair a line."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for label, value in rows:
        grid.add_row("", text(label, "dim"), text(value) if isinstance(value, str) else text(*value))
    _print(grid)


def table(columns: Sequence[str], rows: Iterable[Sequence[str | tuple[str, str]]]) -> None:
    """A table; without lines around it when it is piped."""
    from rich import box
    from rich.table import Table

    plain = not console().is_terminal
    shown = Table(
        box=None if plain else box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 2 if plain else 1, 0, 0),
        header_style="bold",
    )
    for number, column in enumerate(columns):
        # The first column names the row: it stays whole.
        shown.add_column(column, overflow="fold", no_wrap=plain or number == 0)
    for row in rows:
        shown.add_row(*(text(cell) if isinstance(cell, str) else text(*cell) for cell in row))
    _print(shown)


def _print(renderable: RenderableType, *, soft_wrap: bool = False) -> None:
    """Without the blanks that fill a table's last column."""
    target = console()
    with target.capture() as capture:
        target.print(renderable, soft_wrap=soft_wrap)
    for row in capture.get().splitlines():
        click.echo(row.rstrip(), color=True)


def outcome_style(outcome: str | None) -> str:
    return OUTCOME_STYLES.get(outcome or "waiting", "")
