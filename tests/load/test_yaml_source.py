from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from supacron.errors import Place
from supacron.load.yaml_source import Source, from_mapping, parse_bytes, parse_text, read_file

KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
    | st.sampled_from(["yes", "08:30", "2024-01-01", "0x1F", "~", "null", "<<", "=", "*/30 * * * *", "a: b", "# c"])
)
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))

BILLIONS = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def messages(source: Source) -> list[str]:
    return [f"{p.place.line}:{p.place.column} {p.message}" for p in source.problems if p.place]


@given(st.dictionaries(KEYS, DATA, max_size=5))
def test_what_a_yaml_1_1_writer_writes_is_read_back_or_called_ambiguous(data: dict[str, Any]) -> None:
    source = parse_text(yaml.safe_dump(data, allow_unicode=True), "f")

    # YAML 1.1 takes 1e3 for text, and JSON for a number, as we do.
    assume(not re.search(r"\d[eE]", repr(data)))
    assert [problem for problem in source.problems if "YAML" not in problem.message] == []
    assert source.problems or same(source.data, data)


@given(st.dictionaries(KEYS, DATA, max_size=5))
def test_json_is_read_as_it_is(data: dict[str, Any]) -> None:
    source = parse_text(json.dumps(data, ensure_ascii=False), "f")

    assert source.problems == ()
    assert same(source.data, data)


def same(left: Any, right: Any) -> bool:
    """Equal, with floats apart from integers (1.0 is not 1 in YAML)."""
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in right)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and (left == right or math.isclose(left, right))


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    source = parse_text(text, "f")

    assert source.problems or isinstance(source.data, dict)
    for problem in source.problems:
        assert problem.place is not None
        assert (
            1
            <= problem.place.line
            <= text.count("\n")
            + text.count("\r")
            + text.count("\u2028")
            + text.count("\u2029")
            + text.count("\x85")
            + 2
        )


@given(st.binary())
def test_no_bytes_break_the_reader(content: bytes) -> None:
    source = parse_bytes(content, "f")

    assert source.problems or isinstance(source.data, dict)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 the file is empty"]),
        ("# only a comment", ["1:1 the file is empty"]),
        ("- 1", ["1:1 the file is not a mapping"]),
        ("---\na: 1\n---\nb: 1", ["3:1 a second document in the file"]),
        ("a: &x 1\nb: &x 2", ["2:4 this anchor is defined twice"]),
        ("a: *x", ["1:4 an alias without its anchor"]),
        ("a: &x [*x]", ["1:8 an alias without its anchor"]),
        ("a: !foo [1]", ["1:4 YAML tags are not supported"]),
        ("a: {<<: 1}", ["1:9 `<<` takes a mapping or a list of mappings"]),
        ("? [a]\n: 1", ["1:5 a key that is not text"]),
        ("a: 1\nb: 1\n\x07", ["3:1 a control character (U+0007)"]),
        ("a: '\0'", ["1:5 a control character (U+0000)"]),
        ("a: " + "[" * 70, ["1:67 nested deeper than 64 levels"]),
        (BILLIONS, ["8:10 aliases that expand to too many values"]),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    assert messages(parse_text(text, "f")) == expected


def test_a_few_nested_aliases_are_fine() -> None:
    source = parse_text("a: &a [1, 2]\nb: &b [*a, *a]\nc: {d: *b, e: *b}", "f")

    assert source.problems == ()
    assert source.data["c"] == {"d": [[1, 2], [1, 2]], "e": [[1, 2], [1, 2]]}


def test_merges_keep_what_is_said_and_the_first_of_several() -> None:
    source = parse_text("x: &x {k: 1, l: 1}\ny: &y {k: 2, m: 2}\nz: {k: 0, <<: [*x, *y]}\nw: {<<: *y, m: 3}", "f")

    assert source.problems == ()
    assert source.data["z"] == {"k": 0, "l": 1, "m": 2}
    assert source.data["w"] == {"k": 2, "m": 3}


def test_quoted_and_explicit_text_stays_text() -> None:
    assert parse_text("a: '1'\nb: \"yes\"\nc: !!str 5\nd: ! 5\n'<<': {e: 1}", "f").data == {
        "a": "1",
        "b": "yes",
        "c": "5",
        "d": "5",
        "<<": {"e": 1},
    }


def test_bytes_that_are_not_utf8() -> None:
    (problem,) = parse_bytes("a: 1\nä: ".encode() + b"\xff", "f").problems

    assert (problem.message, problem.place) == ("not UTF-8 text", Place("f", 2, 4))


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_bytes(b"\xef\xbb\xbfa: 1", "f").data == {"a": 1}


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "stack.yaml"
    path.write_text("a: 1")

    assert read_file(path).data == {"a": 1}
    assert read_file(path).place(("a",)) == Place(str(path), 1, 4)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "absent.yaml")


def test_places_of_what_has_no_text() -> None:
    assert from_mapping({"a": 1}, "f").place(("a",)) is None
    assert parse_text("a: [", "f").place(("a",)) is None
