"""Every error that supacron shows a person: what is wrong, where, and the remedy.

No message may hold a secret; values are masked before they reach an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The command line's exit codes (documented in docs/command-line.md)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INVALID = 3
    REFUSED = 4
    UNREACHABLE = 5
    CHANGES = 6
    UNHEALTHY = 8
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the input, with its place and what to do about it."""

    message: str
    remedy: str
    place: Place | None = None
    path: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        what = f"{self.path}: " if self.path else ""
        return f"{where}{what}{self.message}\n    {self.remedy}"


class SupacronError(Exception):
    """Something went wrong that the user can act on; `remedy` says how."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n    {self.remedy}" if self.remedy else self.message


class InvalidInput(SupacronError):
    """The stack's files hold mistakes; all of them are listed at once."""

    exit_code = ExitCode.INVALID

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = len(problems)
        super().__init__(f"{count} mistake{'' if count == 1 else 's'} found; nothing was written.")
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), self.message])


class Refused(SupacronError):
    """supacron declines to write: the message says which rule, the remedy how to satisfy it."""

    exit_code = ExitCode.REFUSED


class Unreachable(SupacronError):
    """The database cannot be reached, or does not let us in."""

    exit_code = ExitCode.UNREACHABLE
