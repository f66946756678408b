from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from supacron.load.scalars import AmbiguousScalar, resolve_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("y", "y"),
        ("1.2.3", "1.2.3"),
        ("30s", "30s"),
        ("-", "-"),
        ("0 0 * * *", "0 0 * * *"),
        ("2024-01-01-cleanup", "2024-01-01-cleanup"),
        ("only", "only"),
    ],
)
def test_what_all_versions_agree_on(text: str, value: object) -> None:
    assert resolve_plain(text) == value
    assert type(resolve_plain(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "No", "ON", "off", "08:30", "190:20:30.15", "2024-01-01", "2024-1-1T00:00:00Z", "2024-01-01 10:00:00",
        "010", "-08",
        "0x1F", "0b11", "0o17", "1_000", "1_0.5", ".inf", "-.Inf", ".NaN", "1e999", "9" * 1001,
    ],
)  # fmt: skip
def test_what_versions_disagree_on(text: str) -> None:
    with pytest.raises(AmbiguousScalar) as caught:
        resolve_plain(text)

    assert text.lower() in ("yes", "no", "on", "off") or text not in caught.value.message + caught.value.remedy


@given(st.integers(-(10**50), 10**50) | st.floats(allow_nan=False, allow_infinity=False))
def test_json_numbers_are_numbers(number: float) -> None:
    assert resolve_plain(json.dumps(number)) == number


@given(st.from_regex(r"[-+.0-9a-fxob_:eE]{1,12}", fullmatch=True))
def test_a_number_is_what_pyyaml_reads_or_json(text: str) -> None:
    try:
        value = resolve_plain(text)
    except AmbiguousScalar:
        return
    if isinstance(value, str):
        assert isinstance(yaml.safe_load(yaml.safe_dump(text)), str)
    else:
        assert value == float(text)
