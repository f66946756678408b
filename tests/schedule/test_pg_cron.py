"""The real pg_cron and `parse` agree on what is a schedule, text by text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from hypothesis import assume, example, given, settings

from supacron.schedule import ScheduleError, parse, requires
from tests.schedule import test_grammar
from tests.schedule.expressions import Expression, expressions, junk
from tests.support.database import Database

pytestmark = pytest.mark.slow

Accepts = Callable[[str], bool]


@pytest.fixture
def version(database: Database) -> tuple[int, int]:
    with database.connect() as connection:
        row = connection.execute("select extversion from pg_extension where extname = 'pg_cron'").fetchone()
    assert row is not None
    major, minor = re.match(r"(\d+)\.(\d+)", row[0]).groups()  # type: ignore[union-attr]
    return int(major), int(minor)


@pytest.fixture
def accepts(database: Database) -> Iterator[Accepts]:
    """Asks pg_cron, in a transaction that never commits: no job is ever kept or run."""
    with database.connect(autocommit=False) as connection:

        def ask(text: str) -> bool:
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute("select cron.schedule('probe', %s, 'select 1')", [text])
            except psycopg.errors.InvalidParameterValue:
                return False
            return True

        yield ask
        connection.rollback()


def verdict(text: str, version: tuple[int, int]) -> bool | None:
    """Whether we say that pg_cron of `version` accepts `text`; None where the fault hides which version it needs."""
    try:
        return requires(parse(text)) <= version
    except ScheduleError as error:
        if error.silent and re.search(r"\$|second", text, re.IGNORECASE):
            return None
        return error.silent


def table(test: object) -> list[str]:
    (mark,) = test.pytestmark  # type: ignore[attr-defined]
    texts = [row[0] for row in mark.args[1]]
    return [text for text in texts if "\0" not in text and "\ud800" not in text]


CORPUS = [
    text
    for test in (
        test_grammar.test_other_spellings_of_the_same,
        test_grammar.test_seconds,
        test_grammar.test_accepted_by_pg_cron_but_wrong,
        test_grammar.test_refused_by_pg_cron,
        test_grammar.test_warnings,
    )
    for text in table(test)
]


def test_pg_cron_agrees_on_the_tables(accepts: Accepts, version: tuple[int, int]) -> None:
    answers = {text: accepts(text) for text in CORPUS}
    wrong = {text: answer for text, answer in answers.items() if verdict(text, version) not in (answer, None)}
    assert wrong == {}
    assert sum(answers.values()) > 50
    assert sum(not answer for answer in answers.values()) > 50


def test_pg_cron_accepts_what_we_accept(accepts: Accepts, version: tuple[int, int]) -> None:
    @settings(max_examples=300)
    @given(expressions())
    def check(expression: Expression) -> None:
        assert accepts(expression.text) == (requires(parse(expression.text)) <= version)

    check()


def test_pg_cron_refuses_what_we_say_it_refuses(accepts: Accepts, version: tuple[int, int]) -> None:
    @settings(max_examples=600)
    @given(junk())
    @example("*/7,5-1 mon * * *")
    @example("\t0 0 * * *\n# later")
    def check(text: str) -> None:
        # A step near the largest int makes pg_cron add beyond it: undefined in C.
        assume(not re.search(r"[0-9]{9}", text))
        expected = verdict(text, version)
        assert expected in (accepts(text), None)

    check()
