"""Schedules in English."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given

from supacron.schedule import describe, parse
from tests.schedule.expressions import Expression, expressions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*/30 * * * *", "Every 30 minutes"),
        ("0,30 * * * *", "Every 30 minutes"),
        ("* * * * *", "Every minute"),
        ("@hourly", "Every hour"),
        ("7 * * * *", "At 7 minutes past the hour"),
        ("0 */2 * * *", "Every 2 hours"),
        ("30 */2 * * *", "At 30 minutes past the hour, every 2 hours"),
        ("@daily", "At 00:00 UTC"),
        ("@weekly", "At 00:00 UTC, only on Sunday"),
        ("@monthly", "At 00:00 UTC, on day 1 of the month"),
        ("0 21 * * *", "At 21:00 UTC"),
        ("0,30 9,17 * * *", "At 09:00, 09:30, 17:00 and 17:30 UTC"),
        ("0 9 * * 1", "At 09:00 UTC, only on Monday"),
        ("0 9 * * mon-FRI", "At 09:00 UTC, Monday through Friday"),
        ("0 9 * * 6-7", "At 09:00 UTC, only on Sunday and Saturday"),
        ("*/5 8-17 * * *", "Every 5 minutes, between 08:00 and 17:59 UTC"),
        ("*/10 9,12 * * *", "Every 10 minutes, between 09:00 and 09:59 and between 12:00 and 12:59 UTC"),
        ("* 0 * * *", "Every minute, between 00:00 and 00:59 UTC"),
        ("*/30 */4 * * *", "Every 30 minutes, in the hours 00, 04, 08, 12, 16 and 20 UTC"),
        ("5-10 * * * *", "Minutes 5 through 10 past the hour"),
        ("0 0 $ * *", "At 00:00 UTC, on the last day of the month"),
        ("0 0 1 * 1", "At 00:00 UTC, on day 1 of the month or on Monday"),
        ("0 0 1 * 1-5", "At 00:00 UTC, on day 1 of the month or Monday through Friday"),
        ("0 0 */15 * 1", "At 00:00 UTC, on day 1, 16, and 31 of the month, but only on Monday"),
        ("0 0 $ 3 fri", "At 00:00 UTC, on the last day of the month or on Friday, only in March"),
        ("0 0 1 jan-mar,6 *", "At 00:00 UTC, on day 1 of the month, only in January through March and June"),
        ("30 seconds", "Every 30 seconds"),
        ("1 second", "Every second"),
    ],
)
def test_describe(text: str, words: str) -> None:
    assert describe(parse(text)) == words


@given(expressions())
def test_whatever_names_a_time_of_day_names_utc_after_it(expression: Expression) -> None:
    words = describe(parse(expression.text))
    before, _, after = words.partition(" UTC")
    assert before
    assert ":" not in after
    if ":" in before or "in the hours" in before:
        assert " UTC" in words


def test_the_words_are_loaded_only_when_they_are_asked_for() -> None:
    code = "import sys, supacron.schedule; sys.exit('cron_descriptor' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
