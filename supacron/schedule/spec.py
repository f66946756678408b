"""The five fields and their ranges (include/cron.h in pg_cron)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spec:
    """A field's range. After `period` values it starts again, with every `per`; a month has no fixed period (0)."""

    name: str
    low: int
    high: int
    period: int
    per: str
    names: tuple[str, ...] = ()

    @property
    def range_words(self) -> str:
        names = f", or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.low} to {self.high}{names}"


MINUTE = Spec("minute", 0, 59, 60, "hour")
HOUR = Spec("hour", 0, 23, 24, "day")
DAY = Spec("day-of-month", 1, 31, 0, "month")
MONTH = Spec(
    "month", 1, 12, 12, "year", ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
WEEKDAY = Spec("day-of-week", 0, 7, 7, "week", ("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
"""0 and 7 are both Sunday."""
