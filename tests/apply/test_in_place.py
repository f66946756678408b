"""An apply changes in place what differs, and nothing else."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from supacron.apply.apply import PlanRefused
from supacron.errors import SupacronError
from supacron.plan.runtime_jobs import RUNTIME_JOBS
from tests.support.database import Database
from tests.support.snapshot import catalogue, row_versions, state
from tests.support.stacks import apply_here, destroy_here, http_job, secret, sql_job, stack

pytestmark = pytest.mark.slow

SLOTS = {"key": secret("supacron/main/key")}
VALUES = {"key": "value-of-the-key"}


def cron_rows(connection: psycopg.Connection, name: str | None = None) -> dict[str, tuple[Any, ...]]:
    rows = connection.execute("select jobname, jobid, schedule, command, active, xmin::text from cron.job").fetchall()
    return {job: tuple(rest) for job, *rest in rows if name in (None, job)}


def one(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_only_what_changed_is_written(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({"a": sql_job(), "b": http_job(auth="key"), "c": sql_job()}, SLOTS), VALUES)
    before, versions = cron_rows(connection), row_versions(database)
    changed = stack({"a": sql_job(schedule="5 4 * * *"), "b": http_job(auth="key"), "c": sql_job()}, SLOTS)
    applied = apply_here(database, changed, VALUES)
    after = cron_rows(connection)
    assert [str(change) for change in applied.plan.changes] == ["~ job a"]
    assert after["a"][:2] == (before["a"][0], "5 4 * * *")
    assert {name: row for name, row in after.items() if name != "a"} == {
        name: row for name, row in before.items() if name != "a"
    }
    written = {name for name, rows in row_versions(database).items() if rows != versions[name]}
    assert written == {"cron.job", "supacron.job", "supacron.release"}


def test_applying_again_writes_nothing(database: Database, connection: psycopg.Connection) -> None:
    desired = stack({"a": sql_job(enabled=False), "b": http_job(auth="key")}, SLOTS)
    apply_here(database, desired, VALUES)
    before = row_versions(database)
    again = apply_here(database, desired, VALUES)
    assert not again.wrote
    assert again.plan.changes == ()
    assert row_versions(database) == before
    assert one(connection, "select count(*) from supacron.release") == 1


def test_a_removed_job_is_unscheduled(database: Database, connection: psycopg.Connection) -> None:
    connection.execute("select cron.schedule('by-hand', '1 1 * * *', 'select 1')")
    connection.execute("select cron.schedule('2 2 * * *', 'select 2')")
    others = [row for row in state(connection)["cron.job"] if row["jobname"] in ("by-hand", None)]
    apply_here(database, stack({"a": sql_job(), "b": sql_job()}))
    applied = apply_here(database, stack({"b": sql_job()}))
    assert set(cron_rows(connection)) == {"b", "by-hand", None, *RUNTIME_JOBS}
    assert [row for row in state(connection)["cron.job"] if row["jobname"] in ("by-hand", None)] == others
    assert set(applied.plan.unmanaged) == {"by-hand", f"(jobid {others[1]['jobid']}, without a name)"}
    assert not apply_here(database, stack({"b": sql_job()})).wrote


def test_a_job_made_by_hand_is_refused_and_can_be_adopted(database: Database, connection: psycopg.Connection) -> None:
    jobid = one(connection, "select cron.schedule('mine', '1 1 * * *', 'select 42')")
    with database.superuser() as superuser:
        superuser.execute(
            "insert into cron.job_run_details (jobid, runid, database, username, command, status, start_time, end_time)"
            " values (%s, 900001, 'postgres', 'postgres', 'select 42', 'succeeded', now() - interval '1 hour', now())",
            [jobid],
        )
    before = state(connection)
    with pytest.raises(PlanRefused, match=r"(?s)jobs\.mine: .*did not make.*adopt: true"):
        apply_here(database, stack({"other": sql_job(), "mine": sql_job()}))
    assert state(connection) == before
    applied = apply_here(database, stack({"mine": sql_job(adopt=True)}))
    assert "> job mine (jobid 1 stays)".replace("1", str(jobid)) in map(str, applied.plan.changes)
    assert cron_rows(connection)["mine"][:3] == (jobid, "0 3 * * *", "select 1")
    connection.execute("select supacron.collect()")
    assert one(connection, "select count(*) from supacron.run") == 0, "what it did before is not its history"
    assert one(connection, "select count(*) from cron.job_run_details where runid = 900001") == 1
    assert not apply_here(database, stack({"mine": sql_job(adopt=True)})).wrote


def test_an_adopted_job_that_was_inactive_follows_the_definition(
    database: Database, connection: psycopg.Connection
) -> None:
    jobid = one(connection, "select cron.schedule('mine', '0 3 * * *', 'select 1')")
    connection.execute("select cron.alter_job(%s, active := false)", [jobid])
    apply_here(database, stack({"mine": sql_job(adopt=True)}))
    assert cron_rows(connection)["mine"][:4] == (jobid, "0 3 * * *", "select 1", True)


def test_a_job_of_another_role_is_refused(database: Database, connection: psycopg.Connection) -> None:
    with database.superuser() as superuser:
        superuser.execute("select cron.schedule('taken', '1 1 * * *', 'select 1')")
    with pytest.raises(PlanRefused, match="belongs to the role supabase_admin"):
        apply_here(database, stack({"taken": sql_job(adopt=True)}))
    assert one(connection, "select to_regnamespace('supacron')") is None


def test_a_rename_keeps_the_recorded_runs(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({"old": http_job(auth="key")}, SLOTS), VALUES)
    run = one(connection, "select supacron.trigger_job('old', 'me')")
    jobid = cron_rows(connection)["old"][0]
    renamed = stack({"new": http_job(auth="key", renamed_from="old", schedule="1 2 * * *")}, SLOTS)
    applied = apply_here(database, renamed, VALUES)
    assert [str(change) for change in applied.plan.changes] == [
        "> job new (a new jobid; the recorded runs stay with it)"
    ]
    assert set(cron_rows(connection)) == {"new", *RUNTIME_JOBS}
    assert cron_rows(connection)["new"][0] != jobid
    assert cron_rows(connection)["new"][2] == "select supacron.call('new')"
    assert one(connection, "select last_run_id from supacron.job_status where name = 'new'") == run
    assert not apply_here(database, renamed, VALUES).wrote


def test_a_rename_onto_the_name_of_a_removed_job(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({"a": sql_job(), "b": sql_job()}))
    apply_here(database, stack({"b": sql_job()}))
    apply_here(database, stack({"a": sql_job(renamed_from="b")}))
    assert set(cron_rows(connection)) == {"a", *RUNTIME_JOBS}
    names = connection.execute("select name, removed_at is null from supacron.job order by id").fetchall()
    assert names == [("a (removed 1)", False), ("a", True)]


def test_a_pause_moves_along_with_a_rename_only(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({"a": sql_job()}))
    pause(connection, "a")
    renamed = sql_job(renamed_from="a")
    apply_here(database, stack({"b": renamed}))
    assert cron_rows(connection)["b"][3] is False
    connection.execute("delete from supacron.pause")
    apply_here(database, stack({"b": renamed, "a": sql_job()}))
    assert cron_rows(connection)["b"][3] is True
    pause(connection, "a")
    assert not apply_here(database, stack({"b": renamed, "a": sql_job()})).wrote, "b is another job by now"
    assert cron_rows(connection)["b"][3] is True


def pause(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        "insert into supacron.pause (job_id, paused_by, reason) select id, 'Ada', 'maintenance'"
        " from supacron.job where name = %s and removed_at is null",
        [name],
    )
    connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = %s", [name])


def test_enabled_is_reconciled_and_a_pause_is_kept(database: Database, connection: psycopg.Connection) -> None:
    def active() -> bool:
        return bool(cron_rows(connection)["a"][3])

    apply_here(database, stack({"a": sql_job(enabled=False)}))
    assert not active()
    apply_here(database, stack({"a": sql_job()}))
    assert active()
    connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'a'")
    applied = apply_here(database, stack({"a": sql_job()}))
    assert [change.drift for change in applied.plan.changes] == [True], "somebody stopped it without a pause"
    assert active()

    pause(connection, "a")
    applied = apply_here(database, stack({"a": sql_job()}))
    assert not applied.wrote
    assert applied.plan.paused == {"a": "maintenance (Ada)"}
    apply_here(database, stack({"a": sql_job(schedule="9 9 * * *")}))
    assert cron_rows(connection)["a"][1:4] == ("9 9 * * *", "select 1", False)


def test_what_was_changed_outside_is_repaired(database: Database, connection: psycopg.Connection) -> None:
    desired = stack({"a": sql_job(), "b": sql_job()})
    apply_here(database, desired)
    connection.execute("select cron.alter_job(jobid, command := 'select 666') from cron.job where jobname = 'a'")
    connection.execute("select cron.unschedule('b')")
    connection.execute("grant select on supacron.run to anon")
    connection.execute("select cron.unschedule('supacron-prune')")
    applied = apply_here(database, desired)
    assert all(change.drift for change in applied.plan.changes)
    assert len(applied.plan.changes) == 4
    rows = cron_rows(connection)
    assert rows["a"][2] == "select 1"
    assert set(rows) == {"a", "b", *RUNTIME_JOBS}
    assert one(connection, "select has_table_privilege('anon', 'supacron.run', 'select')") is False
    assert not apply_here(database, desired).wrote


def test_all_or_nothing(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({"a": http_job(auth="key")}, SLOTS), VALUES)
    before = state(connection)
    # pg_cron itself refuses the last of them, in the statement that schedules.
    broken = {f"j{number:03}": sql_job() for number in range(50)} | {
        "z-last": sql_job("select 1", schedule="0 0 1 1 *")
    }
    with database.superuser() as superuser:
        superuser.execute(
            "create function public.refuse() returns trigger language plpgsql as"
            " $$ begin if new.jobname = 'z-last' then raise exception 'no room for %', new.jobname; end if;"
            " return new; end $$"
        )
        superuser.execute(
            "create trigger refuse before insert on cron.job for each row execute function public.refuse()"
        )
        try:
            with pytest.raises(
                SupacronError, match=r"could not create jobs: no room for z-last .* Nothing was written"
            ):
                apply_here(database, stack(broken, SLOTS), {"key": "another value"})
        finally:
            superuser.execute("drop trigger refuse on cron.job")
    assert state(connection) == before


def test_a_job_that_comes_back_has_its_history(database: Database, connection: psycopg.Connection) -> None:
    desired = stack({"a": http_job(auth="key")}, SLOTS)
    apply_here(database, desired, VALUES)
    run = one(connection, "select supacron.trigger_job('a', 'me')")
    apply_here(database, stack({}, SLOTS))
    assert one(connection, "select count(*) from supacron.job_status") == 0
    apply_here(database, desired)
    assert one(connection, "select last_run_id from supacron.job_status where name = 'a'") == run


def test_two_stacks_in_one_database(database: Database, connection: psycopg.Connection) -> None:
    mine = stack({"a": http_job(auth="key")}, SLOTS)
    theirs = stack({"b": http_job(auth="key")}, {"key": secret("supacron/other/key")}, name="other")
    apply_here(database, mine, VALUES)
    apply_here(database, theirs, {"key": "their value"})
    with pytest.raises(PlanRefused, match="belongs to the stack other"):
        apply_here(database, stack({"a": http_job(auth="key"), "b": sql_job()}, SLOTS))
    kept = state(connection)
    assert destroy_here(database, mine, with_data=True)
    left = state(connection)
    assert [row["jobname"] for row in left["cron.job"]] == [
        row["jobname"] for row in kept["cron.job"] if row["jobname"] != "a"
    ]
    assert left["job"] == [row for row in kept["job"] if row["stack"] == "other"]
    assert {row["name"] for row in left["vault"]} == {"supacron/fingerprint-key", "supacron/other/key"}
    assert not apply_here(database, theirs, {"key": "their value"}).wrote


def test_destroy_keeps_data_and_history(database: Database, connection: psycopg.Connection) -> None:
    desired = stack({"a": http_job(auth="key")}, SLOTS)
    apply_here(database, desired, VALUES)
    run = one(connection, "select supacron.trigger_job('a', 'me')")
    assert destroy_here(database, desired)
    assert cron_rows(connection) == {}
    assert one(connection, "select decrypted_secret from vault.decrypted_secrets where name = 'supacron/main/key'")
    assert one(connection, "select id from supacron.run") == run
    assert not destroy_here(database, desired), "nothing is left to do"
    applied = apply_here(database, desired)
    assert not any(change.drift for change in applied.plan.changes)
    assert one(connection, "select last_run_id from supacron.job_status") == run
    assert set(cron_rows(connection)) == {"a", *RUNTIME_JOBS}


@pytest.mark.parametrize("kept_first", [False, True])
def test_the_last_destroy_with_data_leaves_nothing(
    database: Database, connection: psycopg.Connection, kept_first: bool
) -> None:
    connection.execute("select cron.schedule('by-hand', '1 1 1 1 *', 'select 1')")
    connection.execute("select vault.create_secret('theirs', 'not-ours')")
    before = catalogue(connection)
    mine = stack({"a": http_job(auth="key"), "b": sql_job()}, {"key": secret("supacron/main/key")})
    other = stack({"c": http_job(auth="key")}, {"key": secret("supacron/other/key")}, name="other")
    apply_here(database, mine, VALUES)
    apply_here(database, other, {"key": "another value"})
    moved = stack({"b2": sql_job(renamed_from="b")}, {"key": secret("elsewhere/key")})
    apply_here(database, moved, VALUES)
    with database.superuser() as superuser:
        superuser.execute(
            "insert into cron.job_run_details (jobid, runid, database, username, command, status, start_time, end_time)"
            " select jobid, 900000 + jobid, 'postgres', 'postgres', command, 'succeeded', now(), now() from cron.job"
            " where jobname <> 'by-hand'"
        )
    if kept_first:
        destroy_here(database, moved)
    assert destroy_here(database, moved, with_data=True)
    assert destroy_here(database, other, with_data=True)
    wait_for_idle_cron(connection)
    assert catalogue(connection) == before
    assert not destroy_here(database, mine, with_data=True)


def wait_for_idle_cron(connection: psycopg.Connection) -> None:
    """A run of the collector that began before the destroy may still write its row: pg_cron's, not ours."""
    connection.execute(
        "delete from cron.job_run_details"
        " where command like 'select supacron.%' and jobid not in (select jobid from cron.job)"
    )
