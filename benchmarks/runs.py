"""What a run costs, and how a herd leaves.

    python -m benchmarks.runs [call] [collect] [herd]

`call`: one run through the runtime beside a bare `net.http_post`, COMMIT included in both, with the key from Vault in
both and with none of it in either. `collect`: the collector's
time for 100 answers with more and more outcomes stored. `herd`: 1,000 jobs due on one minute, a receiver
that takes 50 requests a second. Each is on a cluster of its own with the stand-ins of local/.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack

from supacron.model.desired import DesiredLimit
from tests.support.database import Database, running_database
from tests.support.receiver import Answer, Received, Receiver
from tests.support.stacks import apply_here, http_job, secret, stack

JOBS = 1000
PER_SECOND = 50
CAP = 50
YEARLY = "0 0 1 1 *"
# What is bare, and the job that does the same.
PAIRS = (("the key from Vault", "keyed"), ("the key in its text", "open"))


class SlowReceiver(Receiver):
    """Takes `PER_SECOND` requests a second, one after the other; whoever comes meanwhile stands in line."""

    def __init__(self) -> None:
        super().__init__()
        self._desk = threading.Lock()

    def record(self, request: Received) -> Answer:
        with self.counted(), self._desk:
            time.sleep(1 / PER_SECOND)
        return super().record(request)


def side_by_side(database: Database, queries: Mapping[str, str], rounds: int = 2000) -> None:
    """Each query in a session of its own, by turns, so that what the machine does meanwhile falls on all of them.

    In one session they would plan pg_net's statements anew at each turn: they see it with different search paths.
    """
    times: dict[str, list[float]] = {name: [] for name in queries}
    with ExitStack() as stack:
        sessions = {name: stack.enter_context(database.connect()) for name in queries}
        for turn in range(rounds + 50):
            for name, query in queries.items():
                begun = time.perf_counter()
                sessions[name].execute(query.encode())
                if turn >= 50:
                    times[name].append(time.perf_counter() - begun)
    tell(times, "in a session that has run it before")


def as_pg_cron_does(database: Database, queries: Mapping[str, str], rounds: int = 200) -> None:
    """A session for each run, from its start to its end."""
    times: dict[str, list[float]] = {name: [] for name in queries}
    for _ in range(rounds):
        for name, query in queries.items():
            begun = time.perf_counter()
            with database.connect() as session:
                session.execute(query.encode())
            times[name].append(time.perf_counter() - begun)
    tell(times, "in a new session, with its start and end")


def tell(times: Mapping[str, list[float]], where: str) -> None:
    medians = {name: statistics.median(each) for name, each in times.items()}
    for bare, ours in PAIRS:
        print(
            f"call, {where}: {bare} {medians[bare] * 1000:.3f} ms, supacron.call {medians[ours] * 1000:.3f} ms,"
            f" ratio {medians[ours] / medians[bare]:.2f}"
        )


def call(database: Database) -> None:
    url = "http://127.0.0.1:9/"
    job = http_job(url, schedule=YEARLY, auth="key", overlap="allow")
    open_job = http_job(url, schedule=YEARLY, overlap="allow")
    apply_here(database, stack({"keyed": job, "open": open_job}, {"key": secret("k")}), {"key": "v"})
    bare = (
        "select net.http_post(url := 'http://127.0.0.1:9/', body := '{{\"batch_size\": 20}}',"
        " timeout_milliseconds := 3000, headers := {})"
    )
    from_vault = (
        "jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' ||"
        " (select decrypted_secret from vault.decrypted_secrets where name = 'k'))"
    )
    queries = {
        "the key from Vault": bare.format(from_vault),
        "keyed": "select supacron.call('keyed')",
        "the key in its text": bare.format(
            """'{"Content-Type": "application/json", "Authorization": "Bearer v"}'::jsonb"""
        ),
        "open": "select supacron.call('open')",
    }
    database.worker.stop()
    side_by_side(database, queries)
    as_pg_cron_does(database, queries)
    database.worker.start()


def collect(database: Database) -> None:
    apply_here(database, stack({"plain": http_job(schedule=YEARLY, overlap="allow")}))
    database.worker.stop()
    with database.superuser() as superuser, database.connect() as connection:
        superuser.execute("select cron.alter_job(jobid, active := false) from cron.job")
        stored = 0
        for target in (1_000, 10_000, 100_000, 1_000_000):
            superuser.execute(
                "insert into supacron.run (job_id, trigger, request_id, queued_at, deadline, outcome, status_code)"
                " select 1, 'schedule', -g, now() - g * interval '1 s', now() - g * interval '1 s', 'ok', 200"
                " from generate_series(%s::integer, %s::integer) g",
                [stored + 1, target],
            )
            stored = target
            superuser.execute("vacuum analyze supacron.run")
            times = []
            for _ in range(9):
                superuser.execute("truncate net.http_request_queue, net._http_response")
                connection.execute("select supacron.call('plain') from generate_series(1, 100)")
                superuser.execute(
                    "insert into net._http_response (id, status_code, timed_out)"
                    " select id, 200, false from net.http_request_queue"
                )
                begun = time.perf_counter()
                row = connection.execute("select supacron.collect_answers()").fetchone()
                times.append(time.perf_counter() - begun)
                if row != (100,):
                    raise SystemExit(f"collected {row}")
            print(f"collect: {target:>9,} stored, {statistics.median(times) * 10:.3f} ms an outcome")
    database.worker.start()


def herd(database: Database) -> None:
    receiver = SlowReceiver()
    with database.connect() as connection:
        row = connection.execute(
            "select to_char(t, 'FMMI FMHH24'), extract(epoch from t) from (select date_trunc('minute', now())"
            " + case when extract(second from now()) < 40 then interval '1 min' else interval '2 min' end as t) d"
        ).fetchone()
        if row is None:
            raise SystemExit("no time")
        due, moment = f"{row[0]} * * *", float(row[1])
        jobs = {
            f"job-{number:04}": http_job(
                f"{receiver.url}/{number}", schedule=due, timeout_ms=30_000, limits=("target",)
            )
            for number in range(JOBS)
        }
        limits = {"target": DesiredLimit(concurrency=CAP, per_second=PER_SECOND)}
        apply_here(database, stack(jobs, limits=limits))
        while time.time() < moment + 180:
            time.sleep(1)
            found = connection.execute(
                "select outcome, attempt, count(*) from supacron.run group by 1, 2 order by 3 desc"
            ).fetchall()
            if found and found[0] == ("ok", 1, JOBS):
                break
        last = connection.execute("select extract(epoch from max(seen_at)) from supacron.run").fetchone()
    paths = Counter(request.path for request in receiver.requests)
    print(f"herd: {found}; all seen {float(last[0]) - moment:.0f} s after they were due" if last and last[0] else found)
    print(f"herd: {len(paths)} of {JOBS} arrived, at most {max(paths.values())} times, {receiver.most_at_once} at once")
    receiver.close()


def main() -> None:
    wanted = sys.argv[1:] or ["call", "collect", "herd"]
    for name in wanted:
        with running_database() as database:
            {"call": call, "collect": collect, "herd": herd}[name](database)


if __name__ == "__main__":
    main()
