from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.model.units import format_duration, parse_duration


@given(st.integers(0, 10**12))
def test_what_is_written_is_read_back(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds)) == milliseconds


@pytest.mark.parametrize(("milliseconds", "text"), [(30 * 86_400_000, "30d"), (90_000, "90s"), (1, "1ms"), (0, "0ms")])
def test_the_shortest_exact_spelling(milliseconds: int, text: str) -> None:
    assert format_duration(milliseconds) == text


@pytest.mark.parametrize("value", [5, None, True, "5", "5 s", "-5s", "1.5s", "5S", "s", "٣s", ""])
def test_what_is_no_duration(value: object) -> None:
    with pytest.raises(ValueError, match="a whole number with a unit"):
        parse_duration(value)
