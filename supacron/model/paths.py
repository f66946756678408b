"""Paths of keys into the data of a stack's files, and how they read in a message."""

from __future__ import annotations

import re
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[\w:@/-]+")


def shorten(text: str, limit: int = 60) -> str:
    """`text` for a message: printable, on one line, at most `limit` characters."""
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


def format_path(path: KeyPath) -> str:
    """`jobs.nightly.body.ids[0]`; a key with dots or blanks is quoted."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        shown = shorten(part)
        quoted = shown if _PLAIN_KEY.fullmatch(shown) else f'"{shown}"'
        text += f".{quoted}" if text else quoted
    return text
