"""Whom a plan asks about the gates of a promotion, and what it says when nobody could be asked."""

from __future__ import annotations

from dataclasses import replace

from supacron.live.state import ReleaseRow
from supacron.model.desired import Source
from supacron.model.promotion import PromotionFile, Record, SourceFacts
from supacron.operate.gate_check import with_gates
from supacron.plan.changes import Plan
from supacron.plan.plan import make_plan
from tests.support.stacks import sql_job, stack
from tests.support.states import applied

FILE = PromotionFile.model_validate({"order": ["staging", "main"], "gates": {"main": {"runs": 10}}})
RECORD = Record(
    kind="promotion",
    stack="staging",
    release=3,
    digest="new",
    by="Ada",
    at="then",
    facts=SourceFacts(soaked_ms=0, runs=9, ok=9),
)
DESIRED = stack({"a": sql_job()}).model_copy(update={"source": Source(digest="new", promotion=RECORD)})
LIVE = replace(applied(DESIRED), release=ReleaseRow(1, "old", {}, promoted=True))


def checked(file: PromotionFile | None, **environ: str) -> Plan:
    return with_gates(make_plan(DESIRED, LIVE, {}), DESIRED, LIVE, file, {}, environ)


def test_the_records_figures_where_nobody_is_asked() -> None:
    plan = checked(FILE)
    assert [problem.path for problem in plan.refusals] == ["gates.runs"]
    assert plan.warnings == (
        "how release 3 of staging does was not asked again (SUPACRON_SOURCE_DATABASE_URL is not set): as of then",
    )
    assert checked(FILE, SUPACRON_WAIVE="runs=few jobs").refusals == ()


def test_a_source_that_is_no_database() -> None:
    plan = checked(FILE, SUPACRON_SOURCE_DATABASE_URL="https://u:canary@example.com")
    assert [problem.path for problem in plan.refusals] == ["gates.runs"]
    assert "was not asked again (the database URL is not of the form" in plan.warnings[0]
    assert "canary" not in plan.warnings[0]


def test_without_the_file() -> None:
    plan = checked(None)
    assert (plan.refusals, plan.warnings) == ((), ("promotion.yaml is not there: no gate was checked again",))


def test_what_is_live_is_not_checked() -> None:
    live = replace(LIVE, release=ReleaseRow(1, "new", {}, promoted=True))
    plan = make_plan(DESIRED, live, {})
    assert with_gates(plan, DESIRED, live, FILE, {}, {}) is plan
