"""supacron.collect_cron_runs: what pg_cron's history alone can tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.runtime import Runtime
from tests.support.pg_cron import A_MINUTE, pg_cron_has_heard
from tests.support.stacks import apply_here, secret, sql_job, stack

pytestmark = pytest.mark.slow


def recorded(runtime: Runtime) -> list[tuple[Any, ...]]:
    """Job, runid, outcome and error of every run, by runid."""
    return runtime.all(
        "select j.name, r.cron_runid, r.outcome, r.error from supacron.run r join supacron.job j on j.id = r.job_id"
        " order by r.cron_runid"
    )


def seen(runtime: Runtime) -> int:
    return int(runtime.one("select collected_runid from supacron.runtime"))


def test_sql_jobs(runtime: Runtime) -> None:
    runtime.cron_run(101, "sql", message="1 row", start="9 minutes", end="8 minutes")
    runtime.cron_run(102, "sql", "failed", message="ERROR:  division by zero")
    assert runtime.collect() == 2
    assert recorded(runtime) == [("sql", 101, "ok", None), ("sql", 102, "failed", "ERROR:  division by zero")]
    assert runtime.one("select seen_at - queued_at = interval '1 minute' from supacron.run where cron_runid = 101")
    assert runtime.collect() == 0
    assert len(recorded(runtime)) == 2


def test_http_jobs_leave_a_trace_only_when_the_call_failed(runtime: Runtime) -> None:
    runtime.cron_run(101, "http", message="1 row")
    runtime.cron_run(102, "http", "failed", message='ERROR:  supacron: secret "key" is missing')
    runtime.cron_run(103, "http", "failed", message="connection failed", start=None)
    runtime.collect()
    assert recorded(runtime) == [
        ("http", 102, "failed", 'ERROR:  supacron: secret "key" is missing'),
        ("http", 103, "failed", "connection failed"),
    ]
    assert seen(runtime) == 103


@pytest.mark.pg_cron
def test_a_real_run_of_pg_cron(runtime: Runtime) -> None:
    """Both kinds, by the minute: the text of an error, and one run a call."""
    with runtime.superuser.transaction():
        for name in ("sql", "http"):
            runtime.connection.execute("select cron.alter_job(%s, schedule := '* * * * *')", [runtime.jobid(name)])
    runtime.connection.execute("select cron.alter_job(%s, command := 'select 1/0')", [runtime.jobid("sql")])
    pg_cron_has_heard(runtime.database)

    def both() -> bool:
        runtime.collect()
        return int(runtime.one("select count(distinct job_id) from supacron.run where outcome is not null")) == 2

    runtime.eventually(both, "pg_cron runs both", A_MINUTE)
    rows = runtime.all(
        "select j.name, r.trigger, r.outcome, r.error from supacron.run r join supacron.job j on j.id = r.job_id"
        " order by j.name, r.id"
    )
    assert rows[0] == ("http", "schedule", "ok", None)
    assert rows[-1][:3] == ("sql", "schedule", "failed")
    assert rows[-1][3].startswith("ERROR:  division by zero")


def test_runs_that_finish_out_of_order(runtime: Runtime) -> None:
    runtime.cron_run(101, "sql", "running", start="10 minutes", end=None)
    runtime.cron_run(102, "sql")
    runtime.cron_run(103, "sql", "starting", start=None, end=None)
    runtime.cron_run(104, "sql")
    runtime.collect()
    assert [row[1] for row in recorded(runtime)] == [102, 104]
    assert seen(runtime) == 100
    runtime.superuser.execute(
        "update cron.job_run_details set status = 'succeeded', end_time = now() where runid = 101"
    )
    runtime.collect()
    assert [row[1] for row in recorded(runtime)] == [101, 102, 104]
    assert seen(runtime) == 102
    runtime.superuser.execute("update cron.job_run_details set status = 'failed', end_time = now() where runid = 103")
    runtime.collect()
    assert [row[:3] for row in recorded(runtime)] == [
        ("sql", 101, "ok"),
        ("sql", 102, "ok"),
        ("sql", 103, "failed"),
        ("sql", 104, "ok"),
    ]
    assert seen(runtime) == 104


def test_runs_that_never_finish_do_not_hold_it_up(runtime: Runtime) -> None:
    """After a day; one that never started has no time of its own, and is as old as its neighbours."""
    runtime.cron_run(101, "sql", "running", start="25 hours", end=None)
    runtime.cron_run(102, "sql", "starting", start=None, end=None)
    runtime.cron_run(103, "sql", start="24 hours", end="24 hours")
    runtime.cron_run(104, "sql", "starting", start=None, end=None)
    runtime.cron_run(105, "sql")
    runtime.collect()
    assert seen(runtime) == 103
    assert [row[1] for row in recorded(runtime)] == [105], "103 was before the job was ours"


def test_what_an_adopted_job_did_before_is_not_its_history(runtime: Runtime) -> None:
    jobid = runtime.one("select cron.schedule('mine', '0 0 1 1 *', 'select 1')")
    runtime.cron_run(101, "mine", start="1 hour", end="1 hour")
    apply_here(
        runtime.database,
        stack({"mine": sql_job(schedule="0 0 1 1 *", adopt=True)}, {"key": secret("supacron/main/key")}),
    )
    assert runtime.jobid("mine") == jobid
    runtime.cron_run(102, "mine", start="-1 seconds", end="-2 seconds")
    runtime.collect()
    assert recorded(runtime) == [("mine", 102, "ok", None)]


def test_what_ran_under_an_earlier_jobid_is_counted(runtime: Runtime) -> None:
    old = runtime.jobid("sql")
    renamed = stack({"other": sql_job(renamed_from="sql")}, {"key": secret("supacron/main/key")})
    apply_here(runtime.database, renamed)
    assert runtime.jobid("other") != old
    runtime.cron_run(101, old)
    runtime.cron_run(102, "other", start="-1 seconds", end="-2 seconds")
    runtime.collect()
    assert recorded(runtime) == [("other", 101, "ok", None), ("other", 102, "ok", None)]


def test_other_peoples_runs_are_not_ours(runtime: Runtime) -> None:
    runtime.connection.execute("select cron.schedule('theirs', '0 0 1 1 *', 'select 1')")
    runtime.cron_run(101, "theirs")
    runtime.cron_run(102, 4711, "failed", message="no such job any more")
    assert runtime.collect() == 0
    assert seen(runtime) == 102


def test_errors_are_redacted(runtime: Runtime) -> None:
    runtime.cron_run(101, "sql", "failed", message='ERROR:  bad input: "value-of-the-key"\nDETAIL: Bearer abc.def')
    runtime.collect()
    assert recorded(runtime)[0][3] == 'ERROR:  bad input: "********"\nDETAIL: Bearer ********'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, None),
        ("plain", "plain"),
        ("a value-of-the-key b value-of-the-key", "a ******** b ********"),
        ("jwt eyJhbGciOiJI.eyJpc3MiOiJz.c2lnbmF0dXJl end", "jwt ******** end"),
        ("half eyJhbGciOiJI", "half ********"),
        ("sb_secret_abc-DEF_1 and sb_publishable_x", "******** and ********"),
        ("Authorization: Bearer opaque-token, next", "Authorization: Bearer ********, next"),
        ('{"apikey": "opaque", "other": 1}', '{"apikey": "********", "other": 1}'),
        ("postgresql://u:secret@host/db", "postgresql://u:********@host/db"),
        ("the bearer bonds", "the bearer ********"),
        ("x" * 600, "x" * 500),
    ],
)
def test_redact(runtime: Runtime, text: str | None, shown: str | None) -> None:
    assert runtime.one("select supacron.redact(%s)", text) == shown


def test_redact_without_a_readable_vault(runtime: Runtime) -> None:
    runtime.superuser.execute("update vault.secrets set nonce = vault._crypto_aead_det_noncegen()")
    assert "Vault cannot be read" in runtime.one("select supacron.redact('value-of-the-key')")


def test_pauses_end(runtime: Runtime) -> None:
    runtime.connection.execute(
        "insert into supacron.pause (job_id, paused_by, reason, until)"
        " select id, 'Ada', 'test', case name when 'http' then now() - interval '1 s'"
        " when 'sql' then now() + interval '1 h' end from supacron.job where name in ('http', 'sql', 'open')"
    )
    runtime.connection.execute("select cron.alter_job(jobid, active := false) from cron.job where active")
    assert runtime.one("select supacron.resume_due()") == 1
    assert runtime.all("select jobname from cron.job where active") == [("http",)]
    left = runtime.all("select j.name from supacron.pause p join supacron.job j on j.id = p.job_id order by 1")
    assert left == [("open",), ("sql",)]
    assert runtime.one("select supacron.resume_due()") == 0


@pytest.mark.parametrize(
    "change",
    [
        "update supacron.job set enabled = false where name = 'http'",
        "select cron.unschedule('http')",
        "select cron.alter_job(jobid, active := true) from cron.job where jobname = 'http'",
    ],
)
def test_a_pause_ends_whatever_became_of_the_job(runtime: Runtime, change: str) -> None:
    runtime.connection.execute(
        "insert into supacron.pause (job_id, paused_by, reason, until)"
        " select id, 'Ada', 'test', now() - interval '1 s' from supacron.job where name = 'http'"
    )
    runtime.connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'http'")
    runtime.connection.execute(change.encode())
    before = runtime.all("select jobname, active from cron.job")
    runtime.collect()
    assert runtime.one("select count(*) from supacron.pause") == 0
    assert runtime.all("select jobname, active from cron.job") == before
