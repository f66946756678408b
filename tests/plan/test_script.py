from __future__ import annotations

import subprocess

import pytest

from local.installation import find_installation
from supacron.live.connect import connect
from supacron.live.read import read_live
from supacron.model.desired import Desired
from supacron.model.queue import Queue, QueueJobType, resolve_queue
from supacron.plan.plan import make_plan
from supacron.plan.script import Part, script
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import apply_here, http_job, secret, sql_job, stack

QUEUE = resolve_queue(Queue(urgent_roles=["it's"], job_types={"it's": QueueJobType(urgent=True)}))
DESIRED = stack(
    {
        "call": http_job(auth="key"),
        "idle": http_job(enabled=False),
        "it's; --\n$$ \\": sql_job("select '$job$', E'\\\\'"),
    },
    {"key": secret("supacron/main/key")},
    queue=QUEUE,
)


def test_it_is_the_same_every_time() -> None:
    again = Desired.from_json(DESIRED.to_json())
    assert script(DESIRED) == script(again)


def test_each_step_has_its_title() -> None:
    titles = [line for line in script(DESIRED).splitlines() if line.startswith("-- ")]
    assert titles[0].startswith("-- stack main, project abcdefghijklmnopqrst, all; supacron ")
    assert "-- create extension pg_net" in titles
    assert "-- record the stack main" in titles


def test_the_parts_make_the_whole() -> None:
    def body(part: Part) -> str:
        return script(DESIRED, part).partition("\n\n")[2].strip()

    assert "\n\n".join(map(body, (Part.RUNTIME, Part.QUEUE, Part.JOBS))) == body(Part.ALL)
    assert "create table supacron." in body(Part.RUNTIME)
    assert "create table supacron." not in body(Part.QUEUE)
    assert "create table supacron_queue." in body(Part.QUEUE)
    assert "priority_queue" not in body(Part.RUNTIME)
    assert "create table" not in body(Part.JOBS)
    assert "call" in body(Part.JOBS)


def test_the_names_of_secrets_are_told_where_jobs_need_them() -> None:
    assert "In Vault the jobs need: supacron/main/key" in script(DESIRED)
    assert "In Vault" not in script(DESIRED, Part.RUNTIME)
    assert "In Vault" not in script(stack({"sql": sql_job()}))


def test_a_name_that_breaks_the_line_stays_in_its_comment() -> None:
    odd = stack({}, {"key": secret("a\ndrop table x; --")})
    assert "-- Secret values are not in it. In Vault the jobs need: a\\ndrop table x; --\n" in script(odd)


@pytest.mark.slow
@pytest.mark.parametrize("parts", [(Part.ALL,), (Part.RUNTIME, Part.QUEUE, Part.JOBS)])
def test_psql_makes_a_working_stack_of_it(database: Database, parts: tuple[Part, ...]) -> None:
    text = "".join(script(DESIRED, part) for part in parts)
    done = subprocess.run(
        [find_installation().bin / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-d", database.url],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    with connect(Secret(database.url), "test") as connection:
        live = read_live(connection, "main", [])
        # Nothing is left to do but to give the secret's value.
        assert make_plan(DESIRED, live, {}, check_values=False).changes == ()
    apply_here(database, DESIRED, {"key": "a value"})
    with database.connect() as connection:
        connection.execute("select supacron.trigger_job('call', 'test')")
        jobs = connection.execute("select jobname, active from cron.job order by jobname").fetchall()
    assert jobs == [
        ("call", True),
        ("idle", False),
        ("it's; --\n$$ \\", True),
        ("supacron-collect", True),
        ("supacron-dispatch", True),
        ("supacron-prune", True),
        ("supacron-queue", True),
    ]
