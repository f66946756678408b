"""How each queue is driven: the same work, in each queue's own terms, as scripts for pgbench.

`:b` is the batch. A script that claims and completes is what a worker does: claim, commit, complete, commit. Where a
queue offers both in one call that is a contender of its own.
"""

from __future__ import annotations

import json
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
TENANTS = 10


@dataclass(frozen=True)
class Contender:
    """`work` and `claim` are scripts by batch; a batch that is not there is not offered by the queue."""

    name: str
    enqueue: str
    bulk: str
    pending: str
    tables: tuple[str, ...]
    work: dict[int, str]
    claim: dict[int, str]
    shares: str | None = None
    """The contender whose tables it works on, when they are not its own."""


def pgmq(connection: psycopg.Connection, packages: Packages) -> Contender:
    connection.execute(packages.pgmq_sql().encode())
    connection.execute("select pgmq.create('bench')")
    claim = "select coalesce(array_agg(msg_id), '{}')::text as ids from pgmq.read('bench', 3600, :b) \\gset\n"
    return Contender(
        name="pgmq",
        enqueue=f"select pgmq.send('bench', '{PAYLOAD}'::jsonb);",
        bulk=f"select count(*) from pgmq.send_batch('bench', array_fill('{PAYLOAD}'::jsonb, array[:n::integer]));",
        pending="select count(*) from pgmq.q_bench where vt <= clock_timestamp()",
        tables=("pgmq.q_bench",),
        work=dict.fromkeys((1, 20, 100), claim + "select pgmq.archive('bench', :ids::bigint[]);"),
        claim=dict.fromkeys((20,), claim),
    )


def supacron(connection: psycopg.Connection) -> list[Contender]:
    """With leases, fencing, fairness and row level security, since it has no other mode."""
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
        f" coalesce(min(claim_token::text), '{NO_TOKEN}') as token from public.claim_jobs(:b) \\gset\n"
    )
    fused = (
        "select coalesce((select array_agg(j.id) from unnest(c.jobs) j), '{}')::text as ids,"
        f" coalesce((c.jobs[1]).claim_token, '{NO_TOKEN}') as token"
        " from public.complete_and_claim(:ids::bigint[], array[:token]::uuid[], :b) c \\gset\n"
    )
    bulk = f"select cardinality(public.enqueue_batch('bench', array_fill('{PAYLOAD}'::jsonb, array[:n::integer])));"
    plain = Contender(
        name="supacron",
        enqueue=f"select public.enqueue_job('bench', '{PAYLOAD}'::jsonb);",
        bulk=bulk,
        pending="select count(*) from supacron_queue.ready",
        tables=("supacron_queue.ready", "supacron_queue.running"),
        work=dict.fromkeys((1, 20, 100), claim + "select public.complete_jobs(:ids::bigint[], array[:token]::uuid[]);"),
        claim=dict.fromkeys((20,), claim),
    )
    together = Contender(
        name="supacron, complete and claim in one call",
        enqueue="",
        bulk=bulk,
        pending=plain.pending,
        tables=(),
        work=dict.fromkeys((1, 20, 100), fused),
        claim={},
        shares="supacron",
    )
    return [plain, together]


def graphile_worker(connection: psycopg.Connection, packages: Packages, url: str) -> Contender:
    packages.install_graphile_worker(url)
    connection.execute("select graphile_worker.add_job('task', '{}')")
    connection.execute("delete from graphile_worker._private_jobs")
    tasks = connection.execute("select id from graphile_worker._private_tasks where identifier = 'task'").fetchall()
    queries = packages.graphile_queries()

    def claim(batch: int) -> str:
        text = queries[f"claim_{batch}"].replace("$1", "'worker'").replace("$2", f"'{{{tasks[0][0]}}}'")
        # Its last part becomes one more part, so that the ids come back as one value.
        before, last = text.replace("returning *", "returning jobs.id").rsplit("\n  update ", 1)
        return f"{before}, c as (update {last}) select coalesce(array_agg(id), '{{}}')::text as ids from c \\gset\n"

    def complete(batch: int) -> str:
        if batch == 1:
            return queries["complete_one"].replace("$1", "(:ids::bigint[])[1]") + ";"
        return queries["complete_many"].replace("$1", ":ids") + ";"

    spec = f"row('task', '{PAYLOAD}'::json, null, null, null, null, null, null)::graphile_worker.job_spec"
    return Contender(
        name="graphile-worker",
        enqueue=f"select id from graphile_worker.add_job('task', '{PAYLOAD}'::json);",
        bulk=f"select count(*) from graphile_worker.add_jobs(array_fill({spec}, array[:n::integer]));",
        pending="select count(*) from graphile_worker._private_jobs where is_available",
        tables=("graphile_worker._private_jobs",),
        work={batch: claim(batch) + complete(batch) for batch in (1, 20, 100)},
        claim={20: claim(20)},
    )


def procrastinate(connection: psycopg.Connection, packages: Packages) -> Contender:
    """It hands out one job at a time."""
    connection.execute(packages.procrastinate_sql().encode())
    job = f"row('bench', 'task', 0, null, null, '{PAYLOAD}'::jsonb, null)::procrastinate_job_to_defer_v1"
    claim = "select coalesce(id, 0) as id from procrastinate_fetch_job_v2(null, null) \\gset\n"
    return Contender(
        name="procrastinate",
        enqueue=f"select procrastinate_defer_jobs_v1(array[{job}]);",
        bulk=f"select cardinality(procrastinate_defer_jobs_v1(array_fill({job}, array[:n::integer])));",
        pending="select count(*) from procrastinate_jobs where status = 'todo'",
        tables=("procrastinate_jobs", "procrastinate_events"),
        work={1: claim + "select procrastinate_finish_job_v1(:id, 'succeeded', false);"},
        claim={},
    )


def spread(connection: psycopg.Connection) -> Contender:
    """supacron with ten tenants, two job types and eight priorities: 160 bands instead of one."""
    connection.execute(
        f"""
        create function public.bench_spread(n integer) returns bigint language sql as $$
            insert into supacron_queue.ready (scheduled_for, priority, job_type, tenant_id, payload)
            select clock_timestamp(), 1 + floor(random() * 8), 'bench-' || floor(random() * 2),
                'tenant-' || floor(random() * {TENANTS}), '{PAYLOAD}'
            from generate_series(1, n);
            select n::bigint
        $$
        """.encode()
    )
    fused = (
        "select coalesce((select array_agg(j.id) from unnest(c.jobs) j), '{}')::text as ids,"
        f" coalesce((c.jobs[1]).claim_token, '{NO_TOKEN}') as token"
        " from public.complete_and_claim(:ids::bigint[], array[:token]::uuid[], :b) c \\gset\n"
    )
    return Contender(
        name="supacron, 160 bands, one call",
        enqueue=(
            "\\set p random(1, 8)\n\\set k random(0, 1)\n\\set t random(1, 10)\n"
            f"select public.enqueue_job('bench-' || :k, '{PAYLOAD}'::jsonb, :p::integer, 'tenant-' || :t);"
        ),
        bulk="select public.bench_spread(:n::integer);",
        pending="select count(*) from supacron_queue.ready",
        tables=(),
        work=dict.fromkeys((1, 20, 100), fused),
        claim={},
        shares="supacron",
    )
