"""How old the secrets' values are, and when they end. From what was recorded at each apply: no value is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from supacron.model.units import format_duration
from supacron.operate.database import rows
from supacron.operate.times import age, iso

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

NOTICE: Final = timedelta(days=30)
"""So long before it expires a value is warned of, and before the date of its policy: a tenth of that, if it is less."""


@dataclass(frozen=True, slots=True)
class SecretAge:
    """The value that was applied last. `recorded_at` is None for one that was in Vault already and never given."""

    name: str
    env: str | None
    rotate_after_ms: int | None
    recorded_at: datetime | None
    expires_at: datetime | None

    @property
    def due_at(self) -> datetime | None:
        """When the stack wants it replaced."""
        if self.recorded_at is None or self.rotate_after_ms is None:
            return None
        return self.recorded_at + timedelta(milliseconds=self.rotate_after_ms)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "applied_at": iso(self.recorded_at),
            "rotate_due_at": iso(self.due_at),
            "expires_at": iso(self.expires_at),
        }


@dataclass(frozen=True, slots=True)
class AgeFault:
    """A secret to be replaced, now or soon. `over`: its value does not work any more."""

    message: str
    remedy: str
    over: bool = False


def read_ages(connection: Connection, stack: str) -> tuple[SecretAge, ...]:
    """The stack's secrets, in order of name."""
    return tuple(SecretAge(*row) for row in rows(connection, "queries/secret_ages.sql", stack=stack))


def age_faults(ages: tuple[SecretAge, ...], stack: str, now: datetime) -> Iterator[AgeFault]:
    """Those that expired or expire soon, and those that are older than the stack says, or soon will be."""
    for each in ages:
        remedy = f"Replace it: supacron rotate {each.name} --stack {stack}"
        if each.expires_at is not None and each.expires_at <= now:
            yield AgeFault(f"{each.name} expired on {each.expires_at:%Y-%m-%d}", remedy, over=True)
            continue
        if each.expires_at is not None and each.expires_at <= now + NOTICE:
            left = age(each.expires_at - now)
            yield AgeFault(f"{each.name} expires on {each.expires_at:%Y-%m-%d}, in {left}", remedy)
        if each.recorded_at and each.due_at and each.due_at <= now:
            allowed = format_duration(each.rotate_after_ms or 0)
            message = f"{each.name} is {age(now - each.recorded_at)} old, and is to be replaced after {allowed}"
            yield AgeFault(message, remedy)
        elif (
            each.recorded_at and each.due_at and each.due_at - min(NOTICE, (each.due_at - each.recorded_at) / 10) <= now
        ):
            left = age(each.due_at - now)
            yield AgeFault(f"{each.name} is to be replaced by {each.due_at:%Y-%m-%d}, in {left}", remedy)
