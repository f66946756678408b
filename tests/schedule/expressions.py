"""Schedules for tests: drawn together with what they mean, and junk that looks like them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FULL = {"minute": range(60), "hour": range(24), "day": range(1, 32), "month": range(1, 13), "weekday": range(7)}
EVEN_STEPS = {"minute": (2, 5, 15, 30), "hour": (2, 6, 12), "month": (2, 3, 6)}


@dataclass(frozen=True)
class Expression:
    """A schedule's text and the values of its fields, worked out while it was drawn."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    last_day: bool
    both_days: bool


def _spelled(field: str, value: int) -> st.SearchStrategy[str]:
    names = {"month": (None, *MONTH_NAMES), "weekday": WEEKDAY_NAMES}.get(field)
    name = names[value] if names else None
    number = st.sampled_from([str(value), f"0{value}"])
    return number if name is None else number | st.sampled_from([name, name.upper(), name.title()])


@st.composite
def _element(draw: st.DrawFn, field: str, top: int) -> tuple[str, frozenset[int]]:
    """One value, or a range with or without a step that stays inside of it."""
    low = FULL[field].start
    first = draw(st.integers(low, top))
    last = draw(st.integers(first, top))
    text = draw(_spelled(field, first))
    if last == first or draw(st.booleans()):
        return text, frozenset({first})
    text = f"{text}-{draw(_spelled(field, last))}"
    whole = (first, last) == (low, FULL[field].stop - 1)
    if whole or draw(st.booleans()):
        return text, frozenset(range(first, last + 1))
    step = draw(st.integers(1, last - first))
    return f"{text}/{step}", frozenset(range(first, last + 1, step))


@st.composite
def restricted(draw: st.DrawFn, field: str, top: int) -> tuple[str, frozenset[int]]:
    """A list that leaves out at least one of the field's values."""
    elements = draw(st.lists(_element(field, top), min_size=1, max_size=3))
    values = frozenset().union(*(values for _, values in elements))
    assume(values != frozenset(FULL[field]))
    return ",".join(text for text, _ in elements), values


@st.composite
def any_field(draw: st.DrawFn, field: str) -> tuple[str, frozenset[int]]:
    full = FULL[field]
    kind = draw(st.sampled_from(["star", "step", "list"]))
    if kind == "star":
        return "*", frozenset(full)
    if kind == "step":
        step = draw(st.sampled_from(EVEN_STEPS[field]))
        return f"*/{step}", frozenset(full[::step])
    return draw(restricted(field, full.stop - 1))


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Five fields that pg_cron accepts and keeps, whatever its version."""
    minute, minutes = draw(any_field("minute"))
    hour, hours = draw(any_field("hour"))
    month, months = draw(any_field("month"))
    day, days = "*", frozenset(FULL["day"])
    weekday, weekdays = "*", frozenset(FULL["weekday"])
    kind = draw(st.sampled_from(["daily", "day", "last", "weekday", "either", "last or weekday", "step and weekday"]))
    if kind in ("day", "either"):
        day, days = draw(restricted("day", 28))
    if kind.startswith("last"):
        day, days = "$", frozenset()
    if kind.startswith("step"):
        step = draw(st.integers(2, 15))
        day, days = f"*/{step}", frozenset(range(1, 32, step))
    if kind.endswith(("weekday", "either")):
        weekday, weekdays = draw(restricted("weekday", 6))
    blanks = draw(st.sampled_from([" ", "\t", "  ", " \t "]))
    return Expression(
        blanks.join((minute, hour, day, month, weekday)),
        minutes,
        hours,
        days,
        months,
        weekdays,
        last_day=day == "$",
        both_days=day.startswith("*") or weekday.startswith("*"),
    )


_PIECES = ("*", "*/2", "*/7", "*/60", "*/0", "*/", "0", "5", "07", "59", "60", "1-5", "5-1", "1-5/2", "1-5/9", "5/15")
_ODDITIES = (
    "mon",
    "Jan",
    "monday",
    "L",
    "15W",
    "?",
    "#1",
    "mon#1",
    "1-",
    "-1",
    "1,",
    ",",
    "*5",
    "**",
    "1.5",
    "1:30",
    "31",
)
_UNICODE = ("٣", "1\u20135", "5٣", "é", "\u00a0", "*\u00a0")
_LOOSE = st.sampled_from(_PIECES + _ODDITIES + _UNICODE)
_FIELD = st.lists(_LOOSE, min_size=1, max_size=2).map(",".join) | _LOOSE
_BLANK = st.sampled_from([" ", " ", " ", "\t", "  ", "\n", "\r"])


@st.composite
def junk(draw: st.DrawFn) -> str:
    """Texts near to schedules: most are wrong somewhere, and some are right."""
    if draw(st.booleans()):
        return draw(st.text("*/-,0123456789 \t\n@#LW?monjaily:.", max_size=16))
    fields = draw(st.lists(_FIELD, min_size=4, max_size=6))
    edges = st.sampled_from(["", "", "", " ", "\n", "\t\n", "# a\n", "#", "@daily "])
    body = "".join(part for field in fields for part in (field, draw(_BLANK)))
    return draw(edges) + body.removesuffix(" ") + draw(edges)
