"""A body for one run, from `--body path=value`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.operate.body import read_values, with_values
from supacron.operate.target import Usage
from tests.support.tokens import token as token_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("body", "said", "whole"),
    [
        ({"limit": 20, "at": {"$run": "run_id"}}, ["limit=5"], {"limit": 5, "at": {"$run": "run_id"}}),
        ({}, ["name=Ada", "on=true", "none=null", 'text="5"', "empty="],
         {"name": "Ada", "on": True, "none": None, "text": "5", "empty": ""}),
        ({"a": {"b": 1, "c": 2}}, ["a.b=[1, 2]", "a.d.e=x=y"], {"a": {"b": [1, 2], "c": 2, "d": {"e": "x=y"}}}),
        ({"a": 1}, ["a=2", "a=NaN"], {"a": "NaN"}),
    ],
)  # fmt: skip
def test_values_go_over_those_of_the_job(body: Any, said: list[str], whole: Any) -> None:
    before = repr(body)
    assert with_values(body, read_values(said)) == whole
    assert repr(body) == before


@given(body=st.dictionaries(st.text(), JSON, max_size=3), key=st.from_regex(r"[^.=]{1,5}", fullmatch=True), value=JSON)
def test_what_was_not_named_stays(body: dict[str, Any], key: str, value: Any) -> None:
    assert with_values(body, {key: json.dumps(value)}) == {**body, key: value}


@pytest.mark.parametrize("said", ["limit", "=5", "a..b=1", ".a=1", ""])
def test_what_is_no_value_is_a_mistake(said: str) -> None:
    with pytest.raises(Usage, match="a path and a value"):
        read_values([said])


@pytest.mark.parametrize(("body", "said"), [([1], "a=1"), ({"a": 5}, "a.b=1"), ("text", "a=1"), (None, "a=1")])
def test_a_path_through_what_has_no_keys_is_a_mistake(body: Any, said: str) -> None:
    with pytest.raises(Usage, match="is no mapping"):
        with_values(body, read_values([said]))


def test_what_looks_like_a_secret_is_refused_and_not_repeated() -> None:
    token = token_of("service_role")
    for said in (f"key={token}", f"{token}=1", f'headers={{"Authorization": "Bearer {token}"}}'):
        with pytest.raises(Usage, match="looks like a JWT") as error:
            read_values(["limit=5", said])
        assert token not in str(error.value)
