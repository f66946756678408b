"""SQL whose keys become look-ups: it means the same, and holds no key; or it is refused."""

from __future__ import annotations

import pytest

from supacron.adopt.lookups import NotSafe, with_lookups
from supacron.adopt.syntax import NotParsed
from supacron.secret import Secret
from tests.support.database import Database

KEY, OTHER = "Tuesday-4-horses", "Tuesday-4"
NAMES = {Secret(KEY): "a'name", Secret(OTHER): "other"}

SAME = [
    f"select '{KEY}'",
    f"select 'x {KEY} y {OTHER} z'",
    f"select E'{KEY}\\n\\'{KEY}'",
    f"select $t$it's {KEY}$t$",
    f"select 'é' || '{KEY}' || '☃'",
    f'select \'{{"a": "{KEY}"}}\'::jsonb',
    f'select jsonb \'{{"a": "{KEY}"}}\'',
    f"select json'{{\"a\": \"{KEY}\"}}' ->> 'a'",
    f'select cast(\'{{"a": "{KEY}"}}\' as jsonb)',
    f"select '{{}}'::jsonb || '{{\"a\": \"{KEY}\"}}'",
    f"select jsonb_build_object('a', '{KEY}', 'b', concat('{KEY}', '{OTHER}'))",
    f"select coalesce(null, '{KEY}')",
    f"select x from (select '{KEY}'::text) t (x) where x = '{KEY}'::text",
    f"with k as (select '{KEY}' as v) select v, 1 from k -- {KEY}\n/* {OTHER} */",
]


@pytest.mark.slow
def test_it_means_the_same(database: Database) -> None:
    with database.connect() as connection:
        for key, name in NAMES.items():
            connection.execute("select vault.create_secret(%s, %s)", [key.reveal(), name])
        for sql in SAME:
            names = {key: name for key, name in NAMES.items() if key.reveal() in sql}
            changed = with_lookups(sql, names)
            assert OTHER not in changed, sql
            assert connection.execute(changed.encode()).fetchall() == connection.execute(sql.encode()).fetchall(), sql


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (f'select 1 as "{KEY}"', "takes no look-up"),
        (f"select f('{KEY}')", "takes no look-up"),
        (f"insert into t values ('{KEY}')", "takes no look-up"),
        (f"update t set x = '{KEY}'", "takes no look-up"),
        (f"set app.key = '{KEY}'", "takes no look-up"),
        (f"call p('{KEY}')", "takes no look-up"),
        (f"comment on table t is '{KEY}'", "takes no look-up"),
        (f"do language plperl $$ '{KEY}' $$", "takes no look-up"),
        (f"do $$ begin raise '{KEY}'; end $$", "takes no look-up"),
        (f"do $$ begin raise notice '{KEY}'; perform '{KEY}'; end $$", "takes no look-up"),
        (f"do $$ begin perform jsonb '\"{KEY}\"'; end $$", "write '...'::jsonb"),
        (f"do $$ begin execute 'select 1 -- {KEY}'; end $$", "puts together itself"),
        (f"select concat('select ', 'update t set x = {KEY}')", "puts together itself"),
        ("select 'Tuesday' || '-4-horses'", "put together from pieces"),
    ],
)
def test_what_is_not_safe(sql: str, reason: str) -> None:
    with pytest.raises(NotSafe, match=reason) as error:
        with_lookups(sql, {Secret(KEY): "name"})
    assert KEY not in str(error.value)


@pytest.mark.parametrize("key", ["short", "with 'quotes'", 'with "quotes"', "back\\slash"])
def test_keys_that_cannot_be_told_apart(key: str) -> None:
    with pytest.raises(NotSafe, match="too short"):
        with_lookups("select 1", {Secret(key): "name"})


def test_what_is_no_sql() -> None:
    with pytest.raises(NotParsed):
        with_lookups(f"selec '{KEY}'", {Secret(KEY): "name"})
    with pytest.raises(NotParsed):
        with_lookups(f"do $$ begin if '{KEY}'; end $$", {Secret(KEY): "name"})


def test_a_block_keeps_its_quotes() -> None:
    changed = with_lookups(f"do 'begin perform ''{KEY}''; end'", {Secret(KEY): "name"})
    assert changed.startswith("do 'begin perform (")
    assert "where name = ''name'')" in changed
    assert with_lookups(f"do $x$ begin perform '{KEY}'; end $x$", {Secret(KEY): "name"}).endswith("; end $x$")
