"""A mistake or a warning, by the path of keys where it stands; the reader of the file turns it into a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from supacron.model.paths import KeyPath, shorten


@dataclass(frozen=True, slots=True)
class Finding:
    """`at_key` points at the key itself instead of its value."""

    path: KeyPath
    message: str
    remedy: str
    at_key: bool = False


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean `x`? ` for the closest of `known`, or the empty string."""
    close = get_close_matches(word.lower(), {name.lower(): name for name in known}, n=1, cutoff=0.6)
    by_lower = {name.lower(): name for name in known}
    return f"Did you mean `{shorten(by_lower[close[0]])}`? " if close else ""
