"""A mistake in a schedule, while it is read; `error` makes one ScheduleError of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supacron.schedule.model import ScheduleError


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake. `silent`: pg_cron does not complain of it."""

    message: str
    remedy: str
    silent: bool = False


def error(faults: Sequence[Fault]) -> ScheduleError:
    """pg_cron refuses the text as soon as one of its mistakes is not silent."""
    remedies = dict.fromkeys(fault.remedy for fault in faults)
    return ScheduleError(
        _printable(" ".join(fault.message for fault in faults)),
        _printable(" ".join(remedies)),
        silent=all(fault.silent for fault in faults),
    )


def listing(values: Sequence[object]) -> str:
    """`values` as English lists them: "1, 2 and 3"."""
    *most, last = map(str, values)
    return f"{', '.join(most)} and {last}" if most else last


def _printable(text: str) -> str:
    """Control characters escaped: a message goes to a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
