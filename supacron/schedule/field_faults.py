"""What is wrong with a field, in words, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from supacron.schedule.fault import Fault, listing
from supacron.schedule.spec import DAY, MINUTE, WEEKDAY, Spec

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_NO_NTH = (
    "pg_cron cannot say 'the n-th weekday of the month': schedule the seven days that it may fall on, such as '1-7' in "
    "the day-of-month field, and let the job check the weekday."
)
_LAST_DAY = "Write '$' for the last day of the month (pg_cron 1.6)."
_FOREIGN = (
    (r"\?", "Write '*'."),
    (r"L?W|[0-9]+W", "pg_cron cannot say 'the nearest working day': schedule a day that suits every month."),
    (
        r"[0-9]+L|[A-Z]{3}L",
        "pg_cron cannot say 'the last weekday of its kind': schedule it weekly, and let the job check.",
    ),
    (r"H([(/].*)?", "Write 'H' in upper case, as in 'H', 'H(0-29)' or 'H/15', in one of five fields."),
)
"""What other crons write, in upper case, and the remedy."""


def no_value(spec: Spec, word: str, text: str) -> Fault:
    """pg_cron refuses `word`; `text` is what it stands in."""
    if spec is DAY and "$" in text:
        return Fault(
            f"'{text}' in the day-of-month field: '$' stands alone.",
            "Write '$' for the last day of the month (pg_cron 1.6) in one job, and the other days in a second one.",
        )
    if not word:
        return Fault(f"'{text}' in the {spec.name} field lacks a value.", _usage(spec))
    return Fault(f"'{word}' in the {spec.name} field is not a value.", _meant(spec, word))


def _meant(spec: Spec, word: str) -> str:
    if spec is DAY and re.fullmatch(r"L(-[0-9]+)?", word.upper()):
        return _LAST_DAY
    for form, remedy in _FOREIGN:
        if re.fullmatch(form, word.upper()):
            return remedy
    short = word[:3].lower()
    return f"Write '{short}'." if word.isalpha() and short in spec.names else _usage(spec)


def _usage(spec: Spec) -> str:
    return f"Use {spec.range_words}, or '*'; lists with ',', ranges with '-', and steps such as '*/2'."


def out_of_range(spec: Spec, word: str, *, silent: bool) -> Fault:
    return Fault(f"'{word}' is out of the {spec.name} field's range.", f"Use {spec.range_words}.", silent)


def wrong_step(spec: Spec, written: str, *, silent: bool) -> Fault:
    return Fault(
        f"'{written}' in the {spec.name} field has no valid step.",
        "A step is a whole number, such as in '*/5'.",
        silent,
    )


def step_without_range(spec: Spec, first: str, step: str) -> Fault:
    return Fault(
        f"'{first}/{step}' in the {spec.name} field: pg_cron asks for a range before a step.",
        f"Write '{first}-{6 if spec is WEEKDAY else spec.high}/{step}', or '*/{step}' to start at {spec.low}.",
    )


def ignored_rest(spec: Spec, text: str, junk: str) -> Fault:
    if junk[0] == "#":
        remedy = _NO_NTH if spec is WEEKDAY else "Put the comment outside of the schedule."
    elif junk[0] in _DASHES:
        remedy = f"Write '{re.sub(f'[{_DASHES}]', '-', text)}', with a plain hyphen."
    else:
        remedy = f"Leave it out. {_usage(spec)}"
    message = f"'{text}' in the {spec.name} field: pg_cron ignores '{text[text.index(junk) :]}', and fires without it."
    return Fault(message, remedy, silent=True)


def backwards(spec: Spec, written: str, first: int, last: int, step: int) -> Fault:
    if spec is WEEKDAY and last == 0 and step == 1:
        spelling = f"{first}-7"
    elif spec is WEEKDAY or step > 1:
        top = 6 if spec is WEEKDAY else spec.high
        spelling = _csv([*range(first, top + 1), *range(spec.low, last + 1)][::step])
    else:
        spelling = ",".join(f"{a}-{b}" if a < b else f"{a}" for a, b in ((first, spec.high), (spec.low, last)))
    return Fault(
        f"'{written}' in the {spec.name} field runs backwards: pg_cron accepts it, and does not fire as it says.",
        f"Write '{spelling}'.",
        silent=True,
    )


def one_value(spec: Spec, written: str, values: range) -> Fault:
    remedy = f"Write '{values[0]}' if that is meant."
    hours, odd = divmod(values.step, 60)
    if spec is MINUTE and written.startswith("*") and not odd and 24 % hours == 0:
        spelling = {1: "0 * * * *", 24: "0 0 * * *"}.get(hours, f"0 */{hours} * * *")
        remedy = f"Every {values.step} minutes is '{spelling}'."
    message = f"'{written}' in the {spec.name} field fires at {values[0]} only: the step leads out of the range."
    return Fault(message, remedy, silent=True)


def uneven(spec: Spec, written: str, values: range) -> Fault:
    fires = sorted({value % 7 for value in values}) if spec is WEEKDAY else list(values)
    spelling = _csv(fires) if len(fires) <= 8 else f"{values[0]}-{values[-1]}/{values.step}"
    even = " or ".join(f"'*/{divisor}'" for divisor in even_steps(spec, values.step))
    steps = f", or an even step, such as {even}" if even else ""
    return Fault(
        f"'{written}' in the {spec.name} field does not fire every {values.step}: pg_cron starts to count again with "
        f"every {spec.per}, so it fires at {listing(fires)}.",
        f"Write '{spelling}' if that is meant{steps}.",
        silent=True,
    )


def even_steps(spec: Spec, step: int) -> list[int]:
    """The nearest steps, below `step` and above, that divide the field's period."""
    divisors = [d for d in range(2, spec.period) if spec.period % d == 0]
    return [d for d in divisors if d < step][-1:] + [d for d in divisors if d > step][:1]


def rare_day(written: str, values: range) -> Fault:
    return Fault(
        f"'{written}' in the day-of-month field does not fire every {values.step} days: pg_cron starts to count again "
        f"with every month, so it fires on days {listing(values)}.",
        f"Write '{_csv(values)}' if that is meant.",
        silent=True,
    )


def _csv(values: Iterable[int]) -> str:
    return ",".join(map(str, values))
