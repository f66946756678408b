"""supacron.prune: each stack's history for as long as the stack says, and nobody else's."""

from __future__ import annotations

import pytest

from tests.runtime.runtime import Runtime
from tests.support.stacks import apply_here, sql_job, stack

pytestmark = pytest.mark.slow

HOUR_MS = 3_600_000


def runs(runtime: Runtime) -> list[int]:
    return [number for (number,) in runtime.all("select request_id from supacron.run order by 1")]


def history(runtime: Runtime) -> list[int]:
    return [number for (number,) in runtime.all("select runid from cron.job_run_details order by 1")]


def add_runs(runtime: Runtime, job: str, first: int, count: int, ago: str) -> None:
    runtime.connection.execute(
        "insert into supacron.run (job_id, trigger, request_id, queued_at, outcome)"
        " select id, 'schedule', g, now() - %s::interval, 'ok' from supacron.job, generate_series(%s::bigint, %s) g"
        " where name = %s",
        [ago, first, first + count - 1, job],
    )


def test_outcomes(runtime: Runtime) -> None:
    """Kept for 30 days in this stack, for an hour in the other; waiting ones go too."""
    apply_here(runtime.database, stack({"brief": sql_job()}, name="other", runs_ms=HOUR_MS))
    add_runs(runtime, "http", 1, 3, "31 days")
    add_runs(runtime, "http", 10, 2, "29 days")
    add_runs(runtime, "brief", 20, 2, "61 minutes")
    add_runs(runtime, "brief", 30, 2, "59 minutes")
    runtime.connection.execute("update supacron.run set outcome = null where request_id in (1, 10)")
    assert runtime.one("select supacron.prune()") == 5
    assert runs(runtime) == [10, 11, 30, 31]
    assert runtime.one("select supacron.prune()") == 0


def test_in_bounded_batches(runtime: Runtime) -> None:
    add_runs(runtime, "http", 1, 25, "31 days")
    assert runtime.one("select supacron.prune(batch := 10, batches := 2)") == 20
    assert runtime.one("select supacron.prune(batch := 10, batches := 2)") == 5
    for number in range(7):
        runtime.cron_run(100 + number, "sql", start="8 days", end="8 days")
    assert runtime.one("select supacron.prune(batch := 2, batches := 2)") == 4
    assert runtime.one("select supacron.prune(batch := 2, batches := 2)") == 3
    assert history(runtime) == []


def test_history_of_pg_cron(runtime: Runtime) -> None:
    runtime.connection.execute("select cron.schedule('theirs', '0 0 1 1 *', 'select 1')")
    runtime.cron_run(101, "sql", start="9 days", end="8 days")
    runtime.cron_run(102, "sql", "starting", start=None, end=None)
    runtime.cron_run(103, "sql", "running", start="8 days", end=None)
    runtime.cron_run(104, "sql", start="8 days", end="6 days")
    runtime.cron_run(105, "sql", "starting", start=None, end=None)
    runtime.cron_run(106, "sql", "running", start="6 days", end=None)
    runtime.cron_run(107, "sql", start="6 days", end="6 days")
    # Not ours: of any age, and of any shape.
    runtime.cron_run(91, "theirs", start="90 days", end="90 days")
    runtime.cron_run(92, "theirs", "starting", start=None, end=None)
    runtime.cron_run(93, 4711, start="90 days", end="90 days")
    assert runtime.one("select supacron.prune()") == 3
    # 102 lies before a row that started long ago; 105 may be younger.
    assert history(runtime) == [91, 92, 93, 104, 105, 106, 107]


def test_the_history_of_an_earlier_jobid(runtime: Runtime) -> None:
    old = runtime.jobid("sql")
    apply_here(runtime.database, stack({"renamed": sql_job(renamed_from="sql")}))
    runtime.cron_run(101, old, start="8 days", end="8 days")
    runtime.cron_run(102, old, start="6 days", end="6 days")
    runtime.connection.execute("select supacron.prune()")
    assert history(runtime) == [102]


def test_the_runtimes_own_history_is_kept_for_a_day(runtime: Runtime) -> None:
    runtime.connection.execute("select cron.schedule('supacron-queue', '0 0 1 1 *', 'select 1')")
    for number, name in enumerate(("supacron-collect", "supacron-dispatch", "supacron-prune", "supacron-queue")):
        runtime.cron_run(101 + 10 * number, name, start="25 hours", end="25 hours")
        runtime.cron_run(102 + 10 * number, name, start="23 hours", end="23 hours")
    runtime.connection.execute("select supacron.prune()")
    assert history(runtime) == [102, 112, 122, 132]


def test_history_of_a_removed_job_is_pruned_too(runtime: Runtime) -> None:
    old = runtime.jobid("sql")
    apply_here(runtime.database, stack({}))
    runtime.cron_run(101, old, start="8 days", end="8 days")
    assert runtime.one("select supacron.prune()") == 1


def test_rows_that_scrub_moved_go_as_those_they_were(runtime: Runtime) -> None:
    """Those of other people's jobs stay, in bounded batches."""
    for number, (job, ago) in enumerate([("sql", "8 days"), ("sql", "8 days"), ("sql", "6 days"), (999, "8 days")]):
        jobid = runtime.jobid(job) if isinstance(job, str) else job
        runtime.connection.execute(
            "insert into supacron.scrubbed_run (runid, jobid, end_time) values (%s, %s, now() - %s::interval)",
            [number, jobid, ago],
        )
    assert runtime.one("select supacron.prune(batch := 1, batches := 1)") == 1
    assert runtime.one("select supacron.prune()") == 1
    assert runtime.all("select runid from supacron.scrubbed_run order by 1") == [(2,), (3,)]
