"""Literal tokens in text: found with detect-secrets' detectors, never repeated.

A cheap regular expression looks at every text first; detect-secrets is imported only when it finds something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from supacron.model.paths import KeyPath
from supacron.secret import MASK

if TYPE_CHECKING:
    from detect_secrets.plugins.base import BasePlugin

_HINT: Final = re.compile(r"eyJ|sb_(?:secret|publishable)_|bearer\s|://[^\s/]*@|sbp_", re.IGNORECASE)
_WORDS: Final = ("eyj", "sb_", "bearer", "@", "sbp_")
"""One of them is in each hint, in lower case."""


@dataclass(frozen=True, slots=True)
class Token:
    """A literal token: its kind in words and where it stands. `value` is for masking and comparing only."""

    kind: str
    value: str
    path: KeyPath
    at_key: bool = False

    def __repr__(self) -> str:
        return f"Token({self.kind!r}, {MASK}, {self.path!r})"


def may_hold_token(yaml_text: str) -> bool:
    """Whether it is worth looking at each value of `yaml_text`: escapes can hide a token from a look at the whole."""
    return "\\" in yaml_text or _hints(yaml_text)


def _hints(text: str) -> bool:
    # Of a whole file the words alone are told in a hundredth of the time.
    folded = text.casefold()
    return any(word in folded for word in _WORDS) and _HINT.search(text) is not None


def find_in_text(text: str) -> Iterator[tuple[str, str]]:
    """(kind, value) of each literal token in `text`."""
    if not _hints(text):
        return
    seen: list[str] = []
    for detector in _detectors():
        for value in detector.analyze_string(text):
            # A bearer header holds the JWT that was found already, or the other way round.
            if value and not any(value in known or known in value for known in seen):
                seen.append(value)
                yield detector.secret_type, value


def find_in_data(data: object, path: KeyPath = ()) -> Iterator[Token]:
    """Each literal token in the texts and keys of `data`; what Pulumi encrypted (`secure:`) is skipped."""
    stack: list[tuple[KeyPath, Any]] = [(path, data)]
    while stack:
        here, value = stack.pop()
        if isinstance(value, str):
            if _HINT.search(value):
                yield from (Token(kind, token, here) for kind, token in find_in_text(value))
        elif isinstance(value, Mapping):
            if list(value) == ["secure"]:
                continue
            for key, item in value.items():
                if _HINT.search(key):
                    yield from (Token(kind, token, (*here, key), at_key=True) for kind, token in find_in_text(key))
                if isinstance(item, (str, dict, list)):
                    stack.append(((*here, key), item))
        elif isinstance(value, list):
            stack.extend(
                ((*here, index), item) for index, item in enumerate(value) if isinstance(item, (str, dict, list))
            )


def find_in_lines(text: str) -> Iterator[tuple[int, int, str, str]]:
    """(line, column, kind, value) of each literal token in a file's text, its comments included; both from 1."""
    if not _hints(text):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        for kind, value in find_in_text(line):
            yield number, line.index(value) + 1, kind, value


@lru_cache(maxsize=1)
def _detectors() -> tuple[BasePlugin, ...]:
    from supacron.validate.detectors import SUPABASE_DETECTORS

    return SUPABASE_DETECTORS
