"""Times as the commands show them: in UTC, and where a job has a time zone in that, too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def iso(moment: datetime | None) -> str | None:
    """For JSON: `2026-03-01T09:30:00.250000Z`."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def clock(moment: datetime) -> str:
    """For people: `2026-03-01 09:30:00`, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def minute(moment: datetime) -> str:
    """For people, where there are no seconds: `2026-03-01 09:30`, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M" if moment.second == 0 else "%Y-%m-%d %H:%M:%S")


def local(moment: datetime, zone: str) -> str:
    """For people, beside the time in UTC: `09:00 Europe/Berlin`, with the date where it is another there."""
    from supacron.schedule import zones

    there = moment.astimezone(zones.zone(zone))
    same_day = there.date() == moment.astimezone(UTC).date()
    return f"{there:{'%H:%M' if same_day else '%Y-%m-%d %H:%M'}} {zone}"


def age(span: timedelta) -> str:
    """`span` in its largest whole unit: `42 s`, `3 min`, `5 h`, `12 d`."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
