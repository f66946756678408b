"""What `parse` accepts, what it refuses, and what it says to write instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.errors import ExitCode
from supacron.schedule import Every, Fields, Schedule, ScheduleError, parse
from tests.schedule.expressions import Expression, expressions, junk


def fields(text: str) -> Fields:
    timing = parse(text).timing
    assert isinstance(timing, Fields)
    return timing


def parsed(text: str) -> Schedule | ScheduleError:
    try:
        return parse(text)
    except ScheduleError as error:
        return error


def refusal(text: str) -> ScheduleError:
    with pytest.raises(ScheduleError) as raised:
        parse(text)
    return raised.value


@given(expressions())
def test_every_valid_expression_parses_to_what_it_says(expression: Expression) -> None:
    timing = fields(expression.text)
    assert set(timing.minutes) == expression.minutes
    assert set(timing.hours) == expression.hours
    assert set(timing.days) == expression.days
    assert set(timing.months) == expression.months
    assert set(timing.weekdays) == expression.weekdays
    assert timing.last_day == expression.last_day
    assert (timing.dom_star or timing.dow_star) == expression.both_days


@given(junk() | st.text(max_size=30))
def test_any_text_gives_a_schedule_or_an_error_with_a_remedy(text: str) -> None:
    result = parsed(text)
    if isinstance(result, ScheduleError):
        assert result.remedy
        assert str(result).replace("\n    ", "").isprintable()
    else:
        assert result.text == text.strip(" \t\n\r\v\f")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("  */30\t*  * * *  ", "*/30 * * * *"),
        ("\n \n* * * * *\n\n", "* * * * *"),
        ("0 0 * JAN-mar Sun,MON", "0 0 * 1-3 0,1"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("0 0 * * fri-7", "0 0 * * 5-6,0"),
        ("00 000009 * * *", "0 9 * * *"),
        ("1,1,1 * * * *", "1 * * * *"),
        ("*/1 * * * *", "* * * * *"),
        ("0 0 * * */7", "*/1 0 * * */7".replace("*/1", "0")),
        ("5-5 * * * *", "5 * * * *"),
    ],
)
def test_other_spellings_of_the_same(text: str, same: str) -> None:
    assert fields(text) == fields(same)


def test_the_batch_processor_schedule() -> None:
    everything = Fields(
        minutes=(0, 30),
        hours=tuple(range(24)),
        days=tuple(range(1, 32)),
        months=tuple(range(1, 13)),
        weekdays=tuple(range(7)),
        dom_star=True,
        dow_star=True,
    )
    assert parse("*/30 * * * *") == Schedule("*/30 * * * *", everything)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 seconds", 30),
        ("1 second", 1),
        ("1 seconds", 1),
        ("2 second", 2),
        ("59 SECONDS", 59),
        ("\n 5seconds \n", 5),
        ("+7\tseconds", 7),
        ("007 seconds", 7),
    ],
)
def test_seconds(text: str, seconds: int) -> None:
    assert parse(text) == Schedule(text.strip(), Every(seconds))


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("@yearly", "Write '0 0 1 1 *'."),
        ("@annually", "Write '0 0 1 1 *'."),
        ("@reboot", "Write a time"),
        ("@restart", "Write a time"),
        ("@daily now", "Leave it out."),
        ("0 0 * * 6-1", "Write '6,0,1'."),
        ("0 0 * * fri-sun", "Write '5-7'."),
        ("0 0 * * 7-2", "Write '0,1,2'."),
        ("0 0 * * 5-1/2", "Write '5,0'."),
        ("50-10 * * * *", "Write '50-59,0-10'."),
        ("0 22-0 * * *", "Write '22-23,0'."),
        ("0 22-6/2 * * *", "Write '22,0,2,4,6'."),
        ("0 0 25-5 * *", "Write '25-31,1-5'."),
        ("0 0 1 nov-feb *", "Write '11-12,1-2'."),
        ("0 0 * * * root", "Leave it out."),
        ("0 */5 * * * *", "Write '*/5 * * * *': pg_cron has no field for seconds"),
        ("0 0 12 * * 1 2027", "Leave it out."),
        ("0 0 * * 1 # weekly", "Leave it out."),
        ("0 9 * * mon#1", "schedule the seven days"),
        ("5#x * * * *", "Put the comment outside"),
        ("1\u20135 * * * *", "Write '1-5', with a plain hyphen."),
        ("*5 * * * *", "Leave it out. Use 0 to 59"),
        ("*-5 * * * *", "Leave it out."),
        ("** * * * *", "Leave it out."),
        ("1.5 * * * *", "Leave it out."),
        ("1:30,@@ * * * *", "Leave it out."),
        ("1-5-7 * * * *", "Leave it out."),
        ("1-5/2/3 * * * *", "Leave it out."),
        ("0 0 * * *\r", "Leave it out."),
        ("0\u00a00 * * * *", "Leave it out."),
        ("*/45 * * * *", "Write '0,45' if that is meant, or an even step, such as '*/30'."),
        ("*/7 * * * *", "Write '0-56/7' if that is meant, or an even step, such as '*/6' or '*/10'."),
        ("0-59/7 * * * *", "Write '0-56/7' if that is meant"),
        ("*/60 * * * *", "Every 60 minutes is '0 * * * *'."),
        ("*/90 * * * *", "Write '0' if that is meant."),
        ("*/120 * * * *", "Every 120 minutes is '0 */2 * * *'."),
        ("*/1440 * * * *", "Every 1440 minutes is '0 0 * * *'."),
        ("0 */5 * * *", "Write '0,5,10,15,20' if that is meant, or an even step, such as '*/4' or '*/6'."),
        ("0 */24 * * *", "Write '0' if that is meant."),
        ("0 0 1 */5 *", "Write '1,6,11' if that is meant"),
        ("0 0 * * */2", "Write '0,2,4,6' if that is meant."),
        ("0 0 */16 * *", "Write '1,17' if that is meant."),
        ("0 0 */40 * *", "Write '1' if that is meant."),
        ("10-20/15 * * * *", "Write '10' if that is meant."),
        ("0 0 31 2 *", "Write a day up to 29"),
        ("0 0 30 feb *", "Write a day up to 29"),
        ("0 0 31 4,6,9,11 *", "Write a day up to 30"),
        ("0 0 31 2 1", "Write a day up to 29"),
        ("0 0 1-31 * 1", "Write '*' instead of '1-31'."),
        ("0 0 1 * 0-6", "Write '*' instead of '0-6'."),
        ("0 0 $ * 1-7", "Write '*' instead of '1-7'."),
        ("4294967296 * * * *", "Use 0 to 59."),
        ("*/4294967298 * * * *", "A step is a whole number"),
        ("4294967326 seconds", "Write five fields"),
        ("# nightly\n0 0 * * *", "Put the comment outside"),
        ("0 0 * * *\n0 1 * * *", "a second schedule is a second job"),
    ],
)
def test_accepted_by_pg_cron_but_wrong(text: str, remedy: str) -> None:
    error = refusal(text)
    assert error.silent
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "Write minute, hour"),
        (" \t\n", "Write minute, hour"),
        ("# nothing", "Write minute, hour"),
        ("* * * *", "Write minute, hour"),
        ("* *\n* * *", "Write minute, hour"),
        ("* * * * *\0", "Remove it."),
        (f"{'0,' * 499}0 * * * *", "Use ranges and steps"),
        ("5/15 * * * *", "Write '5-59/15', or '*/15' to start at 0."),
        ("0 0 * * 1/2", "Write '1-6/2'"),
        ("*/0 * * * *", "A step is a whole number"),
        ("*/ * * * *", "A step is a whole number"),
        ("*/4294967296 * * * *", "A step is a whole number"),
        ("*/x * * * *", "A step is a whole number"),
        ("60 * * * *", "Use 0 to 59."),
        ("0 24 * * *", "Use 0 to 23."),
        ("0 0 0 * *", "Use 1 to 31."),
        ("0 0 1 13 *", "Use 1 to 12, or jan to dec."),
        ("0 0 * * 8", "Use 0 to 7, or sun to sat."),
        ("99999999999999999999 * * * *", "Use 0 to 59."),
        ("5-60 * * * *", "Use 0 to 59."),
        ("1- * * * *", "Use 0 to 59, or '*'"),
        ("1,,2 * * * *", "Use 0 to 59, or '*'"),
        (",1 * * * *", "Use 0 to 59, or '*'"),
        ("mon * * * *", "Use 0 to 59, or '*'"),
        ("\u0663 * * * *", "Use 0 to 59, or '*'"),
        ("0 0 ? * *", "Write '*'."),
        ("0 30 9 ? * MON", "Write '30 9 * * MON': pg_cron has no field for seconds"),
        ("0 0 L * *", "Write '$' for the last day"),
        ("0 0 L-3 * *", "Write '$' for the last day"),
        ("0 0 15W * *", "nearest working day"),
        ("0 0 LW * *", "nearest working day"),
        ("0 0 * * 5L", "the last weekday of its kind"),
        ("0 0 * * friL", "the last weekday of its kind"),
        ("h/15 * * * *", "Write 'H' in upper case"),
        ("0 0 * * monday", "Write 'mon'."),
        ("0 0 1 January *", "Write 'jan'."),
        ("0 0 $,15 * *", "the other days in a second one"),
        ("0 0 15,$ * *", "the other days in a second one"),
        ("0 0 * $ *", "Use 1 to 12"),
        ("@every 5m", "Write '*/5 * * * *'."),
        ("@every 30s", "Write '30 seconds' (pg_cron 1.5)."),
        ("@every 1h30m", "Write five fields"),
        ("@every", "Write five fields"),
        ("@Daily", "Write '0 0 * * *'."),
        ("@YEARLY", "Write '0 0 1 1 *'."),
        ("@noon", "Use @hourly, @daily"),
        ("TZ=Europe/Paris 0 9 * * *", "say `timezone: Europe/Paris`"),
        ("CRON_TZ=UTC 0 9 * *", "say `timezone: UTC`"),
        ("every 5 minutes", "Write '*/5 * * * *'."),
        ("1 minute", "Write '* * * * *'."),
        ("1 hour", "Write '0 * * * *'."),
        ("2 hours", "Write '0 */2 * * *'."),
        ("1 day", "Write '0 0 * * *'."),
        ("1 week", "Write '0 0 * * 0'."),
        ("1 sec", "Write '1 second' (pg_cron 1.5)."),
        ("7 minutes", "cannot say this interval"),
        ("5 hours", "cannot say this interval"),
        ("0 minutes", "cannot say this interval"),
        ("0 seconds", "cannot say this interval"),
        ("60 seconds", "Write '* * * * *'."),
        ("90 seconds", "cannot say this interval"),
        ("120 seconds", "Write '*/2 * * * *'."),
        ("30 second ", "Write '30 seconds'."),
    ],
)
def test_refused_by_pg_cron(text: str, remedy: str) -> None:
    error = refusal(text)
    assert not error.silent
    assert remedy in error.remedy


def test_all_mistakes_are_told_at_once_each_remedy_once() -> None:
    error = refusal("60 24 L * * extra")
    assert not error.silent
    for said in ("'60' is out of the minute", "'24' is out of the hour", "'L' in the day-of-month", "ignores 'extra'"):
        assert said in error.message
    assert refusal("61,62 * * * *").remedy == "Use 0 to 59."


def test_an_error_is_invalid_input_and_safe_to_print() -> None:
    error = refusal("\x1b[2J * * * *")
    assert error.exit_code is ExitCode.INVALID
    assert "\\x1b[2J" in str(error)
    assert "\x1b" not in str(error)
    assert "\\ud800" in refusal("\ud800 * * * *").message


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("0 0 1 * 1", "one of the two day fields"),
        ("0 0 $ * fri", "one of the two day fields"),
        ("0 0 */2 * 1", "makes pg_cron ask for both to match"),
        ("0 0 13 * *,5", None),
        ("0 0 */2 * *", "starts again on day 1"),
        ("0 0 31 * *", "is skipped where the month is shorter"),
        ("0 0 29 2 *", "is skipped where the month is shorter"),
        ("0 0 30 2,3 *", "is skipped where the month is shorter"),
        ("0 0 29 1,3 *", None),
        ("0 0 28 * *", None),
        ("0 0 1,31 * *", None),
        ("0 0 1-31 * 0-6", None),
        ("0 0 * * mon-fri", None),
        ("0 0 $ * *", None),
        ("30 seconds", None),
    ],
)
def test_warnings(text: str, warning: str | None) -> None:
    warnings = parse(text).warnings
    if warning is None:
        assert warnings == ()
    else:
        assert warning in " ".join(warnings)
