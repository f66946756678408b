"""Secrets on their way into Vault."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from supacron.apply.apply import PlanRefused
from tests.support.database import Database
from tests.support.snapshot import state
from tests.support.stacks import apply_here, destroy_here, http_job, run_supacron, secret, sql_job, stack

pytestmark = pytest.mark.slow

NAME = "supacron/main/key"
DESIRED = stack({"a": http_job(auth="key")}, {"key": secret(NAME)})


def value(connection: psycopg.Connection, name: str = NAME) -> Any:
    query = "select decrypted_secret from vault.decrypted_secrets where name = %s"
    row = connection.execute(query, [name]).fetchone()
    return row[0] if row else None


def vault_id(connection: psycopg.Connection) -> Any:
    row = connection.execute("select id from vault.secrets where name = %s", [NAME]).fetchone()
    return row[0] if row else None


def test_absent_means_unchanged(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    assert not apply_here(database, DESIRED).wrote
    assert value(connection) == "first"


def test_a_new_value_is_written_in_place(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    before = vault_id(connection)
    applied = apply_here(database, DESIRED, {"key": "second"})
    assert [str(change) for change in applied.plan.changes] == ["~ secret key (new value)"]
    assert value(connection) == "second"
    assert vault_id(connection) == before


def test_an_older_value_is_never_put_back(database: Database, connection: psycopg.Connection) -> None:
    """A second checkout, or a rolled back configuration, still has the value that was rotated away."""
    for given in ("first", "second", "third"):
        apply_here(database, DESIRED, {"key": given})
    for older in ("first", "second"):
        applied = apply_here(database, DESIRED, {"key": older})
        assert not applied.wrote
        assert "was applied before and replaced since" in applied.plan.warnings[0]
        assert older not in applied.plan.warnings[0]
    assert value(connection) == "third"


def test_a_value_that_was_changed_in_vault_is_kept(database: Database, connection: psycopg.Connection) -> None:
    """Rotated by hand: what the configuration holds is older, whatever it is."""
    apply_here(database, DESIRED, {"key": "first"})
    connection.execute("select vault.update_secret(%s, 'by hand')", [vault_id(connection)])
    applied = apply_here(database, DESIRED, {"key": "first"})
    assert [change.drift for change in applied.plan.changes] == [True]
    assert value(connection) == "by hand"
    assert not apply_here(database, DESIRED, {"key": "first"}).wrote, "it is remembered"
    apply_here(database, DESIRED, {"key": "newer still"})
    assert value(connection) == "newer still"


def test_a_secret_that_was_deleted_in_vault_is_written_anew(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    connection.execute("delete from vault.secrets where name = %s", [NAME])
    applied = apply_here(database, DESIRED, {"key": "first"})
    assert [str(change) for change in applied.plan.changes] == [
        "~ secret key (value set anew: it was deleted outside) [drift]"
    ]
    assert value(connection) == "first"


def test_a_secret_that_somebody_else_wrote_is_refused(database: Database, connection: psycopg.Connection) -> None:
    connection.execute("select vault.create_secret('theirs', %s)", [NAME])
    with pytest.raises(PlanRefused, match="which supacron did not write") as raised:
        apply_here(database, DESIRED, {"key": "mine"})
    assert "theirs" not in str(raised.value)
    assert "mine" not in str(raised.value)
    assert value(connection) == "theirs"
    assert connection.execute("select to_regnamespace('supacron')").fetchone() == (None,)
    apply_here(database, DESIRED)
    assert value(connection) == "theirs", "without a value of ours, theirs is used"


def test_a_secret_that_vault_held_already_is_not_deleted(database: Database, connection: psycopg.Connection) -> None:
    connection.execute("select vault.create_secret('same', %s)", [NAME])
    apply_here(database, DESIRED, {"key": "same"})
    destroy_here(database, DESIRED, with_data=True)
    assert value(connection) == "same"


def test_an_undecryptable_secret(database: Database, connection: psycopg.Connection) -> None:
    """As after a logical dump restored elsewhere: the values have to be given again."""
    apply_here(database, DESIRED, {"key": "first"})
    with database.superuser() as superuser:
        superuser.execute("update vault.secrets set nonce = vault._crypto_aead_det_noncegen()")
    with pytest.raises(PlanRefused, match=f"Vault cannot decrypt {NAME}, which the stack needs"):
        apply_here(database, DESIRED)
    applied = apply_here(database, DESIRED, {"key": "first"})
    assert "Vault cannot decrypt it here" in str(applied.plan.changes[0])
    assert value(connection) == "first"
    assert not apply_here(database, DESIRED, {"key": "first"}).wrote


def test_a_missing_value_is_refused_before_anything_is_written(
    database: Database, connection: psycopg.Connection
) -> None:
    with pytest.raises(PlanRefused, match=f"(?s)Vault has no {NAME}.*config set --secret.*nothing was written"):
        apply_here(database, DESIRED)
    assert connection.execute("select to_regnamespace('supacron')").fetchone() == (None,)
    apply_here(database, stack({"a": sql_job()}))
    before = state(connection)
    with pytest.raises(PlanRefused):
        apply_here(database, stack({"b": sql_job(), "a": http_job(auth="key")}, {"key": secret(NAME)}))
    assert state(connection) == before


def test_a_secret_that_no_job_needs_may_be_empty(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({"a": sql_job()}, {"key": secret(NAME)}))
    assert value(connection) is None
    apply_here(database, stack({"a": sql_job()}, {"key": secret(NAME)}), {"key": "later"})
    assert value(connection) == "later"


def test_values_from_the_environment(database: Database, connection: psycopg.Connection) -> None:
    desired = stack({"a": http_job(auth="key")}, {"key": secret(NAME, env="MY_KEY")})
    refused = run_supacron(["apply"], desired, database.url)
    assert refused.code == 4
    assert "Set the environment variable MY_KEY" in refused.output
    assert run_supacron(["apply"], desired, database.url, extra={"MY_KEY": "from outside"}).code == 0
    assert value(connection) == "from outside"
    # On another machine, without the variable, or with an empty one: no change.
    for extra in ({}, {"MY_KEY": ""}):
        assert "nothing to change" in run_supacron(["apply"], desired, database.url, extra=extra).output
    changed = run_supacron(["apply"], desired, database.url, extra={"MY_KEY": "rotated"})
    assert "~ secret key (new value) [drift]" in changed.output
    assert value(connection) == "rotated"


ODD = {
    "quotes": """it's "quoted" $$ $job$ E'\\'' """,
    "lines": "one\ntwo\r\nthree\rfour\n",
    "tabs": "\ta\tb\t",
    "backslashes": r"\n \t \\ \N \0 \x41",
    "end of copy": "\\.\n\\.",
    "null marker": "\\N",
    "unicode": "ünïcödé 🔑 \u2028 \u200b 漢字",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f",
    "percent": "100% %s %(name)s",
    "long": "x" * 8192,
    "spaces": "  around  ",
}


def test_odd_values_arrive_as_they_are(database: Database, connection: psycopg.Connection) -> None:
    names = {f"k{number}": text for number, text in enumerate(ODD.values())}
    slots = {name: secret(f"odd/{name}", description="it's \\ odd\t\n%s") for name in names}
    desired = stack({f"job-{name}": http_job(auth=name) for name in names}, slots)
    apply_here(database, desired, names)
    assert {name: value(connection, f"odd/{name}") for name in names} == names
    assert not apply_here(database, desired, names).wrote
    assert {
        text for (text,) in connection.execute("select description from vault.secrets where name like 'odd/%'")
    } == {"it's \\ odd\t\n%s"}


@pytest.mark.parametrize("bad", ["before\0after", "half \ud800 pair"])
def test_what_postgres_cannot_store_is_refused(database: Database, connection: psycopg.Connection, bad: str) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    finished = run_supacron(["apply"], DESIRED, database.url, extra={"SUPACRON_SECRETS": json.dumps({"key": bad})})
    assert finished.code == 4
    assert "secrets.key: the value holds a NUL character or is not UTF-8" in finished.output
    assert "before" not in finished.output.replace("before anything", "")
    assert "Traceback" not in finished.output
    assert value(connection) == "first"


def test_a_slot_and_its_value_may_change_at_once(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    described = stack({"a": http_job(auth="key")}, {"key": secret(NAME, description="For a.")})
    applied = apply_here(database, described, {"key": "second"})
    assert [str(change) for change in applied.plan.changes] == ["~ secret key (new value)"]
    assert [field.name for field in applied.plan.changes[0].fields] == ["description"]
    assert value(connection) == "second"


def test_another_name_in_vault(database: Database, connection: psycopg.Connection) -> None:
    """The value moves along, the old entry goes, and that is no drift."""
    apply_here(database, DESIRED, {"key": "first"})
    moved = stack({"a": http_job(auth="key")}, {"key": secret("elsewhere")})
    applied = apply_here(database, moved, {"key": "first"})
    assert not any(change.drift for change in applied.plan.changes)
    assert (value(connection), value(connection, "elsewhere")) == (None, "first")
    assert not apply_here(database, moved, {"key": "first"}).wrote


def test_two_secrets_exchange_their_names_in_vault(database: Database, connection: psycopg.Connection) -> None:
    jobs = {"a": http_job(auth="key"), "b": http_job(auth="other")}
    apply_here(database, stack(jobs, {"key": secret("x"), "other": secret("y")}), {"key": "1", "other": "2"})
    apply_here(database, stack(jobs, {"key": secret("y"), "other": secret("x")}))
    assert (value(connection, "x"), value(connection, "y")) == ("1", "2")


def test_a_renamed_slot_keeps_its_entry_in_vault(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    apply_here(database, stack({"a": http_job(auth="token")}, {"token": secret(NAME)}))
    assert value(connection) == "first"
    assert connection.execute("select name from supacron.secret").fetchall() == [("token",)]


def test_a_removed_secret_is_deleted_in_vault(database: Database, connection: psycopg.Connection) -> None:
    connection.execute("select vault.create_secret('theirs', 'not-ours')")
    both = {"key": secret(NAME), "theirs": secret("not-ours")}
    apply_here(database, stack({"a": http_job(auth="key"), "b": http_job(auth="theirs")}, both), {"key": "first"})
    apply_here(database, stack({"a": sql_job()}))
    assert value(connection) is None
    assert value(connection, "not-ours") == "theirs"


def test_an_entry_of_another_stack_is_refused(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, {"key": "first"})
    other = stack({"b": http_job(auth="mine")}, {"mine": secret(NAME)}, name="other")
    with pytest.raises(PlanRefused, match="belongs to the stack main"):
        apply_here(database, other, {"mine": "second"})
    assert value(connection) == "first"


def test_one_value_in_two_stacks_of_a_database_is_refused(database: Database) -> None:
    apply_here(database, stack({"a": http_job(auth="key")}, {"key": secret("supacron/main/key")}), {"key": "for both"})
    second = stack({"b": http_job(auth="key")}, {"key": secret("supacron/second/key")}, name="second")
    with pytest.raises(
        PlanRefused, match="the value is that of supacron/main/key in Vault, which belongs to the stack"
    ):
        apply_here(database, second, {"key": "for both"})
    assert apply_here(database, second, {"key": "its own"}).wrote


@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize("how", ["destroyed", "forgotten"])
def test_an_entry_of_somebody_elses_is_never_deleted(
    database: Database, connection: psycopg.Connection, rotated: bool, how: str
) -> None:
    """Vault had a value before: it is not ours, whatever an apply has written into it since."""
    connection.execute("select vault.create_secret('theirs', 'their_key')")
    desired = stack({"a": http_job(auth="key")}, {"key": secret("their_key")})
    apply_here(database, desired, {"key": "theirs"} if rotated else {})
    if rotated:
        apply_here(database, desired, {"key": "a newer one"})
    if how == "destroyed":
        assert destroy_here(database, desired, with_data=True)
    else:
        apply_here(database, stack({"a": http_job()}))
    held = connection.execute("select decrypted_secret from vault.decrypted_secrets where name = 'their_key'")
    assert held.fetchone() == ("a newer one" if rotated else "theirs",)
