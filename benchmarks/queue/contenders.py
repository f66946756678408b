"""How each queue is driven: the same work, in each queue's own terms.

`claim` and `settle` are statements by batch; a batch that is not there is not offered by the queue. `:b` is the batch,
`:n` the number of jobs to add, `:ids` (and `:token`) what the claim returned. A worker claims, commits, settles and
commits; where a queue offers both in one call, that is a contender of its own, whose `settle` is empty.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from benchmarks.queue.packages import Packages
from supacron.render import templates

PAYLOAD = json.dumps(
    {
        "call_sid": "CA0123456789abcdef0123456789abcdef",
        "recording_url": "https://example.com/recordings/0123456789abcdef0123456789abcdef.wav",
        "language": "en",
        "notes": "some text that belongs to the job",
    }
)
NO_TOKEN = "00000000-0000-0000-0000-000000000000"  # noqa: S105 - nobody's
BATCHES = (1, 20, 100)


@dataclass(frozen=True)
class Contender:
    """One queue in a database of its own."""

    name: str
    url: str
    bulk: str
    pending: str
    tables: tuple[str, ...]
    """Where its jobs live until they are done."""
    claim: dict[int, str]
    settle: dict[int, str]
    enqueue: str = ""
    """Empty where another contender's is the same."""
    caches: tuple[str, ...] = ()
    """What is emptied with the tables."""

    def work(self, batch: int) -> str:
        """A script for pgbench: one claim and what follows it."""
        settle = self.settle.get(batch)
        return f"{self.claim[batch]} \\gset\n" + (f"{settle};" if settle else "")


def pgmq(url: str, packages: Packages) -> Contender:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(packages.pgmq_sql().encode())
        connection.execute("select pgmq.create('bench')")
    claim = "select coalesce(array_agg(msg_id), '{}')::text as ids from pgmq.read('bench', 3600, :b)"
    return Contender(
        name="pgmq",
        url=url,
        enqueue=f"select pgmq.send('bench', '{PAYLOAD}'::jsonb);",
        bulk=f"select count(*) from pgmq.send_batch('bench', array_fill('{PAYLOAD}'::jsonb, array[:n::integer]));",
        pending="select count(*) from pgmq.q_bench where vt <= clock_timestamp()",
        tables=("pgmq.q_bench",),
        caches=("pgmq.a_bench",),
        claim=dict.fromkeys(BATCHES, claim),
        settle=dict.fromkeys(BATCHES, "select pgmq.archive('bench', :ids::bigint[])"),
    )


