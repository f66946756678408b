"""From text to schedule: exactly what pg_cron accepts and keeps.

Read in pg_cron 1.4.2 to 1.6: parse_cron_entry (src/entry.c), skip_comments (src/misc.c), ParseSchedule and
TryParseInterval (src/job_metadata.c), ShouldRunTask (src/pg_cron.c).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from supacron.schedule import zones
from supacron.schedule.days import check_days
from supacron.schedule.fault import Fault, error
from supacron.schedule.field import Reading, read_field
from supacron.schedule.interval import interval_remedy, is_interval, read_seconds
from supacron.schedule.model import Every, Fields, Schedule, ScheduleError
from supacron.schedule.spec import DAY, HOUR, MINUTE, MONTH, WEEKDAY

_MAX_BYTES = 999
_BLANKS = re.compile(r"[ \t]+")
_ZONE = re.compile(r"(CRON_)?TZ=", re.IGNORECASE)
_SHORTHANDS = {
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "midnight": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
}
_YEARLY = ("yearly", "annually")
_EXAMPLE = "Write minute, hour, day of month, month and day of week, such as '*/30 * * * *'."


def parse(text: str, zone: str | None = None) -> Schedule:
    """The schedule that `text` says; raises ScheduleError with every mistake in it and the right spelling.

    Times are those of the IANA zone, or UTC; seconds have no zone. Blanks, tabs and line ends around the text are
    harmless to pg_cron and accepted.
    """
    schedule = _parse(text)
    if zone is None or isinstance(schedule.timing, Every):
        return schedule
    if zone not in zones.names():
        raise error([Fault(f"There is no time zone '{zone}'.", "Use an IANA name, such as Europe/Berlin.")])
    return replace(schedule, zone=zone)


@lru_cache(maxsize=16_384)
def _parse(text: str) -> Schedule:
    _check_text(text)
    seconds = read_seconds(text)
    if seconds is not None:
        return Schedule(text.strip(), seconds)
    line, faults = _first_line(text)
    if line.startswith("@"):
        return _shorthand(line, faults)
    return _five_fields(line, faults)


def _check_text(text: str) -> None:
    if not text.strip(" \t\n"):
        raise error([Fault("The schedule is empty.", _EXAMPLE)])
    if "\0" in text:
        raise error([Fault("The schedule holds a NUL character.", "Remove it.")])
    if len(text.encode("utf-8", "surrogatepass")) > _MAX_BYTES:
        message = f"The schedule is longer than the {_MAX_BYTES} bytes that pg_cron reads."
        raise error([Fault(message, "Use ranges and steps instead of long lists.")])


def _first_line(text: str) -> tuple[str, list[Fault]]:
    """The line that pg_cron reads, and the faults of what it skips before and after."""
    lines = [line.strip(" \t") for line in text.split("\n")]
    used = next((n for n, line in enumerate(lines) if line and not line.startswith("#")), None)
    if used is None:
        raise error([Fault("The schedule is a comment.", _EXAMPLE)])
    faults = []
    if any(lines[:used]):
        faults.append(Fault("The schedule holds a comment.", "Put the comment outside of the schedule.", silent=True))
    if any(lines[used + 1 :]):
        message = "pg_cron reads the schedule's first line and ignores the others."
        faults.append(Fault(message, "Write one line; a second schedule is a second job.", silent=True))
    return lines[used], faults


def _shorthand(line: str, faults: list[Fault]) -> Schedule:
    name, *rest = _BLANKS.split(line[1:])
    spelling = _SHORTHANDS.get(name)
    if spelling is None:
        faults.append(_no_shorthand(name, " ".join(rest)))
    elif rest:
        faults.append(Fault(f"pg_cron ignores '{' '.join(rest)}' after '@{name}'.", "Leave it out.", silent=True))
    if spelling is None or faults:
        raise error(faults)
    return Schedule(line, _five_fields(spelling, []).timing)


def _no_shorthand(name: str, rest: str) -> Fault:
    if name in _YEARLY:
        return Fault(f"pg_cron accepts '@{name}' and never fires it.", "Write '0 0 1 1 *'.", silent=True)
    if name in ("reboot", "restart"):
        return Fault(
            f"'@{name}' names no time: pg_cron fires it whenever its launcher starts, after a crash or failover too.",
            "Write a time, such as '*/5 * * * *', and let the job see what there is to do.",
            silent=True,
        )
    if name == "every":
        return Fault("pg_cron knows no '@every'.", interval_remedy(rest))
    if name.lower() in (*_SHORTHANDS, *_YEARLY):
        message = f"pg_cron knows no '@{name}': such names are lower case."
        return Fault(message, f"Write '{_SHORTHANDS.get(name.lower(), '0 0 1 1 *')}'.")
    return Fault(f"pg_cron knows no '@{name}'.", f"Use @{', @'.join(_SHORTHANDS)}, or five fields.")


def _five_fields(line: str, faults: list[Fault]) -> Schedule:
    words = _BLANKS.split(line)
    if _ZONE.match(words[0]):
        zone = words[0].partition("=")[2]
        message = f"pg_cron knows no '{words[0]}': its times are UTC for every job."
        raise error([*faults, Fault(message, f"Leave it out, and say `timezone: {zone}` beside the schedule.")])
    if len(words) < 5:
        raise error([*faults, _too_few(line, words)])
    minute, hour, day, month, weekday = words[:5]
    last_day = day == "$"
    readings = (
        read_field(MINUTE, minute),
        read_field(HOUR, hour),
        Reading() if last_day else read_field(DAY, day),
        read_field(MONTH, month),
        read_field(WEEKDAY, weekday),
    )
    faults += [fault for reading in readings for fault in reading.faults]
    if len(words) > 5:
        faults = _too_many(words, faults)
    if faults:
        raise error(faults)
    minutes, hours, days, months, weekdays = (tuple(sorted(reading.values)) for reading in readings)
    timing = Fields(
        minutes, hours, days, months, weekdays, last_day, dom_star=day[0] == "*", dow_star=weekday[0] == "*"
    )
    wrong, warnings = check_days(timing, day=day, month=month, weekday=weekday)
    if wrong:
        raise error(wrong)
    return Schedule(line, timing, (*(warning for reading in readings for warning in reading.warnings), *warnings))


def _too_few(line: str, words: Sequence[str]) -> Fault:
    if is_interval(line):
        return Fault(f"'{line}' is no schedule that pg_cron knows.", interval_remedy(line))
    return Fault(f"'{line}' has {len(words)} of the five fields of a schedule.", _EXAMPLE)


def _too_many(words: Sequence[str], found: Sequence[Fault]) -> list[Fault]:
    ignored = f"pg_cron reads five fields and ignores '{' '.join(words[5:])}'."
    shifted = " ".join(words[1:]).replace("?", "*")
    if len(words) == 6 and _is_kept(shifted):
        # Six good fields: what the others mean one place further on is of no use to anyone.
        remedy = (
            f"Write '{shifted}': pg_cron has no field for seconds, only schedules such as '30 seconds' (pg_cron 1.5)."
        )
        return [Fault(ignored, remedy, silent=all(fault.silent for fault in found))]
    return [*found, Fault(ignored, "Leave it out.", silent=True)]


def _is_kept(text: str) -> bool:
    try:
        parse(text)
    except ScheduleError:
        return False
    return True
