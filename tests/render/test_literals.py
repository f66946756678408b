"""Whatever a literal holds, Postgres reads exactly that back, and nothing more."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supacron.render.literals import UnsafeText, bigint_array, identifier, jsonb, literal, text_array
from tests.support.database import Database

pytestmark = pytest.mark.slow

NASTY = st.sampled_from(
    [
        "'",
        "''",
        '"',
        "\\",
        "\\'",
        "$$",
        "$job$",
        "$1",
        "%",
        "%(x)s",
        ";",
        "--",
        "/*",
        "*/",
        "E'",
        "\n",
        "\r",
        "\t",
        "\x7f",
        "😀",
        "ß",
        "\u2028",
        "\ufeff",
        "'); drop schema supacron cascade; --",
        "{{ x }}",
        "{% raw %}",
        "select 1",
    ]
)
TEXT = st.lists(st.one_of(NASTY, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))).map(
    "".join
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)
REAL = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def connection(database: Database) -> Any:
    with database.connect() as connection:
        yield connection


def value_of(connection: psycopg.Connection, expression: str) -> Any:
    row = connection.execute(f"select {expression}".encode()).fetchone()
    assert row is not None
    return row[0]


@REAL
@given(text=TEXT, standard=st.booleans())
def test_text_comes_back_as_it_was(connection: psycopg.Connection, text: str, standard: bool) -> None:
    connection.execute(
        f"set standard_conforming_strings = {'on' if standard else 'off'}; set escape_string_warning = off"
    )
    assert value_of(connection, f"{literal(text)}::text") == text


@REAL
@given(value=JSON)
def test_json_comes_back_as_it_was(connection: psycopg.Connection, value: Any) -> None:
    if value is None:
        assert value_of(connection, jsonb(value)) is None
    else:
        assert value_of(connection, jsonb(value)) == value


@REAL
@given(texts=st.lists(TEXT), numbers=st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_arrays_come_back_as_they_were(connection: psycopg.Connection, texts: list[str], numbers: list[int]) -> None:
    assert value_of(connection, text_array(texts)) == texts
    assert value_of(connection, bigint_array(numbers)) == numbers


@REAL
@given(name=TEXT.filter(lambda text: 0 < len(text.encode()) <= 63))
def test_an_identifier_names_one_thing(connection: psycopg.Connection, name: str) -> None:
    cursor = connection.execute(f"select 1 as {identifier(name)}".encode())
    assert cursor.description is not None
    assert [column.name for column in cursor.description] == [name]


@pytest.mark.parametrize("value", [True, False, 0, 7, -7, 2**63 - 1, None])
def test_other_values(connection: psycopg.Connection, value: Any) -> None:
    assert value_of(connection, literal(value)) == value


def test_a_name_of_63_bytes_of_four_byte_characters(connection: psycopg.Connection) -> None:
    name = "😀" * 15 + "abc"
    assert value_of(connection, f"{literal(name)}::name") == name
    assert value_of(connection, f"{literal(name)}::name::text") == name


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "x\udfff"])
def test_what_postgres_cannot_hold_is_refused(text: str) -> None:
    for quote in (literal, identifier, lambda value: text_array([value]), jsonb, lambda value: jsonb({"a": [value]})):
        with pytest.raises(UnsafeText):
            quote(text)


@pytest.mark.parametrize("name", ["", "x" * 64, "ä" * 32])
def test_a_name_that_postgres_would_cut_is_refused(name: str) -> None:
    with pytest.raises(UnsafeText, match="63 bytes"):
        identifier(name)


def test_a_type_without_a_literal_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        literal(1.5)  # type: ignore[arg-type]


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        jsonb(float("nan"))


def test_json_keeps_its_text() -> None:
    assert json.loads(jsonb({"b": 1, "a": "ü"}).removesuffix("::jsonb")[1:-1]) == {"a": "ü", "b": 1}
