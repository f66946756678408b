from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from supacron.load.merge import is_overridden, merge, useless_removals

KEYS = st.sampled_from("abc")
LEAVES = st.integers(0, 3) | st.sampled_from(["x", "y"]) | st.lists(st.none() | st.integers(0, 2), max_size=2)


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(
        KEYS, st.recursive(leaves, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=6)
    )


BASES = trees(LEAVES)
OVERRIDES = trees(LEAVES | st.none())


def paths(tree: Any, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(tree, dict):
        return [prefix]
    return [prefix, *(path for key, value in tree.items() for path in paths(value, (*prefix, key)))]


def look_up(tree: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def test_the_rules() -> None:
    base = {"jobs": {"one": {"schedule": "@daily", "body": {"ids": [1, 2], "n": 1}}, "two": {}}, "kept": 1}
    override = {
        "jobs": {"one": {"schedule": "@hourly", "body": {"ids": [3, None]}}, "two": None, "three": {"a": 1, "b": None}}
    }

    assert merge(base, override) == {
        "jobs": {"one": {"schedule": "@hourly", "body": {"ids": [3, None], "n": 1}}, "three": {"a": 1}},
        "kept": 1,
    }


@given(BASES)
def test_nothing_to_override_changes_nothing(base: dict[str, Any]) -> None:
    assert merge(base, {}) == base


@given(BASES, OVERRIDES)
def test_merging_again_changes_nothing(base: dict[str, Any], override: dict[str, Any]) -> None:
    once = merge(base, override)

    assert merge(once, override) == once


@given(BASES, OVERRIDES)
def test_the_inputs_stay_as_they_were(base: dict[str, Any], override: dict[str, Any]) -> None:
    before = copy.deepcopy((base, override))

    merge(base, override)

    assert (base, override) == before


@given(BASES, OVERRIDES)
def test_null_removes_and_values_replace(base: dict[str, Any], override: dict[str, Any]) -> None:
    merged = merge(base, override)
    for path in paths(override):
        value = look_up(override, path)
        if path and value is None:
            assert path[-1] not in (look_up(merged, path[:-1]) or {})
        elif not isinstance(value, dict):
            assert look_up(merged, path) == value


@given(BASES, OVERRIDES)
def test_each_value_is_traced_to_where_it_came_from(base: dict[str, Any], override: dict[str, Any]) -> None:
    merged = merge(base, override)
    for path in paths(merged):
        source = override if is_overridden(base, override, path) else base
        value = look_up(merged, path)
        if isinstance(value, dict):
            assert isinstance(look_up(source, path), dict)
        else:
            assert look_up(source, path) == value


@given(BASES, OVERRIDES)
def test_a_removal_is_useless_when_leaving_it_out_changes_nothing(
    base: dict[str, Any], override: dict[str, Any]
) -> None:
    for path in useless_removals(base, override):
        assert look_up(override, path) is None  # type: ignore[arg-type]
        without = copy.deepcopy(override)
        del look_up(without, path[:-1])[path[-1]]  # type: ignore[arg-type]
        assert merge(base, without) == merge(base, override)


def test_what_is_absent_below_an_overriding_scalar_is_traced_to_it() -> None:
    assert is_overridden({"a": {"b": 1}}, {"a": 5}, ("a", "b"))
    assert not is_overridden({"a": {"b": 1}}, {"c": 5}, ("a", "b"))
