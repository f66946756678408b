"""What a schedule is once it is understood, and the one error that says why it is not."""

from __future__ import annotations

from dataclasses import dataclass

from supacron.errors import ExitCode, SupacronError


class ScheduleError(SupacronError):
    """The text is no schedule that pg_cron keeps.

    `silent` tells the two kinds apart: True when pg_cron takes the text without complaint and then fires at other
    times than it seems to say, or never; False when pg_cron refuses it, too.
    """

    exit_code = ExitCode.INVALID

    def __init__(self, message: str, remedy: str, *, silent: bool) -> None:
        super().__init__(message, remedy)
        self.silent = silent


@dataclass(frozen=True, slots=True)
class Every:
    """A run every `seconds` seconds (1 to 59), counted from the start of the run before."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Fields:
    """The five fields as sorted values. Sunday is 0, never 7.

    `last_day` stands for `$`: `days` is empty then. `dom_star` and `dow_star` say that the day-of-month or the
    day-of-week field begins with `*`: with either, both fields must match a day; with neither, one is enough.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    last_day: bool = False
    dom_star: bool = False
    dow_star: bool = False

    @property
    def every_day(self) -> bool:
        return len(self.days) == 31

    @property
    def every_weekday(self) -> bool:
        return len(self.weekdays) == 7


@dataclass(frozen=True, slots=True)
class Schedule:
    """A text that pg_cron accepts and keeps, without the blanks around it, and what it says.

    `zone` is the IANA zone of its times, None for UTC and for seconds; see `supacron.schedule.zoned` for what pg_cron
    gets then. `warnings` are whole sentences about what is easily misread; the schedule does fire as `timing` says.
    """

    text: str
    timing: Every | Fields
    warnings: tuple[str, ...] = ()
    zone: str | None = None
