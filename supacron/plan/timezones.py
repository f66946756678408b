"""The time zones of a stack, against what the server knows of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from supacron.errors import Problem
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.schedule import zones


def zone_problems(desired: Desired, live: LiveState) -> Iterator[Problem | str]:
    """A problem for each zone that the server lacks; a warning where it will have an offset that no line provides for.

    Nothing where the server was not asked.
    """
    if live.zones is None:
        return
    first = {job.timezone: name for name, job in reversed(desired.jobs.items()) if job.timezone is not None}
    for zone, name in sorted(first.items()):
        offsets = live.zones.get(zone)
        if offsets is None:
            yield Problem(
                f"this server knows no time zone {zone}",
                "Its time zone data may be older: use a zone that it has (pg_timezone_names), or UTC.",
                path=f"jobs.{name}.timezone",
            )
        elif unknown := sorted(offsets - set(zones.offsets_of(zone))):
            ahead = " and ".join(zones.ahead(offset) for offset in unknown)
            yield (
                f"jobs.{name}.timezone: this server will have {zone} at {ahead}, and tzdata here never has: "
                "a run may be missed then. Bring both up to date, and apply again."
            )
