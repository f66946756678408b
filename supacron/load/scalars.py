"""What an unquoted YAML word means, where all YAML versions agree; where they do not, it is a mistake.

PyYAML follows YAML 1.1 (`on` is true, `08:30` is 510), editors and Pulumi mostly follow 1.2. A file that the two read
differently is refused instead of guessed at. JSON's numbers are numbers (`1e3` is text in YAML 1.1 only).
"""

from __future__ import annotations

import math
import re
from typing import Final

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BOOLEANS_1_1: Final = frozenset(
    spelling for word in ("yes", "no", "on", "off") for spelling in (word, word.capitalize(), word.upper())
)
_NUMBER_STARTS: Final = frozenset("0123456789+-.")
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_TRAPS: Final = (
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "an unquoted time is a number in YAML 1.1"),
    (re.compile(r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d.*)?"), "an unquoted date is no text in YAML 1.1"),
    (re.compile(r"[-+]?0[0-9_]+"), "a number with a leading zero is octal in YAML 1.1 and decimal in YAML 1.2"),
    (
        re.compile(r"[-+]?0(?:x[0-9a-fA-F_]+|b[01_]+|o[0-7]+)"),
        "YAML versions disagree on numbers such as 0x, 0b and 0o",
    ),
    (re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9_]+(?:[eE][-+]?[0-9]+)?"), "YAML versions disagree on `_` in numbers"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "JSON has no infinity and no NaN"),
)
_MAX_DIGITS: Final = 1000


class AmbiguousScalar(ValueError):
    """An unquoted word that YAML versions read differently, or that JSON cannot hold."""

    def __init__(
        self, message: str, remedy: str = "Quote it if it is text; else write a plain decimal number."
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def resolve_plain(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar; raises AmbiguousScalar (which never repeats the text)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text)
    if text in _BOOLEANS_1_1:
        raise AmbiguousScalar(
            f"unquoted `{text}` is a boolean in YAML 1.1 and text in YAML 1.2",
            f"Write true or false, or quote it if it is text: '{text}'.",
        )
    return text


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text):
        if len(text) > _MAX_DIGITS:
            raise AmbiguousScalar(f"a number of more than {_MAX_DIGITS} digits", "Quote it if it is text.")
        return int(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise AmbiguousScalar("this number is too large", "Write a number below 1.8e308, or quote it.")
        return value
    for pattern, message in _TRAPS:
        if pattern.fullmatch(text):
            raise AmbiguousScalar(message)
    return text
