"""One of the five fields: its values, or what is wrong with it.

The grammar is that of get_list, get_range and get_number in pg_cron's src/entry.c, from 1.4.2 to 1.6. Whatever follows
an element there and is no comma is skipped up to the next blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from supacron.schedule.fault import Fault
from supacron.schedule.field_faults import (
    backwards,
    ignored_rest,
    no_value,
    one_value,
    out_of_range,
    rare_day,
    step_without_range,
    uneven,
    wrong_step,
)
from supacron.schedule.spec import DAY, WEEKDAY, Spec

_STAR = re.compile(r"\*(?:/(?P<step>[0-9A-Za-z]*))?(?P<junk>.*)", re.DOTALL)
_VALUE = re.compile(
    r"(?P<first>[0-9A-Za-z]+)(?:-(?P<last>[0-9A-Za-z]*))?(?:/(?P<step>[0-9A-Za-z]*))?(?P<junk>.*)", re.DOTALL
)
_LARGEST_STEP = 2**31 - 1
_LARGEST_DAY_STEP = 15
"""Days of the month have no even step; a larger one leaves two days, and never means "every so many days"."""


@dataclass(slots=True)
class Reading:
    """What was found in one field."""

    values: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_field(spec: Spec, text: str) -> Reading:
    """Read one field of a schedule; `text` holds no blanks. Weekdays come out as 0 to 6."""
    reading = Reading()
    for element in text.split(","):
        match = _STAR.fullmatch(element) or _VALUE.fullmatch(element)
        if match is None:
            reading.faults.append(no_value(spec, element, text))
            break
        _read_element(spec, match, reading)
        if match["junk"]:
            # pg_cron skips the rest of the field here, later elements included.
            reading.faults.append(ignored_rest(spec, text, match["junk"]))
            break
    if spec is WEEKDAY:
        reading.values = {value % 7 for value in reading.values}
    return reading


def _read_element(spec: Spec, match: re.Match[str], reading: Reading) -> None:
    written = match[0].removesuffix(match["junk"])
    parts = match.groupdict()
    if "first" not in parts:
        _read_range(spec, written, (spec.low, spec.high), match["step"], reading)
        return
    first = _read_value(spec, match["first"], written, reading)
    if match["last"] is not None:
        last = _read_value(spec, match["last"], written, reading)
        if first is not None and last is not None:
            _read_range(spec, written, (first, last), match["step"], reading)
    elif match["step"] is not None:
        reading.faults.append(step_without_range(spec, match["first"], match["step"]))
    elif first is not None:
        reading.values.add(first)


def _read_value(spec: Spec, word: str, written: str, reading: Reading) -> int | None:
    if word.lower() in spec.names:
        return spec.low + spec.names.index(word.lower())
    if not word.isdecimal():
        reading.faults.append(no_value(spec, word, written))
        return None
    value = int(word)
    if spec.low <= value <= spec.high:
        return value
    reading.faults.append(out_of_range(spec, word, silent=spec.low <= _as_c_int(value) <= spec.high))
    return None


def _read_range(spec: Spec, written: str, ends: tuple[int, int], step_text: str | None, reading: Reading) -> None:
    step = _read_step(spec, written, step_text, reading)
    if step is None:
        return
    first, last = ends
    if first > last:
        reading.faults.append(backwards(spec, written, first, last, step))
        return
    values = range(first, last + 1, step)
    fault = _misleading_step(spec, written, values) if step > 1 else None
    if fault:
        reading.faults.append(fault)
    elif spec is DAY and step > 1 and ends == (spec.low, spec.high):
        reading.warnings.append(
            f"'{written}' in the day-of-month field starts again on day 1 of every month: the last run of a month and "
            f"the first of the next are not {step} days apart."
        )
    reading.values.update(values)


def _misleading_step(spec: Spec, written: str, values: range) -> Fault | None:
    """pg_cron starts to count again with every hour, day, month, year or week; a step must hide no gap."""
    if len(values) == 1:
        return one_value(spec, written, values)
    if (values.start, values.stop) != (spec.low, spec.high + 1):
        # A range with ends of its own says where it stops.
        return None
    if spec is DAY:
        return rare_day(written, values) if values.step > _LARGEST_DAY_STEP else None
    return uneven(spec, written, values) if spec.period % values.step else None


def _read_step(spec: Spec, written: str, text: str | None, reading: Reading) -> int | None:
    if text is None:
        return 1
    step = int(text) if text.isdecimal() else 0
    if 0 < step <= _LARGEST_STEP:
        return step
    reading.faults.append(wrong_step(spec, written, silent=_as_c_int(step) > 0))
    return None


def _as_c_int(value: int) -> int:
    """What atoi makes of `value` where a long has 64 bits: pg_cron takes 4294967296 for 0."""
    return (min(value, 2**63 - 1) + 2**31) % 2**32 - 2**31
