"""How many jobs, each a row of cron.job, may be due on one minute.

    python -m benchmarks.scale [JOBS ...]

For each number a cluster of its own: that many HTTP jobs due on one minute, started by the real pg_cron through the
runtime. pg_net's worker is stopped: the answers are written once all have started, so that pg_cron alone is measured.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import psutil
import psycopg

from tests.support.database import Database, running_database
from tests.support.pg_cron import pg_cron_has_heard
from tests.support.stacks import apply_here, http_job, stack

NUMBERS = (1_000, 3_000, 10_000)
PATIENCE = 900
IDLE = 5
MIB = 1024 * 1024


@dataclass(frozen=True)
class Launcher:
    """pg_cron's own process: memory that is its alone, and the processor's time that it has taken."""

    mib: float
    seconds: float
    others: float
    """What the sessions of runs took that have ended, and whatever else the server has started and seen end."""

    @classmethod
    def now(cls, database: Database) -> Launcher:
        with database.superuser() as connection:
            process = psutil.Process(
                one(connection, "select pid from pg_stat_activity where backend_type = 'pg_cron launcher'")
            )
        server = process.parent()
        if server is None:
            raise SystemExit("pg_cron's launcher is an orphan")
        times, ended = process.cpu_times(), server.cpu_times()
        return cls(
            process.memory_full_info().uss / MIB,
            times.user + times.system,
            ended.children_user + ended.children_system,
        )


def one(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    if row is None:
        raise SystemExit(f"nothing came of: {query}")
    return int(row[0])


def measure(database: Database, jobs: int) -> None:
    database.worker.stop()
    with database.connect() as connection, database.superuser() as superuser:
        yearly = {f"job-{number:05}": http_job(schedule="0 0 1 1 *", overlap="allow") for number in range(jobs)}
        apply_here(database, stack(yearly))
        # The rest of the runtime runs beside, as it always does.
        seconds = 60 - time.time() % 60 + (60 if jobs > 1_000 else 0)
        moment = time.time() + (seconds if seconds > 20 else seconds + 60)
        due = time.strftime("%-M %-H * * *", time.gmtime(moment))
        superuser.execute("update cron.job set schedule = %s where jobname like 'job-%%'", [due])
        pg_cron_has_heard(database)
        before = Launcher.now(database)
        time.sleep(IDLE)
        idle = Launcher.now(database)
        if time.time() > moment:
            raise SystemExit("the machine was too slow to be ready before the minute")
        size = one(connection, "select pg_total_relation_size('cron.job_run_details')")
        moment -= moment % 60
        ours = "from cron.job_run_details d join cron.job j using (jobid) where j.jobname like 'job-%'"
        while one(connection, f"select count(*) {ours} and d.end_time is not null") < jobs:
            if time.time() > moment + PATIENCE:
                break
            time.sleep(1)
        after = Launcher.now(database)
        row = connection.execute(
            f"select count(*), count(*) filter (where d.status <> 'succeeded'),"
            f" extract(epoch from max(d.start_time)) - %s, extract(epoch from max(d.end_time)) - %s {ours}".replace(
                "'job-%'", "'job-%%'"
            ).encode(),
            [moment, moment],
        ).fetchone()
        grown = one(connection, "select pg_total_relation_size('cron.job_run_details')") - size
        recorded = one(connection, "select count(*) from supacron.run where request_id is not null")
        awaited = one(connection, "select count(*) from supacron.run where outcome is null")
        missed = one(connection, "select count(*) from supacron.run where outcome = 'missed'")
        superuser.execute(
            "insert into net._http_response (id, status_code, timed_out)"
            " select id, 200, false from net.http_request_queue"
        )
        begun = time.perf_counter()
        connection.execute("select supacron.collect()")
        collected = time.perf_counter() - begun
    if row is None:
        raise SystemExit("pg_cron has started nothing")
    started, failed, last_start, last_end = row
    print(
        f"scale: {jobs:>6,} due: {started:,} started, {failed} failed, {recorded:,} recorded, {missed} missed;"
        f" the last began after {last_start:.1f} s and ended after {last_end:.1f} s:"
        f" {started / float(last_end) * 60:,.0f} a minute"
    )
    print(
        f"scale: {jobs:>6,} due: pg_cron's launcher {after.mib:.0f} MiB,"
        f" idle {(idle.seconds - before.seconds) / IDLE:.1%};"
        f" of a processor each run took {(after.seconds - idle.seconds) / started * 1000:.1f} ms of the launcher and"
        f" {(after.others - idle.others) / started * 1000:.1f} ms of a session"
    )
    print(
        f"scale: {jobs:>6,} due: cron.job_run_details grew by {grown / started:.0f} bytes a run;"
        f" the collector took {collected / max(awaited, 1) * 1000:.2f} ms an outcome"
    )
    database.worker.start()


def main() -> None:
    for number in [int(argument) for argument in sys.argv[1:]] or NUMBERS:
        with running_database() as database:
            measure(database, number)


if __name__ == "__main__":
    main()
