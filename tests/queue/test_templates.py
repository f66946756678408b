"""The SQL itself, without a database."""

from __future__ import annotations

import re
from pathlib import PurePath

import pglast
import pytest

from supacron.render import templates

FUNCTIONS = templates.names("queue/functions/*.sql")
MIGRATIONS = templates.names("queue/migrations/*.sql")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_file_holds_one_function_of_its_name_with_a_comment(name: str) -> None:
    text = templates.sql(name)
    made = re.findall(r"^create or replace function (?:public|supacron_queue)\.(\w+)\(", text, re.MULTILINE)
    assert made == [PurePath(name).stem]
    kinds = [type(statement.stmt).__name__ for statement in pglast.parse_sql(text)]
    assert kinds == ["CreateFunctionStmt", "CommentStmt"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_turns_seq_scans_off_turns_jit_off(name: str) -> None:
    """A forbidden plan has a cost at which Postgres would compile it, for half a second."""
    text = templates.sql(name)
    assert ("set enable_seqscan = off" in text) == ("set jit = off" in text)


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(PurePath(name).name[:4]) for name in MIGRATIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", MIGRATIONS)
def test_every_table_is_locked_and_explained_where_it_is_made(name: str) -> None:
    text = templates.sql(name)
    for table in re.findall(r"^create (?:unlogged )?table supacron_queue\.(\w+)", text, re.MULTILINE):
        assert f"alter table supacron_queue.{table} enable row level security;" in text
        assert f"comment on table supacron_queue.{table} is" in text
