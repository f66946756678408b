"""A database that is not the one that was applied to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supacron.live.state import LiveState, Pause, frozen
from supacron.model.desired import Desired
from supacron.operate import checks
from supacron.operate.checks import Level
from supacron.plan.jobs import wanted_active
from supacron.plan.plan import make_plan
from tests.operate.test_checks import facts
from tests.plan.test_refusals import without_secrets
from tests.support.states import applied, with_cron


def at(wanted: Desired, **here: object) -> LiveState:
    live = applied(wanted)
    return replace(live, capabilities=replace(live.capabilities, **here))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("here", "field", "words"),
    [({"system_identifier": "7"}, "system_identifier", "a copy"), ({"timeline": 2}, "timeline", "a failover")],
)
def test_the_plan_says_so_and_nothing_else_changes(here: dict[str, object], field: str, words: str) -> None:
    wanted = without_secrets()
    (change,) = make_plan(wanted, at(wanted, **here), {}).changes
    assert (change.name, change.fields[0].name, change.drift) == ("identity", field, False)
    assert words in change.note


def test_a_job_that_was_held_starts_again_and_one_that_a_person_paused_does_not() -> None:
    wanted = without_secrets()
    live = with_cron(at(wanted, system_identifier="7"), "a", active=False)
    held = replace(live, pauses=frozen({"a": Pause("supacron", "this database is a copy", None, automatic=True)}))
    plan = make_plan(wanted, held, {})
    assert [(change.name, change.note) for change in plan.changes] == [
        ("identity", plan.changes[0].note),
        ("a", "was held here"),
    ]
    assert plan.paused == {}
    paused = replace(live, pauses=frozen({"a": Pause("Ada", "why", None)}))
    assert not wanted_active("a", wanted.jobs["a"], paused)
    assert len(make_plan(wanted, paused, {}).changes) == 1


@pytest.mark.parametrize(
    ("here", "on_failover", "level"),
    [
        ({}, "warn", Level.OK),
        ({"system_identifier": "7"}, "warn", Level.FAILURE),
        ({"timeline": 2}, "warn", Level.WARNING),
        ({"timeline": 2}, "refuse", Level.FAILURE),
    ],
)
def test_doctor_says_so(here: dict[str, object], on_failover: str, level: Level) -> None:
    live = at(without_secrets(), **here)
    assert live.stack is not None
    live = replace(live, stack=replace(live.stack, on_failover=on_failover))
    (check,) = checks.place(facts(live=live))
    assert check.level is level
    assert ("pulumi up" in check.remedy) is (level is not Level.OK)
