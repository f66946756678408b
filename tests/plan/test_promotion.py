"""Before an apply: a file that was edited by hand, a rollback, and gates that do not hold any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supacron.errors import Problem
from supacron.live.state import LiveState, ReleaseRow
from supacron.model.desired import Desired, Source
from supacron.model.promotion import PromotionFile, Record, SourceFacts
from supacron.plan.gates import TargetFacts
from supacron.plan.plan import make_plan
from supacron.plan.promotion import gate_problems, promotion_gates
from tests.support.stacks import sql_job, stack
from tests.support.states import applied

FILE = PromotionFile.model_validate({"order": ["dev", "staging", "main"], "gates": {"main": {"runs": 10}}})
NOTHING = TargetFacts()
FACTS = SourceFacts(soaked_ms=0, runs=12, ok=12)


def record(digest: str, kind: str = "promotion", **fields: object) -> Record:
    given = {"kind": kind, "stack": "staging", "release": 3, "digest": digest, "by": "Ada", "at": "then"}
    return Record.model_validate({**given, "facts": FACTS, **fields})


def desired(digest: str, promotion: Record | None) -> Desired:
    return stack({"a": sql_job()}).model_copy(update={"source": Source(digest=digest, promotion=promotion)})


def live(digest: str, *, promoted: bool = True) -> LiveState:
    return replace(
        applied(stack({"a": sql_job()})), release=ReleaseRow(1, digest, {}, promoted, frozenset({"old", digest}))
    )


def refused(wanted: Desired, there: LiveState, **waived: str) -> list[str]:
    return [problem.path for problem in make_plan(wanted, there, {}, waived=waived).refusals]


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        (desired("new", None), live("live", promoted=False)),  # edited by hand, as nothing was ever promoted
        (desired("new", record("new")), live("live")),
        (desired("new", record("new")), live("live", promoted=False)),
        (desired("old", record("old", "rollback")), live("live")),
        (desired("live", record("other")), live("live")),  # what is live is applied again
        (desired("new", None), replace(live("x"), release=None)),
    ],
)
def test_what_may_be_applied(wanted: Desired, there: LiveState) -> None:
    assert refused(wanted, there) == []


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        (desired("edited", record("new")), live("live")),
        (desired("edited", record("new")), replace(live("x"), release=None)),
        (desired("edited", None), live("live")),
        (desired("unknown", record("unknown", "rollback")), live("live")),
    ],
)
def test_what_was_edited_by_hand(wanted: Desired, there: LiveState) -> None:
    assert refused(wanted, there) == ["gates.no_literal_difference"]
    plan = make_plan(wanted, there, {}, waived={"no_literal_difference": "a reason"})
    assert plan.refusals == ()
    assert any("a reason" in warning for warning in plan.warnings)


def again(
    file: PromotionFile, wanted: Desired, target: TargetFacts = NOTHING, fresh: SourceFacts | None = None
) -> dict[str, str | None]:
    """The gates that do not hold, or were waived."""
    found = promotion_gates(wanted, live("live"), file, {}, target, fresh)
    assert [gate.name for gate in found if not gate.holds] == [
        each.path.removeprefix("gates.") for each in gate_problems(found) if isinstance(each, Problem)
    ]
    return {gate.name: gate.waived for gate in found if not gate.passed}


def test_the_gates_once_more() -> None:
    wanted = desired("new", record("new"))
    assert again(FILE, wanted) == {}
    stricter = FILE.model_copy(update={"gates": {"main": FILE.gates["main"].model_copy(update={"runs": 13})}})
    assert again(stricter, wanted) == {"runs": None}
    assert again(FILE, wanted, fresh=FACTS.model_copy(update={"alerts": ("a",)})) == {"no_open_alert": None}
    assert again(FILE, wanted, TargetFacts(secrets=("key is missing",))) == {"secrets": None}
    elsewhere = FILE.model_copy(update={"order": ["staging", "dev", "main"]})
    assert again(elsewhere, wanted) == {"in_order": None}
    assert again(stricter, desired("new", record("new", waived={"runs": "few jobs"}))) == {"runs": "few jobs"}


def test_only_a_promotion_that_is_new_has_gates() -> None:
    there = live("live")
    for wanted in (desired("live", record("live")), desired("old", record("old", "rollback")), desired("x", None)):
        assert promotion_gates(wanted, there, FILE, {}, NOTHING) == ()
