"""Expressions worked out without a server come to what a server makes of them, or are not worked out at all."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from supacron.adopt.evaluate import Evaluator
from supacron.adopt.syntax import inner, parse
from supacron.adopt.values import Json, Lookup, Value, has_markers
from tests.support.database import Database

CONSTANT = [
    "'a'",
    "'a' || 'b' || 'c'",
    "'a' || null",
    "'n' || 5",
    "'yes' || true",
    "concat('a', null, 1, 'b')",
    "concat_ws('-', 'a', null, 2)",
    "concat_ws(null, 'a', 'b')",
    "format('%s%%%s', 'a', 1)",
    "format('%s', null)",
    "format(null, 1)",
    "coalesce(null, null, 'x')",
    "coalesce('x', 'y')",
    "'12'::int",
    "7::bigint",
    "true::boolean",
    "-5",
    "- 1.50",
    "2 * 3 + 4 - 1",
    "60 * 1000",
    "5::text",
    "false::text",
    "1.10::text",
    "(select 'nested')",
    "cast('x' as varchar)",
    "E'a\\tb'",
    "$$it's$$",
    "U&'\\00e9'",
]
DOCUMENTS = [
    """'{"a": [1, 2.50, null], "b": {"c": true}}'::jsonb""",
    """jsonb '{"a": 1}' || '{"b": 2}'::jsonb""",
    """'{"a": 1}'::jsonb || '{"a": 2}'""",
    """jsonb_build_object('a', 1, 'b', null, 'c', jsonb_build_array(1, 'x', true))""",
    """json_build_object('k', 'v', 2, 3)::jsonb""",
    """to_jsonb('x'::text)""",
    """to_json(5)::jsonb""",
    """('{"t": "' || 'x' || '"}')::json::jsonb""",
    """json_build_array()::jsonb""",
    """'"text"'::jsonb""",
]
UNKNOWN = [
    ("now()", "`now()` is worked out at each run"),
    ("current_date", "an expression is worked out at each run"),
    ("upper('x')", "`upper()` is worked out at each run"),
    ("public.concat('x')", "`public.concat()` is worked out at each run"),
    ("concat(variadic array['x'])", "`concat()` is worked out at each run"),
    ("'x'::uuid", "a value is cast to uuid at each run"),
    ("'x'::varchar(1)", "a value is cast to varchar at each run"),
    ("'x'::int", "a value is cast to int4 at each run"),
    ("B'101'", "it holds a bit string"),
    ("'\ue0001\ue001'", "it holds characters of Unicode's private range"),
    ("5 / 2", "`/` is worked out at each run"),
    ("not true", "an expression is worked out at each run"),
    ("+ 'x'", "`+` is worked out at each run"),
    ("x.y", "`x.y` is read at each run"),
    ("(select a from b)", "a table is asked at each run"),
    ("exists (select 1)", "a table is asked at each run"),
    ("(select 1 where true)", "a table is asked at each run"),
    ("(select decrypted_secret from vault.decrypted_secrets)", "a table is asked at each run"),
    ("(select decrypted_secret from vault.decrypted_secrets where id = 'x')", "a table is asked at each run"),
    ("(select decrypted_secret from vault.decrypted_secrets where name = now()::text)", "a table is asked at each run"),
    ("(select decrypted_secret from vault.decrypted_secrets where name like 'x')", "a table is asked at each run"),
    ("(select decrypted_secret from vault.decrypted_secrets where name = 'a' or true)", "a table is asked at each run"),
    (
        "coalesce((select decrypted_secret from vault.decrypted_secrets where name = 'a'), 'b')",
        "one value or another is taken at each run",
    ),
    ("'[1]'::jsonb || '{}'::jsonb", "JSON that is no object is joined"),
    ("'{}'::jsonb::text", "JSON is turned into text at each run"),
    ("jsonb_build_object('a')", "an object is built of an odd number of arguments"),
    ("jsonb_build_object(null, 1)", "an object is built with a null as key"),
    ("concat('x', true)", "text is put together in a way that only the server knows"),
    ("format('%L', 'x')", "text is put together in a way that only the server knows"),
    ("format('%s %s', 'x')", "text is put together in a way that only the server knows"),
    ("'NaN'::jsonb", "a text is no JSON, so the job fails"),
]


def evaluate(expression: str) -> tuple[Evaluator, Value]:
    (statement,) = parse(f"select {expression}")
    evaluator = Evaluator()
    return evaluator, evaluator.value(inner(statement.target_list[0]).val)


@pytest.mark.slow
def test_constants_are_what_a_server_makes_of_them(database: Database) -> None:
    with database.connect() as connection:
        for expression in CONSTANT:
            row = connection.execute(f"select ({expression})::text".encode()).fetchone()
            assert row is not None
            _, value = evaluate(expression)
            ours = str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
            assert (ours,) == row, expression
        for expression in DOCUMENTS:
            row = connection.execute(f"select ({expression})::text".encode()).fetchone()
            assert row is not None
            _, value = evaluate(expression)
            assert isinstance(value, Json), expression
            assert value.value == json.loads(row[0], parse_float=Decimal), expression


@pytest.mark.parametrize(("expression", "reason"), UNKNOWN)
def test_what_is_known_at_the_run_only(expression: str, reason: str) -> None:
    evaluator, value = evaluate(expression)
    assert evaluator.markers.unknown(value) == reason


def test_what_surrounds_the_unknown_is_kept() -> None:
    evaluator, value = evaluate("jsonb_build_object('key', 'opaque', 'at', now())")
    assert isinstance(value, Json)
    assert value.value["key"] == "opaque"
    assert evaluator.markers.unknown(value.value["at"]) == "`now()` is worked out at each run"


TABLE = "vault.decrypted_secrets"


@pytest.mark.parametrize(
    "expression",
    [
        f"'Bearer ' || (select decrypted_secret from {TABLE} where name = 'k')",
        f"(select 'Bearer ' || s.decrypted_secret from {TABLE} as s where 'k' = s.name limit 1)",
        f"'Bearer ' || (select decrypted_secret::text from {TABLE} where name = 'k' order by created_at)",
        f"concat('Bearer ', coalesce((select decrypted_secret from {TABLE} where name = 'k'), ''))",
        f"format('Bearer %s', (select {TABLE}.decrypted_secret from {TABLE} where name = 'k'))",
        f"'Bearer ' || (select decrypted_secrets.decrypted_secret from {TABLE} where decrypted_secrets.name = 'k')",
    ],
)
def test_lookups(expression: str) -> None:
    evaluator, value = evaluate(expression)
    assert isinstance(value, str)
    assert has_markers(value)
    assert evaluator.markers.split(value) == ["Bearer ", Lookup("k")]
