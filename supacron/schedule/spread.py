"""`H` in a schedule, as Jenkins has it: values drawn from two names, so that jobs spread and each one stays put.

| written    | stands for                                           |
|------------|------------------------------------------------------|
| `H`        | one value of the field (a day of the month: 1 to 28) |
| `H(a-b)`   | one value from a to b                                |
| `H/n`      | every n-th value, from a start that is drawn         |
| `H(a-b)/n` | the same from a to b                                 |

The draw is the first 8 bytes of SHA-256 of `<project>/<job>/<field>/<place in the field's list>`, as a whole number,
modulo the number of choices: it never changes, on whatever machine.
"""

from __future__ import annotations

import hashlib
import re

from supacron.schedule.days import MOST_DAYS
from supacron.schedule.fault import Fault, error
from supacron.schedule.field import read_field
from supacron.schedule.field_faults import even_steps, no_value, out_of_range, wrong_step
from supacron.schedule.grammar import parse
from supacron.schedule.model import ScheduleError
from supacron.schedule.spec import DAY, HOUR, MINUTE, MONTH, WEEKDAY, Spec

_FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY)
_HOLDS = re.compile(r"(?:^|[\s,])H")
_ELEMENT = re.compile(r"H(?P<range>\((?P<first>[0-9A-Za-z]+)-(?P<last>[0-9A-Za-z]+)\))?(?:/(?P<step>[0-9]+))?")
_HIGHEST = {DAY: 28, WEEKDAY: 6}
"""Every month has a 28th; 7 would be Sunday a second time."""
_MOST_LISTED = 3
"""So many values are written one by one."""


def spread(text: str, project: str, job: str) -> str:
    """`text` with each `H` resolved for the job of this name in the Pulumi project; itself where it holds none.

    Raises ScheduleError, with what is wrong with the rest of it, too, where an `H` is written wrongly.
    """
    words = re.split(r"[ \t]+", text.strip(" \t\n"))
    if len(words) != len(_FIELDS) or not _HOLDS.search(text):
        return text
    faults: list[Fault] = []
    seed = f"{project}/{job}"
    resolved = " ".join(
        ",".join(
            _element(spec, element, f"{seed}/{spec.name}/{place}", faults) if element.startswith("H") else element
            for place, element in enumerate(word.split(","))
        )
        for spec, word in zip(_FIELDS, words, strict=True)
    )
    if short := _short_months(words[2], words[3]):
        raise error([*faults, *short])
    if not faults:
        return resolved
    try:
        parse(resolved)
    except ScheduleError as other:
        faults.append(Fault(other.message, other.remedy))
    raise error(faults)


def _element(spec: Spec, element: str, seed: str, faults: list[Fault]) -> str:
    """What `element` stands for; any value of the field, and a fault, where it is wrong."""
    match = _ELEMENT.fullmatch(element)
    if match is None:
        fault = Fault(
            f"'{element}' in the {spec.name} field is no way to write H.",
            "Write 'H', 'H(0-5)', 'H/2' or 'H(0-5)/2', and commas between them.",
        )
        faults.append(fault)
        return str(spec.low)
    ends = _ends(spec, match, faults)
    if ends is None:
        return str(spec.low)
    first, last = ends
    if match["step"] is None:
        return str(first + _draw(seed, last - first + 1))
    step = int(match["step"])
    if wrong := _fault_of_step(spec, element, ends, step, whole=match["range"] is None):
        faults.append(wrong)
        return str(spec.low)
    values = range(first + _draw(seed, step), last + 1, step)
    if len(values) <= _MOST_LISTED:
        return ",".join(map(str, values))
    return f"{values[0]}-{values[-1]}/{step}"


def _draw(seed: str, choices: int) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8], "big") % choices


def _ends(spec: Spec, match: re.Match[str], faults: list[Fault]) -> tuple[int, int] | None:
    """The lowest and the highest value that may be drawn; None, and a fault, where they are wrong."""
    if match["range"] is None:
        return spec.low, _HIGHEST.get(spec, spec.high)
    ends = [_value(spec, match[end], match[0], faults) for end in ("first", "last")]
    if ends[0] is None or ends[1] is None:
        return None
    first, last = ends[0], ends[1]
    if first < last:
        return first, last
    if first == last:
        faults.append(Fault(f"'{match[0]}' in the {spec.name} field leaves no choice.", f"Write '{first}'."))
    else:
        turned = match[0].replace(match["range"], f"({match['last']}-{match['first']})")
        faults.append(Fault(f"'{match[0]}' in the {spec.name} field runs backwards.", f"Write '{turned}'."))
    return None


def _value(spec: Spec, word: str, element: str, faults: list[Fault]) -> int | None:
    if word.lower() in spec.names:
        return spec.low + spec.names.index(word.lower())
    if not word.isdecimal():
        faults.append(no_value(spec, word, element))
    elif not spec.low <= int(word) <= spec.high:
        faults.append(out_of_range(spec, word, silent=False))
    else:
        return int(word)
    return None


def _fault_of_step(spec: Spec, element: str, ends: tuple[int, int], step: int, *, whole: bool) -> Fault | None:
    first, last = ends
    base = element.split("/", maxsplit=1)[0]
    if step < 1:
        return wrong_step(spec, element, silent=False)
    if step == 1:
        return Fault(
            f"'{element}' in the {spec.name} field is every value.", f"Write '{'*' if whole else f'{first}-{last}'}'."
        )
    if whole and spec.period and spec.period % step:
        return Fault(
            f"'{element}' in the {spec.name} field does not run every {step}: it starts again with every {spec.per}.",
            f"Use an even step, such as {' or '.join(f'H/{even}' for even in even_steps(spec, step)) or 'H'}.",
        )
    if 2 * step > last - first + 1:
        return Fault(
            f"'{element}' in the {spec.name} field has no second value for sure: {first} to {last} is too narrow.",
            f"Write '{base}' for one value.",
        )
    return None


def _short_months(day: str, month: str) -> list[Fault]:
    """Where a month that may be drawn never has the day: the schedule would be right for some names alone."""
    match = _ELEMENT.fullmatch(month)
    if match is None or "H" in day or day == "$":
        return []
    ends, days = _ends(MONTH, match, []), read_field(DAY, day).values
    if ends is None or not days or all(min(days) <= MOST_DAYS[at] for at in range(ends[0], ends[1] + 1)):
        return []
    return [
        Fault(
            f"Day '{day}' does not come in each month that '{month}' may stand for.",
            "Write a day up to 28, H, or '$' for the last day of the month (pg_cron 1.6).",
        )
    ]
