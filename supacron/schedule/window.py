"""When a schedule holds: from, until, or once. Moments are aware and in UTC. Pure: no database, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from supacron.schedule import zones
from supacron.schedule.grammar import parse
from supacron.schedule.model import Schedule
from supacron.schedule.times import next_runs
from supacron.schedule.words import describe

_MOMENT = re.compile(r"2\d{3}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
_BEFORE = timedelta(microseconds=1)


def read_moment(text: str, zone: str | None = None) -> datetime:
    """What `text` says, in UTC; where it names no offset it is of that zone (None: UTC).

    Raises ValueError for no date and time of 2000 to 2999.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError("not a date and time")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo:
        return moment.astimezone(UTC)
    return moment.replace(tzinfo=UTC) if zone is None else zones.moment(zone, moment)


def write_moment(moment: datetime) -> str:
    """As the database and the plan have it: `2026-12-24T14:30:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def line_for(moment: datetime) -> str:
    """pg_cron's line for that minute. It knows no year: the runtime does."""
    return f"{moment.minute} {moment.hour} {moment.day} {moment.month} *"


@dataclass(frozen=True, slots=True)
class Window:
    """Runs are due from `starts` on and before `ends`; or once, `at` a minute. None: no such bound."""

    starts: datetime | None = None
    ends: datetime | None = None
    at: datetime | None = None

    @classmethod
    def read(cls, starts: str | None, ends: str | None, at: str | None, zone: str | None = None) -> Window:
        """From moments as `write_moment` writes them, or as people do for a schedule in that zone."""
        return cls(*(None if text is None else read_moment(text, zone) for text in (starts, ends, at)))

    def over(self, now: datetime) -> bool:
        """Whether no run is due any more."""
        last = self.at if self.at is not None else self.ends
        return last is not None and last <= now

    def words(self, now: datetime) -> str:
        """Why nothing is due at `now`: `from 2026-12-01 09:00 UTC`, `ended ...`; empty while the window is open."""
        if self.at is not None:
            return ""
        if self.ends is not None and self.ends <= now:
            return f"ended {_clock(self.ends)}"
        return f"from {_clock(self.starts)}" if self.starts is not None and self.starts > now else ""

    def once(self) -> str:
        """`once, 2026-12-24 14:30 UTC`; empty for a schedule that recurs."""
        return f"once, {_clock(self.at)}" if self.at is not None else ""

    def next_runs(self, schedule: Schedule, after: datetime, count: int) -> list[datetime]:
        """The next `count` runs later than `after`, as far as the window has so many."""
        if self.at is not None:
            return [self.at] if self.at > after else []
        start = after if self.starts is None else max(after, self.starts - _BEFORE)
        found = next_runs(schedule, start, count)
        return [*takewhile(lambda run: self.ends is None or run < self.ends, found)]


def in_words(schedule: str, window: Window, zone: str | None = None) -> str:
    """A schedule in words: "Every 30 minutes", "Once, 2026-12-24 14:30 UTC"."""
    return window.once().capitalize().replace(" utc", " UTC") or describe(parse(schedule, zone))


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
