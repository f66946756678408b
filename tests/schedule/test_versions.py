"""Which pg_cron a schedule needs."""

from __future__ import annotations

import pytest

from supacron.schedule import parse, requirement, requires


@pytest.mark.parametrize(
    ("text", "version", "words"),
    [
        ("*/30 * * * *", (1, 4), "'*/30 * * * *' needs pg_cron 1.4"),
        ("@daily", (1, 4), "'@daily' needs pg_cron 1.4"),
        ("30 seconds", (1, 5), "'30 seconds' needs pg_cron 1.5"),
        ("0 0 $ * *", (1, 6), "'0 0 $ * *' needs pg_cron 1.6"),
    ],
)
def test_requires(text: str, version: tuple[int, int], words: str) -> None:
    schedule = parse(text)
    assert requires(schedule) == version
    assert requirement(schedule) == words
