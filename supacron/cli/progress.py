"""Progress on standard error: what takes long, and what somebody should know at once."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import click

QUIET_SECONDS = 1.0


class SlowSteps:
    """Shows a step's title once it has taken a second, so that a quick apply stays short to read.

    Use it as a context manager: leaving it ends the last step.
    """

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._quiet_seconds = quiet_seconds
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def step(self, title: str) -> None:
        """The next step starts."""
        self._end()
        self._timer = threading.Timer(self._quiet_seconds, say, [f"{title} ..."])
        self._timer.daemon = True
        self._timer.start()

    def notice(self, text: str) -> None:
        """Something that is shown at once: waiting, trying again."""
        say(text)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def say(text: str) -> None:
    """One dim line."""
    click.echo(click.style(f"  {text}", dim=True), err=True)
