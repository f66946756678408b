"""What was changed outside, what belongs to somebody else, and what is paused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from supacron.live.state import CronJob, LiveState, Pause, empty, frozen
from supacron.model.desired import Desired, DesiredCall, DesiredJob, DesiredRetention
from supacron.plan.changes import Action, Change, Kind, Plan
from supacron.plan.drift import find_drift
from supacron.plan.plan import make_plan
from supacron.plan.release import Release
from supacron.plan.step import Step
from supacron.plan.steps import steps
from supacron.plan.windows import RESTING
from tests.support.states import and_cron, applied, with_cron, without_cron

JOB = DesiredJob(schedule="0 3 * * *", enabled=True, sql="select 1")


def desired(**jobs: DesiredJob) -> Desired:
    return Desired(
        stack="one",
        project_ref="p",
        project_url="https://p.example",
        retention=DesiredRetention(runs_ms=1, cron_history_ms=1),
        secrets={},
        jobs=jobs,
    )


def plan_of(wanted: Desired, live: LiveState) -> Plan:
    return make_plan(wanted, live, {})


def the_change(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def titles(found: tuple[Step, ...]) -> list[str]:
    return [step.title for step in found]


@pytest.mark.parametrize(
    ("outside", "field"),
    [({"schedule": "* * * * *"}, "schedule"), ({"command": "select 2"}, "command"), ({"active": False}, "active")],
)
def test_a_changed_cron_job_is_drift_and_put_right(outside: dict[str, object], field: str) -> None:
    wanted = desired(a=JOB)
    live = with_cron(applied(wanted), "a", **outside)
    plan = plan_of(wanted, live)
    change = the_change(plan)
    assert (change.action, change.drift) == (Action.UPDATE, True)
    assert change.note == f"changed outside: {field}"
    (shown,) = change.fields
    assert (shown.name, shown.old) == (field, outside[field])
    found = steps(plan, wanted, live, {})
    assert "alter jobs in place" in titles(found)
    (altered,) = [step for step in found if step.title == "alter jobs in place"]
    assert "(11::bigint, " in altered.statements[0].sql


def test_an_edited_definition_is_drift_and_put_right() -> None:
    wanted = desired(a=JOB)
    live = applied(wanted)
    row = live.jobs["a"]
    edited = replace(row, record=replace(row.record, owner="eve"), edited={"owner": None})
    live = replace(live, jobs=frozen({"a": edited}))
    change = the_change(plan_of(wanted, live))
    assert str(change) == "~ job a (changed outside: supacron.job.owner) [drift]"
    assert [(field.name, field.old, field.new) for field in change.fields] == [("owner", "eve", None)]
    assert "define jobs" in titles(steps(plan_of(wanted, live), wanted, live, {}))
    (found,) = find_drift("one", live).changes
    assert found == change


def test_a_new_definition_is_no_drift() -> None:
    live = applied(desired(a=JOB))
    assert not the_change(plan_of(desired(a=JOB.model_copy(update={"owner": "me"})), live)).drift
    assert find_drift("one", live).changes == ()


def test_a_row_that_was_deleted_is_made_anew_where_its_command_tells_that_it_was_ours() -> None:
    call = DesiredCall(method="GET", url="https://p.example/f", headers={}, body=None, timeout_ms=1, auth=None)
    wanted = desired(a=DesiredJob(schedule="0 3 * * *", enabled=True, call=call))
    plan = plan_of(wanted, replace(applied(wanted), jobs=frozen({})))
    change = the_change(plan)
    assert (change.action, change.drift, plan.refusals) == (Action.ADOPT, True, ())
    assert "its row in supacron.job was deleted outside" in change.note
    assert plan_of(desired(a=JOB), replace(applied(desired(a=JOB)), jobs=frozen({}))).refusals, "SQL is anybody's"


def test_drift_and_a_new_definition_in_one() -> None:
    wanted = desired(a=JOB.model_copy(update={"schedule": "5 3 * * *", "owner": "me"}))
    plan = plan_of(wanted, with_cron(applied(desired(a=JOB)), "a", schedule="* * * * *", active=False))
    change = the_change(plan)
    assert change.drift
    assert {field.name: (field.old, field.new) for field in change.fields} == {
        "schedule": ("0 3 * * *", "5 3 * * *"),
        "owner": (None, "me"),
        "active": (False, True),
    }


def test_a_job_deleted_outside_is_made_anew() -> None:
    wanted = desired(a=JOB)
    live = without_cron(applied(wanted), "a")
    plan = plan_of(wanted, live)
    change = the_change(plan)
    assert (change.action, change.drift, change.note) == (Action.CREATE, True, "it was deleted outside")
    assert titles(steps(plan, wanted, live, {})) == [
        "retire jobids",
        "create jobs",
        "remember the definitions",
        "remember which rows there are",
    ]


def test_a_job_made_anew_by_hand_is_taken_over() -> None:
    wanted = desired(a=JOB)
    live = with_cron(applied(wanted), "a", jobid=99)
    plan = plan_of(wanted, live)
    assert the_change(plan).note == "changed outside: jobid"
    assert "record which cron jobs they are" in titles(steps(plan, wanted, live, {}))


def test_a_pause_is_kept_and_is_no_drift() -> None:
    wanted = desired(a=JOB)
    paused = with_cron(
        replace(applied(wanted), pauses=frozen({"a": Pause("ann", "too slow", None)})), "a", active=False
    )
    plan = plan_of(wanted, paused)
    assert plan.changes == ()
    assert plan.paused == {"a": "too slow (ann)"}
    changed = plan_of(desired(a=JOB.model_copy(update={"schedule": "1 3 * * *"})), paused)
    assert [field.name for field in the_change(changed).fields] == ["schedule"]


def test_a_paused_job_that_somebody_activated_is_drift() -> None:
    wanted = desired(a=JOB)
    live = replace(applied(wanted), pauses=frozen({"a": Pause("ann", "too slow", None)}))
    assert the_change(plan_of(wanted, live)).note == "changed outside: active"


def test_a_renamed_job_stays_paused() -> None:
    live = with_cron(
        replace(applied(desired(a=JOB)), pauses=frozen({"a": Pause("ann", "why", None)})), "a", active=False
    )
    wanted = desired(b=JOB.model_copy(update={"renamed_from": "a"}))
    assert "deactivate jobs" in titles(steps(plan_of(wanted, live), wanted, live, {}))


def test_a_rename_that_was_done_is_not_done_again() -> None:
    wanted = desired(b=JOB.model_copy(update={"renamed_from": "a"}))
    assert plan_of(wanted, applied(wanted)).changes == ()


def test_a_new_job_that_is_disabled_is_scheduled_inactive() -> None:
    wanted = desired(a=JOB.model_copy(update={"enabled": False}))
    found = steps(plan_of(wanted, empty()), wanted, empty(), {})
    assert titles(found)[-4:-1] == ["create jobs", "deactivate jobs", "remember the definitions"]


def hand_made(user: str = "postgres", name: str = "a") -> CronJob:
    return CronJob(77, name, "* * * * *", "select 'by hand'", True, user)


def test_a_hand_made_job_is_not_taken_and_the_way_is_named() -> None:
    (problem,) = plan_of(desired(a=JOB), and_cron(empty(), hand_made())).refusals
    assert "jobid 77" in problem.message
    assert "adopt: true" in problem.remedy
    assert problem.path == "jobs.a"


def test_adopt_takes_it_over_in_place() -> None:
    wanted = desired(a=JOB.model_copy(update={"adopt": True}))
    live = and_cron(empty(), hand_made())
    plan = plan_of(wanted, live)
    (change,) = plan.of(Kind.JOB)
    assert (change.action, change.note) == (Action.ADOPT, "jobid 77 stays")
    assert [field.name for field in change.fields if field.old == field.new] == []
    assert plan.unmanaged == ()
    found = steps(plan, wanted, live, {})
    assert titles(found)[-5:-2] == ["define jobs", "alter jobs in place", "record which cron jobs they are"]
    assert not any("cron.schedule(v" in statement.sql for step in found for statement in step.statements)


def test_adopt_without_a_job_creates_it() -> None:
    plan = plan_of(desired(a=JOB.model_copy(update={"adopt": True})), empty())
    assert [change.action for change in plan.of(Kind.JOB)] == [Action.CREATE]


def test_a_job_of_another_role_is_refused_even_with_adopt() -> None:
    wanted = desired(a=JOB.model_copy(update={"adopt": True}))
    (problem,) = plan_of(wanted, and_cron(empty(), hand_made(user="supabase_admin"))).refusals
    assert "supabase_admin" in problem.message


def test_a_job_of_another_stack_is_refused() -> None:
    live = and_cron(replace(applied(desired()), foreign_jobs=frozen({"a": "two"})), hand_made())
    (problem,) = plan_of(desired(a=JOB), live).refusals
    assert "stack two" in problem.message


def test_what_nobody_owns_is_listed_and_left_alone() -> None:
    live = replace(applied(desired(a=JOB)), foreign_jobs=frozen({"theirs": "two"}))
    live = and_cron(
        live, hand_made(name="x"), hand_made(name="theirs"), CronJob(78, None, "* * * * *", "", True, "postgres")
    )
    plan = plan_of(desired(a=JOB), live)
    assert plan.unmanaged == ("x", "(jobid 78, without a name)")
    assert plan.changes == ()


def test_a_repair_is_counted_even_when_nothing_else_is_left() -> None:
    wanted = desired(a=JOB)
    live = applied(wanted)
    plan = plan_of(wanted, live)
    assert steps(plan, wanted, live, {}, release=Release("id", repair=0)) == ()
    assert titles(steps(plan, wanted, live, {}, release=Release("id", repair=3))) == [
        "record the stack one",
        "record the release",
    ]


def test_a_change_tells_itself_in_text_and_json() -> None:
    change = the_change(plan_of(desired(a=JOB), without_cron(applied(desired(a=JOB)), "a")))
    assert str(change) == "+ job a (it was deleted outside) [drift]"
    assert change.to_json()["action"] == "create"
    assert "fields" not in change.summary()
    plan = plan_of(desired(a=JOB), and_cron(empty(), hand_made()))
    assert plan.to_json()["refusals"][0]["remedy"]


ONCE = DesiredJob(schedule="30 13 24 12 *", enabled=True, sql="select 1", runs_at="2026-12-24T13:30:00Z")
BEFORE, AFTER = datetime(2026, 12, 24, 13, 29, tzinfo=UTC), datetime(2026, 12, 24, 13, 31, tzinfo=UTC)


def done(wanted: Desired, *, gone: bool = True) -> LiveState:
    """The only job of `wanted` has had its time; `gone`: and is not in cron.job any more."""
    live = applied(wanted)
    jobs = frozen({name: replace(row, closed="done") for name, row in live.jobs.items()})
    live = replace(live, jobs=jobs, now=AFTER)
    return without_cron(live, "a") if gone else live


@pytest.mark.parametrize("gone", [True, False])
def test_a_job_that_is_done_is_no_drift_and_stays_so(gone: bool) -> None:
    wanted = desired(a=ONCE)
    live = done(wanted, gone=gone)
    plan = plan_of(wanted, live)
    assert (plan.changes, plan.refusals) == ((), ())
    assert plan.windows == {"a": "done: once, 2026-12-24 13:30 UTC"}
    assert find_drift("one", live).changes == ()


def test_another_description_does_not_schedule_it_again() -> None:
    live = done(desired(a=ONCE))
    wanted = desired(a=ONCE.model_copy(update={"description": "what it was for"}))
    plan = plan_of(wanted, live)
    assert str(the_change(plan)) == "~ job a (its time is over: it stays unscheduled)"
    assert not [step for step in steps(plan, wanted, live, {}) if step.title in ("create jobs", "alter jobs in place")]


def test_another_time_schedules_it_again() -> None:
    live = done(desired(a=ONCE))
    wanted = desired(a=ONCE.model_copy(update={"runs_at": "2027-01-01T13:30:00Z", "schedule": "30 13 1 1 *"}))
    plan = plan_of(wanted, live)
    assert str(the_change(plan)) == "+ job a (its time was over: it is scheduled again)"
    assert {"retire jobids", "create jobs", "schedule those whose time it is"} <= {
        *titles(steps(plan, wanted, live, {}))
    }


@pytest.mark.parametrize(("now", "refused"), [(BEFORE, False), (AFTER, True)])
def test_a_time_that_is_past_is_refused_unless_it_was_applied(now: datetime, refused: bool) -> None:
    wanted = desired(a=ONCE)
    assert bool(plan_of(wanted, replace(empty(), now=now)).refusals) is refused
    assert plan_of(wanted, replace(applied(wanted), now=now)).refusals == ()


def test_a_new_job_whose_window_has_ended_is_warned_of() -> None:
    wanted = desired(a=JOB.model_copy(update={"runs_until": "2026-12-24T13:30:00Z"}))
    assert "a.until: 2026-12-24T13:30:00Z is past" in plan_of(wanted, replace(empty(), now=AFTER)).warnings[0]
    assert plan_of(wanted, replace(applied(wanted), now=AFTER)).warnings == ()


def test_the_line_of_an_sql_job_that_waits_for_its_time_is_no_drift() -> None:
    wanted = desired(a=JOB.model_copy(update={"runs_from": "2026-12-24T13:30:00Z"}))
    live = replace(applied(wanted), now=BEFORE)
    live = replace(live, jobs=frozen({"a": replace(live.jobs["a"], closed="waiting")}))
    assert plan_of(wanted, with_cron(live, "a", schedule=RESTING)).changes == ()
    assert the_change(plan_of(wanted, with_cron(live, "a", schedule="* * * * *"))).drift
    assert plan_of(wanted, live).windows == {"a": "from 2026-12-24 13:30 UTC"}