def supacron(url: str) -> Contender:
    """With leases, fencing, fairness and row level security, since it has no other mode."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in (
            "queue/schema.sql",
            *templates.names("queue/migrations/*.sql"),
            *templates.names("queue/functions/*.sql"),
            *templates.names("queue/views/*.sql"),
            "queue/lock_down.sql",
        ):
            connection.execute(templates.sql(name).encode())
        connection.execute("select supacron_queue.maintain()")
    claim = (
        "select coalesce(array_agg(id), '{}')::text as ids,"
        f" coalesce(min(claim_token::text), '{NO_TOKEN}') as token from public.claim_jobs(:b)"
    )
    return Contender(
        name="supacron",
        url=url,
        enqueue=f"select public.enqueue_job('bench', '{PAYLOAD}'::jsonb);",
        bulk=f"select cardinality(public.enqueue_batch('bench', array_fill('{PAYLOAD}'::jsonb, array[:n::integer])));",
        pending="select count(*) from supacron_queue.ready",
        tables=("supacron_queue.ready", "supacron_queue.running"),
        caches=("supacron_queue.archive", "supacron_queue.lineup", "supacron_queue.memory"),
        claim=dict.fromkeys(BATCHES, claim),
        settle=dict.fromkeys(BATCHES, "select public.complete_jobs(:ids::bigint[], array[:token]::uuid[])"),
    )


def one_call(url: str) -> Contender:
    """complete_and_claim(), which is one commit a batch."""
    both = supacron(url)
    claim = (
        "select coalesce((select array_agg(j.id) from unnest(c.jobs) j), '{}')::text as ids,"
        f" coalesce((c.jobs[1]).claim_token, '{NO_TOKEN}') as token"
        " from public.complete_and_claim(:ids::bigint[], array[:token]::uuid[], :b) c"
    )
    return Contender(
        name="supacron, one call",
        url=url,
        bulk=both.bulk,
        pending=both.pending,
        tables=both.tables,
        caches=both.caches,
        claim=dict.fromkeys(BATCHES, claim),
        settle={},
    )


def bands(url: str) -> Contender:
    """The same with ten tenants, two job types and eight priorities: 160 bands instead of one."""
    both = one_call(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f"""
            create function public.bench_bands(n integer) returns bigint language sql as $$
                insert into supacron_queue.ready (scheduled_for, priority, job_type, tenant_id, payload)
                select clock_timestamp(), 1 + floor(random() * 8), 'bench-' || floor(random() * 2),
                    'tenant-' || floor(random() * 10), '{PAYLOAD}'
                from generate_series(1, n);
                select n::bigint
            $$
            """.encode()
        )
    return Contender(
        name="160 bands, one call",
        url=url,
        enqueue=(
            "\\set p random(1, 8)\n\\set k random(0, 1)\n\\set t random(0, 9)\n"
            f"select public.enqueue_job('bench-' || :k, '{PAYLOAD}'::jsonb, :p::integer, 'tenant-' || :t);"
        ),
        bulk="select public.bench_bands(:n::integer);",
        pending=both.pending,
        tables=both.tables,
        caches=both.caches,
        claim=both.claim,
        settle={},
    )


def graphile_worker(url: str, packages: Packages) -> Contender:
    packages.install_graphile_worker(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select graphile_worker.add_job('task', '{}')")
        connection.execute("delete from graphile_worker._private_jobs")
        row = connection.execute("select id from graphile_worker._private_tasks where identifier = 'task'").fetchone()
    task = row[0] if row else None
    queries = packages.graphile_queries()

    def claim(batch: int) -> str:
        text = queries[f"claim_{batch}"].replace("$1", "'worker'").replace("$2", f"'{{{task}}}'")
        # Its last part becomes one more part, so that the ids come back as one value.
        before, last = text.replace("returning *", "returning jobs.id").rsplit("\n  update ", 1)
        last = last.rstrip().removesuffix(";")
        return f"{before}, c as (update {last}) select coalesce(array_agg(id), '{{}}')::text as ids from c"

    def settle(batch: int) -> str:
        if batch == 1:
            return queries["complete_one"].replace("$1", "(:ids::bigint[])[1]").rstrip().removesuffix(";")
        return queries["complete_many"].replace("$1", ":ids").rstrip().removesuffix(";")

    spec = f"row('task', '{PAYLOAD}'::json, null, null, null, null, null, null)::graphile_worker.job_spec"
    return Contender(
        name="graphile-worker",
        url=url,
        enqueue=f"select id from graphile_worker.add_job('task', '{PAYLOAD}'::json);",
        bulk=f"select count(*) from graphile_worker.add_jobs(array_fill({spec}, array[:n::integer]));",
        pending="select count(*) from graphile_worker._private_jobs where is_available",
        tables=("graphile_worker._private_jobs",),
        claim={batch: claim(batch) for batch in BATCHES},
        settle={batch: settle(batch) for batch in BATCHES},
    )


def procrastinate(url: str, packages: Packages) -> Contender:
    """It hands out one job at a time."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(packages.procrastinate_sql().encode())
    job = f"row('bench', 'task', 0, null, null, '{PAYLOAD}'::jsonb, null)::procrastinate_job_to_defer_v1"
    return Contender(
        name="procrastinate",
        url=url,
        enqueue=f"select procrastinate_defer_jobs_v1(array[{job}]);",
        bulk=f"select cardinality(procrastinate_defer_jobs_v1(array_fill({job}, array[:n::integer])));",
        pending="select count(*) from procrastinate_jobs where status = 'todo'",
        tables=("procrastinate_jobs", "procrastinate_events"),
        claim={1: "select coalesce(id, 0) as ids from procrastinate_fetch_job_v2(null, null)"},
        settle={1: "select procrastinate_finish_job_v1(:ids::bigint, 'succeeded', false)"},
    )


def install_all(database: Callable[[str], str], packages: Packages) -> list[Contender]:
    """Every queue, pgmq first; `database` makes a database of that name and returns its URL."""
    return [
        pgmq(database("pgmq"), packages),
        supacron(database("supacron")),
        one_call(database("one_call")),
        bands(database("bands")),
        graphile_worker(database("graphile"), packages),
        procrastinate(database("procrastinate"), packages),
    ]
