"""The queue that a stack wants, the one that is there, and what leads from one to the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from supacron.live.state import LiveState, empty, frozen
from supacron.model.desired import Desired
from supacron.model.queue import Queue, QueueJobType, resolve_queue
from supacron.plan.changes import Change, Plan
from supacron.plan.destroy import destroy_steps
from supacron.plan.drift import find_drift
from supacron.plan.plan import make_plan
from supacron.plan.script import script_digest
from supacron.plan.steps import steps
from supacron.render import queue as installed
from tests.support.stacks import stack
from tests.support.states import applied, with_cron, without_cron


def wanted(name: str = "one", **rules: Any) -> Desired:
    return stack({}, name=name, queue=resolve_queue(Queue(**rules)))


def without_queue(name: str = "one") -> Desired:
    return stack({}, name=name)


def here(live: LiveState, **fields: Any) -> LiveState:
    """`live`, whose queue is different in these fields."""
    assert live.queue is not None
    return replace(live, queue=replace(live.queue, **fields))


def of_another(live: LiveState, **fields: Any) -> LiveState:
    """As another stack, `two`, sees it which was applied to the same database."""
    return replace(here(live, **fields), stack=None, other_stacks=frozenset({"one"}), jobs=frozen({}))


def plan_of(desired: Desired, live: LiveState, *, drop_jobs: bool = False) -> Plan:
    return make_plan(desired, live, {}, drop_jobs=drop_jobs)


def shown(plan: Plan) -> list[str]:
    return [str(change) for change in plan.changes if change.kind == "queue"]


def the_change(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def titles(desired: Desired, live: LiveState, *, drop_jobs: bool = False) -> list[str]:
    return [step.title for step in steps(plan_of(desired, live, drop_jobs=drop_jobs), desired, live, {})]


def test_a_queue_is_made_with_its_rules_and_its_job() -> None:
    found = titles(wanted(), empty())
    begin = found.index("make the schema supacron_queue")
    assert found[begin + 1] == "migration 1 of the queue: migration"
    assert found[begin : found.index("record the stack one")][-5:] == [
        "install functions and the view of the queue",
        "make the archive's first partitions",
        "set the queue's rules",
        "record the queue's set-up",
        "schedule the queue's own job",
    ]


def test_what_has_no_queue_is_as_it_was() -> None:
    assert not any("queue" in title for title in titles(without_queue(), empty()))
    assert "queue" not in without_queue().to_json()


def test_what_stands_in_the_way_is_named() -> None:
    live = replace(empty(), queue_obstacles=("the table public.priority_queue", "the function public.claim_jobs()"))
    (problem,) = plan_of(wanted(), live).refusals
    assert "the table public.priority_queue, the function public.claim_jobs()" in problem.message
    assert "rename to old_queue" in problem.remedy
    assert plan_of(without_queue(), live).refusals == ()


class TestTheOwner:
    def test_a_second_stack_is_refused(self) -> None:
        (problem,) = plan_of(wanted("two"), of_another(applied(wanted()))).refusals
        assert "belongs to the stack one" in problem.message
        assert "first take it out of one" in problem.remedy

    def test_a_stack_without_a_queue_leaves_it_alone(self) -> None:
        live = of_another(without_cron(applied(wanted()), "supacron-queue"), intact=False)
        assert shown(plan_of(without_queue("two"), live, drop_jobs=True)) == []

    def test_what_was_released_can_be_taken(self) -> None:
        live = of_another(without_cron(applied(wanted()), "supacron-queue"), released=True)
        plan = plan_of(wanted("two"), live)
        assert shown(plan) == ["~ queue priority_queue (taken over, with its jobs)"]
        assert [(field.old, field.new) for field in plan.changes[0].fields] == [("one", "two")]
        assert "schedule the queue's own job" in titles(wanted("two"), live)

    def test_what_belongs_to_a_stack_that_is_gone_can_be_taken(self) -> None:
        live = replace(of_another(applied(wanted())), other_stacks=frozenset())
        assert shown(plan_of(wanted("two"), live)) == ["~ queue priority_queue (taken over, with its jobs)"]

    def test_the_same_stack_takes_it_up_again(self) -> None:
        live = here(without_cron(applied(wanted()), "supacron-queue"), released=True)
        plan = plan_of(wanted(), live)
        assert shown(plan) == ["~ queue priority_queue (taken over, with its jobs)"]
        assert plan.drift == ()


class TestWhatIsInstalled:
    def test_a_missing_migration(self) -> None:
        live = applied(wanted())
        assert live.queue is not None
        older = here(live, migrations=live.queue.migrations - {13}, tool_version="0.0.9")
        assert shown(plan_of(wanted(), older)) == ["~ queue priority_queue (0.0.9 to 0.1.0)"]
        found = titles(wanted(), older)
        assert [title for title in found if title.startswith("migration")] == [
            "migration 13 of the queue: installation"
        ]
        assert "set the queue's rules" not in found

    def test_other_templates(self) -> None:
        assert shown(plan_of(wanted(), here(applied(wanted()), digest="another"))) == ["~ queue priority_queue"]

    def test_changed_outside(self) -> None:
        change = the_change(plan_of(wanted(), here(applied(wanted()), intact=False)))
        assert (change.drift, change.note) == (True, "functions, view or grants were changed outside")

    @pytest.mark.parametrize("outside", [{"active": False}, {"schedule": "0 0 * * *"}, {"command": "select 1"}])
    def test_its_job_was_changed(self, outside: dict[str, Any]) -> None:
        live = with_cron(applied(wanted()), "supacron-queue", **outside)
        change = the_change(plan_of(wanted(), live))
        assert (change.name, change.drift) == ("supacron-queue", True)
        assert titles(wanted(), live) == ["schedule the queue's own job"]

    def test_its_job_is_nobodys_hand_made_one(self) -> None:
        assert plan_of(wanted(), applied(wanted())).unmanaged == ()


class TestTheRules:
    def test_old_and_new_values(self) -> None:
        change = the_change(plan_of(wanted(lease="10m", clients_read=True), applied(wanted())))
        assert (change.name, change.drift) == ("rules", False)
        fields = {field.name: (field.old, field.new) for field in change.fields}
        assert fields == {"lease_ms": (300_000, 600_000), "clients_read": (False, True)}

    def test_a_change_outside_is_drift(self) -> None:
        live = applied(wanted())
        assert live.queue is not None
        outside = here(live, rules=frozen({**live.queue.rules, "lease_ms": 1}))
        change = the_change(plan_of(wanted(), outside))
        assert (change.drift, change.note) == (True, "changed outside")
        (found,) = find_drift(outside.queue.stack, outside).changes if outside.queue else ()
        assert (found.name, [(field.name, field.old) for field in found.fields]) == ("rules", [("lease_ms", 1)])
        assert plan_of(wanted(), live).changes == ()

    def test_job_types(self) -> None:
        before = wanted(job_types={"gone": QueueJobType(), "kept": QueueJobType(urgent=True)})
        after = wanted(job_types={"new": QueueJobType(max_attempts=2), "kept": QueueJobType()})
        plan = plan_of(after, applied(before))
        assert shown(plan) == ["+ queue job type new", "~ queue job type kept", "- queue job type gone"]
        assert plan.drift == ()
        assert titles(after, applied(before)) == ["set the queue's rules", "record the queue's set-up"]

    def test_a_job_type_that_came_and_one_that_went_outside_is_drift(self) -> None:
        desired = wanted(job_types={"a": QueueJobType()})
        live = applied(desired)
        assert live.queue is not None
        strange = {"b": live.queue.rules["job_types"]["a"]}
        plan = plan_of(desired, here(live, rules=frozen({**live.queue.rules, "job_types": strange})))
        assert shown(plan) == [
            "+ queue job type a (changed outside) [drift]",
            "- queue job type b (changed outside) [drift]",
        ]

    def test_drift_names_the_job_type_and_ends_with_an_apply(self) -> None:
        """Also where the file says by now what somebody set by hand."""
        live = applied(wanted(job_types={"a": QueueJobType(), "b": QueueJobType()}))
        assert live.queue is not None
        edited = {**live.queue.rules["job_types"], "a": QueueJobType(max_attempts=9).model_dump()}
        outside = here(live, rules=frozen({**live.queue.rules, "job_types": edited, "lease_ms": 600_000}))
        lines = ["~ queue job type a (changed outside) [drift]", "~ queue rules (changed outside) [drift]"]
        assert shown(find_drift(live.queue.stack, outside)) == lines
        same = wanted(job_types={"a": QueueJobType(max_attempts=9), "b": QueueJobType()}, lease="10m")
        assert shown(plan_of(same, outside)) == lines
        assert titles(same, outside) == ["set the queue's rules", "record the queue's set-up"]


class TestTheEnd:
    def test_an_empty_queue_goes(self) -> None:
        live = applied(wanted())
        assert shown(plan_of(without_queue(), live)) == ["- queue priority_queue (it is empty)"]
        assert titles(without_queue(), live) == [
            "delete the history of the queue's own job",
            "unschedule the queue's own job",
            "drop the queue",
        ]

    def test_one_with_jobs_stays_unless_told(self) -> None:
        live = here(applied(wanted()), holds_jobs=True)
        (line,) = shown(plan_of(without_queue(), live))
        assert line.startswith("~ queue priority_queue (it holds jobs, so it stays")
        assert titles(without_queue(), live) == [
            "unschedule the queue's own job",
            "let go of the queue, which holds jobs",
        ]
        told = plan_of(without_queue(), live, drop_jobs=True)
        assert shown(told) == ["- queue priority_queue (with the jobs in it)"]
        assert told.lifted == ("destroy=data",)
        assert titles(without_queue(), live, drop_jobs=True)[-1] == "drop the queue"

    def test_what_was_let_go_can_still_be_told(self) -> None:
        live = here(without_cron(applied(wanted()), "supacron-queue"), holds_jobs=True, released=True)
        assert shown(plan_of(without_queue(), live)) == []
        assert titles(without_queue(), live, drop_jobs=True) == ["drop the queue"]

    def test_it_goes_once_it_is_empty(self) -> None:
        live = here(applied(wanted()), released=True)
        assert shown(plan_of(without_queue(), live)) == ["- queue priority_queue (it is empty)"]

    @pytest.mark.parametrize(
        ("holds_jobs", "with_data", "last"),
        [(False, False, "drop the queue"), (True, True, "drop the queue"), (True, False, "let go of the queue")],
    )
    def test_a_destroy_does_the_same(self, holds_jobs: bool, with_data: bool, last: str) -> None:
        live = here(applied(wanted()), holds_jobs=holds_jobs)
        found = [step.title for step in destroy_steps("one", live, with_data=with_data)]
        assert found[found.index("mark the stack as destroyed") - 1].startswith(last)

    def test_a_destroy_leaves_another_stacks_queue_alone(self) -> None:
        live = replace(applied(without_queue("two")), queue=applied(wanted()).queue)
        assert not any("queue" in step.title for step in destroy_steps("two", live, with_data=True))


def test_what_is_applied_depends_on_the_queues_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    before = script_digest(wanted()), script_digest(without_queue())
    monkeypatch.setattr(installed, "digest", lambda: "another")
    assert script_digest(wanted()) != before[0]
    assert script_digest(without_queue()) == before[1]
