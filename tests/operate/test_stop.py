"""The kill switch: nothing of the stack runs, and what was active, and nothing else, comes back."""

from __future__ import annotations

import pytest

from supacron.errors import Refused
from supacron.load.files import load_stack
from supacron.operate.pause import Pausing, pause, resume
from supacron.operate.planning import drift_now, plan_now
from supacron.operate.status import read_status
from supacron.operate.stop import Stopped, start, stop
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.deployed import DEFINITION, Project, url_of
from tests.support.proxy import Fault, Then, running_proxy
from tests.support.stacks import Notes, destroy_here

pytestmark = pytest.mark.slow

STOP, WHY = "Ada", "everything is sent twice"


def pull(database: Database, project: Project) -> Stopped:
    return stop(url_of(database), project.target, STOP, WHY, project_ref="local", progress=Notes())


def release(database: Database, project: Project) -> Stopped | None:
    return start(url_of(database), project.target, project_ref="local", progress=Notes())


def active(database: Database) -> set[str]:
    with database.connect() as connection:
        rows = connection.execute("select jobname from cron.job where active and jobname not like 'supacron-%'")
        return {name for (name,) in rows}


def states(database: Database, project: Project) -> dict[str, str]:
    status = read_status(url_of(database), project.target, project_ref="local")
    assert status.to_json()["stopped"]["reason"] == WHY
    return {job.name: job.state for job in status.jobs}


def set_active(database: Database, name: str, value: bool) -> None:
    with database.connect() as connection:
        connection.execute("select cron.alter_job(jobid, active := %s) from cron.job where jobname = %s", [value, name])


def hold(database: Database, project: Project, name: str, milliseconds: int | None = None) -> None:
    how = Pausing("Bob", "why", milliseconds=milliseconds)
    pause(url_of(database), project.target, name, how, project_ref="local", progress=Notes())


def test_what_was_due_meanwhile_is_made_up_for_where_the_job_says_so(project: Project, database: Database) -> None:
    every_minute = DEFINITION.replace("'*/30 * * * *'", "'* * * * *', catch_up: latest")
    project.write(every_minute.replace("'0 9 * * 1', function: refused", "'* * * * *', function: refused"))
    project.apply(database)
    pull(database, project)
    with database.connect() as connection:
        connection.execute("update supacron.stack set stopped_at = now() - interval '5 min'")
    release(database, project)
    with database.connect() as connection:
        made = connection.execute(
            "select j.name, r.trigger, now() - r.scheduled_for < interval '2 min'"
            " from supacron.run r join supacron.job j on j.id = r.job_id where r.trigger = 'catch_up'"
        ).fetchall()
    assert made == [("good", "catch_up", True)]


def test_exactly_what_was_active_comes_back(project: Project, database: Database) -> None:
    hold(database, project, "refused")
    set_active(database, "nightly", False)
    with database.connect() as connection:
        connection.execute("select cron.schedule('by-hand', '0 1 1 1 *', 'select 1')")
    assert active(database) == {"good", "by-hand"}
    assert pull(database, project).jobs == 1
    assert active(database) == {"by-hand"}, "what is not the stack's is left alone"
    assert states(database, project) == {
        "good": "stopped",
        "idle": "disabled",
        "nightly": "stopped",
        "refused": "paused",
    }
    with pytest.raises(Refused, match=r"dev is stopped by Ada since .* UTC: everything is sent twice"):
        pull(database, project)
    before = release(database, project)
    assert before is not None
    assert (before.by, before.reason, before.jobs) == (STOP, WHY, 1)
    assert active(database) == {"good", "by-hand"}
    assert release(database, project) is None


def test_an_apply_starts_nothing_and_what_it_made_starts_with_the_rest(project: Project, database: Database) -> None:
    pull(database, project)
    project.write(
        DEFINITION.replace("15 3 * * *", "45 3 * * *").replace(", enabled: false", "")
        + "  new: {schedule: '0 5 * * *', sql: select 2}\n"
    )
    desired = load_stack(project.stacks, "dev").desired
    plan = plan_now(url_of(database), desired, {})
    assert plan.stopped.startswith("stopped by Ada since 2")
    assert {change.name for change in plan.changes} >= {"nightly", "idle", "new"}
    assert not plan.drift
    project.apply(database)
    assert active(database) == set()
    assert plan_now(url_of(database), desired, {}).changes == ()
    set_active(database, "good", True)
    (change,) = drift_now(url_of(database), project.target, project_ref="local").changes
    assert str(change) == "~ job good (changed outside: active) [drift]"
    project.apply(database)
    assert active(database) == set()
    release(database, project)
    assert active(database) == {"good", "refused", "nightly", "idle", "new"}
    assert plan_now(url_of(database), desired, {}).changes == ()


def test_what_waits_for_another_attempt_waits_on(project: Project, database: Database) -> None:
    pull(database, project)
    with database.connect() as connection:
        connection.execute(
            "insert into supacron.run (job_id, trigger, queued_at, scheduled_for, attempt, leave_at)"
            " select id, 'schedule', now(), now(), 1, now() from supacron.job where name = 'good'"
        )
        assert connection.execute("select supacron.send_waiting()").fetchone() == (0,)
        release(database, project)
        assert connection.execute("select supacron.send_waiting()").fetchone() == (1,)


def test_pauses_begin_and_end_while_it_is_stopped(project: Project, database: Database) -> None:
    hold(database, project, "good")
    hold(database, project, "nightly", milliseconds=1)
    pull(database, project)
    hold(database, project, "refused")
    resumed = resume(url_of(database), project.target, "good", project_ref="local", progress=Notes())
    assert (resumed.state, resumed.was_paused) == ("stopped", True)
    with database.connect() as connection:
        connection.execute("update supacron.pause set until = now() where until is not null")
        connection.execute("select supacron.resume_due()")
    assert active(database) == set()
    release(database, project)
    assert active(database) == {"good", "nightly"}


@pytest.mark.parametrize("then", [Then.CUT, Then.DROP_ANSWER])
def test_an_answer_that_is_lost_is_looked_for(project: Project, database: Database, then: Then) -> None:
    """Whether or not it was committed: what `start` says is what became of the stop."""
    pull(database, project)
    with running_proxy(database.url, Fault(None, then)) as proxy:
        was = start(Secret(proxy.url), project.target, project_ref="local", progress=Notes())
    assert proxy.struck
    assert was is not None
    assert (was.by, was.jobs) == (STOP, 3)
    assert active(database) == {"good", "refused", "nightly"}


def test_a_destroy_ends_it(project: Project, database: Database) -> None:
    pull(database, project)
    desired = load_stack(project.stacks, "dev").desired
    destroy_here(database, desired)
    project.apply(database)
    assert active(database) == {"good", "refused", "nightly"}
