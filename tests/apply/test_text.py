"""Whatever text stands in a definition, the database holds exactly that, and nothing else has happened."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supacron.apply.apply import apply
from supacron.model.alerts import DesiredAlert
from supacron.model.desired import DesiredAuth, DesiredCall, DesiredJob, DesiredSecret, Source
from supacron.model.promotion import Record
from supacron.plan.release import Provenance
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import Notes, apply_here, stack

pytestmark = pytest.mark.slow

PIECES = [
    "'",
    '"',
    "\\",
    "$$",
    "$job$",
    "%",
    "%s",
    ";",
    "--",
    "/*",
    "E'",
    "\n",
    "\t",
    "😀",
    "ü",
    "{{ x }}",
    "{% raw %}",
]
PIECES += ["'); drop schema supacron cascade; --", "\u2028", "null", "a", " "]
TEXT = st.lists(st.sampled_from(PIECES) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
ANY = TEXT.map("".join)
SOME = ANY.filter(bool)
NAME = SOME.filter(lambda text: len(text.encode()) <= 63) | st.just("😀" * 15 + "abc")
BODY = st.dictionaries(ANY, ANY | st.integers(-(2**53), 2**53) | st.none() | st.booleans() | st.lists(ANY, max_size=3))
URL_RULES = ("not-a-url", "clear-text")
CALL = st.builds(
    DesiredCall,
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    url=ANY,
    headers=st.dictionaries(ANY, ANY, max_size=3),
    body=BODY,
    timeout_ms=st.integers(1, 2**31 - 1),
    auth=st.lists(st.builds(DesiredAuth, secret=st.just("key"), header=ANY, prefix=ANY), max_size=3).map(tuple),
)


def job(call: DesiredCall | None, sql: str, description: str, owner: str) -> DesiredJob:
    return DesiredJob(
        schedule="0 3 * * *",
        enabled=True,
        call=call,
        sql=None if call else sql,
        description=description,
        owner=owner,
    )


def tables(connection: psycopg.Connection) -> list[Any]:
    return connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace('supacron') and relkind = 'r' order by 1"
    ).fetchall()


@settings(max_examples=60)
@given(data=st.data())
def test_text_in_any_field(database: Database, data: st.DataObject) -> None:
    name, other = data.draw(st.lists(NAME, min_size=2, max_size=2, unique=True))
    vault_name, value, note = data.draw(SOME), data.draw(SOME), data.draw(ANY)
    call, sql, description, owner = data.draw(CALL), data.draw(SOME), data.draw(ANY), data.draw(ANY)
    wanted = stack(
        {name: job(call, "", description, owner), other: job(None, sql, description, owner)},
        {"key": DesiredSecret(vault_name=f"v{vault_name}", description=note, allow=dict.fromkeys(URL_RULES, "why"))},
    )
    alert = DesiredAlert(
        kind="late_jobs",
        condition={"jobs": [name]},
        webhook="key",
        format="slack",
        description=description,
        start_after_ms=0,
        end_after_ms=0,
        repeat_every_ms=None,
    )
    wanted = wanted.model_copy(update={"alerts": {other: alert}})
    apply_here(database, stack({}, {}))
    with database.connect() as connection:
        before = tables(connection)
        apply_here(database, wanted, {"key": value})
        assert tables(connection) == before
        rows = connection.execute(
            "select name, url, headers, body, auth, description, owner, timeout_ms"
            " from supacron.job where removed_at is null and method is not null"
        ).fetchall()
        auth = [each.model_dump() for each in call.auth] or None
        fields = (call.url, call.headers, call.body, auth)
        assert rows == [(name, *fields, description, owner, call.timeout_ms)]
        alerts = connection.execute("select name, condition, description from supacron.alert").fetchall()
        assert alerts == [(other, {"jobs": [name]}, description)]
        scheduled: dict[str, str] = dict(connection.execute("select jobname::text, command from cron.job").fetchall())
        assert scheduled[other] == sql
        assert scheduled.keys() == {name, other, "supacron-collect", "supacron-dispatch", "supacron-prune"}
        held = connection.execute(
            "select decrypted_secret, description from vault.decrypted_secrets where name = %s", [f"v{vault_name}"]
        ).fetchall()
        assert held == [(value, note)]
    assert apply_here(database, wanted, {"key": value}).plan.changes == ()


@settings(max_examples=15)
@given(
    overrides=st.dictionaries(ANY, BODY, max_size=3),
    texts=st.lists(ANY, min_size=5, max_size=5),
    waived=st.dictionaries(ANY, SOME, min_size=1, max_size=2),
)
def test_text_in_the_ledger(
    database: Database, overrides: dict[str, Any], texts: list[str], waived: dict[str, str]
) -> None:
    definitions, commit, person, machine, run = texts
    record = Record(kind="promotion", stack=person, release=1, digest=commit, by=machine, at=run, waived=waived)
    source = Source(digest=commit, overrides={**overrides, "n": str(uuid4())}, promotion=record)
    apply(
        Secret(database.url),
        stack({}).model_copy(update={"source": source}),
        {},
        progress=Notes(),
        provenance=Provenance(definitions, commit, True, person, machine, run),
    )
    with database.connect() as connection:
        row = connection.execute(
            "select definitions, overrides, definitions_digest, git_commit, git_clean, applied_by, applied_from,"
            " ci_run, promotion, waived from supacron.release order by id desc limit 1"
        ).fetchone()
    promotion = record.model_dump(mode="json", exclude_none=True)
    assert row == (definitions, source.overrides, commit, commit, True, person, machine, run, promotion, waived)
