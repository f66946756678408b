"""What one apply may do at most, and what lifts it once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from supacron.live.state import LiveState, empty, frozen
from supacron.model.desired import Desired, DesiredJob, DesiredRetention
from supacron.model.safety import DesiredSafety, Safety, resolve_safety
from supacron.plan.plan import make_plan
from supacron.plan.safety import protected_jobs
from tests.support.states import applied, with_cron

DAY = 86_400_000


def wanted(count: int, schedule: str = "{at} 3 * * *", days: int = 30, **safety: Any) -> Desired:
    """`count` jobs, none of which starts with another."""
    jobs = {
        f"j{number:02}": DesiredJob(schedule=schedule.format(at=number), enabled=True, sql="select 1")
        for number in range(count)
    }
    return Desired(
        stack="one",
        project_ref="p",
        project_url="https://p.example",
        retention=DesiredRetention(runs_ms=days * DAY, cron_history_ms=DAY),
        safety=DesiredSafety(**safety),
        secrets={},
        jobs=jobs,
    )


def refused(desired: Desired, live: LiveState, *allow: str) -> list[str]:
    plan = make_plan(desired, live, {}, allow=allow)
    assert plan.changes, "the plan is made, whatever forbids it"
    return [f"{problem.path}: {problem.message}" for problem in plan.refusals]


def test_removing_more_than_the_share() -> None:
    live = applied(wanted(20))
    assert refused(wanted(15), live) == [], "a quarter is allowed"
    assert refused(wanted(14), live) == [
        "safety.remove_percent: 6 of 20 jobs would be removed, and the limit is 25 %: j14, j15, j16, j17, j18, j19"
    ]
    assert refused(wanted(14, remove_percent=30), live) == []
    assert refused(wanted(14, remove_percent=None), live) == []
    assert refused(wanted(14, always=6), live) == []
    assert refused(wanted(0), applied(wanted(5))) == [], "few are always allowed"


def test_changing_more_than_the_share() -> None:
    live = applied(wanted(10))
    (message,) = refused(wanted(10, "{at} 4 * * *"), live)
    assert message.startswith("safety.change_percent: 10 of 10 jobs would be changed, and the limit is 50 %: j00, ")
    assert message.endswith("j07 and 2 more")
    assert refused(wanted(10, "{at} 4 * * *", change_percent=100), live) == []
    assert refused(wanted(10, "{at} 4 * * *"), empty()) == [], "the first apply"
    for number in range(10):
        live = with_cron(live, f"j{number:02}", active=False)
    assert refused(wanted(10), live) == [], "what was changed outside is put right"


def test_running_too_often() -> None:
    often = wanted(1, "5 seconds")
    assert refused(often, empty()) == ["jobs.j00.schedule: '5 seconds' runs every 5s, and the limit is 10s"]
    assert refused(wanted(1, "*/4 * * * *", interval_ms=300_000), empty()) == [
        "jobs.j00.schedule: '*/4 * * * *' runs every 4m, and the limit is 5m"
    ]
    assert refused(wanted(1, "5 seconds", interval_ms=None), empty()) == []
    assert refused(often.model_copy(update={"project_url": "https://x"}), applied(often)) == [], "it does so already"


def test_too_many_at_once() -> None:
    (problem,) = make_plan(wanted(31, "0 3 * * *"), empty(), {}).refusals
    assert problem.message.startswith("31 jobs would start at 03:00 UTC, and the limit is 30: j00, ")
    assert problem.remedy == (
        "Spread them with `H`. If it is meant, once: SUPACRON_ALLOW=minute pulumi up --stack one; "
        "for good: `safety: {per_minute: ...}`."
    )
    assert refused(wanted(31), empty()) == []
    before = applied(wanted(33, "0 3 * * *"))
    assert refused(wanted(32, "0 3 * * *"), before) == [], "fewer than there were"
    assert refused(wanted(34, "0 3 * * *"), before)


def test_a_shorter_retention() -> None:
    live = applied(wanted(1, days=90))
    assert refused(wanted(1, days=30), live) == ["retention.runs: history between 30d and 90d old would be deleted"]
    assert refused(wanted(1, days=30, keep_data=False), live) == []
    assert refused(wanted(1, days=91), live) == []


def test_a_protected_job() -> None:
    desired = wanted(2)
    protected = desired.model_copy(
        update={"jobs": {**desired.jobs, "j01": desired.jobs["j01"].model_copy(update={"protect": True})}}
    )
    live = applied(protected)
    assert refused(wanted(1), live) == ["jobs.j01.protect: this job is protected, and would be removed"]
    assert refused(wanted(1).model_copy(update={"safety": None}), live), "it is the job's own"
    assert refused(wanted(1), live, "protect") == []
    assert refused(desired, live) == [], "the protection may end"
    (problem,) = protected_jobs("one", live)
    assert "SUPACRON_ALLOW=protect pulumi destroy --stack one" in problem.remedy
    assert list(protected_jobs("one", live, ("protect",))) == []


@pytest.mark.parametrize(
    ("allow", "left"),
    [((), 3), (("remove",), 2), (("remove", "data"), 1), (("remove", "data", "interval"), 0)],
)
def test_each_is_named_and_lifted_for_once_by_its_own_name(allow: tuple[str, ...], left: int) -> None:
    desired = wanted(10, days=10)
    often = DesiredJob(schedule="1 second", enabled=True, sql="select 1")
    plan = make_plan(
        desired.model_copy(update={"jobs": {**desired.jobs, "often": often}}),
        applied(wanted(20)),
        {},
        allow=allow,
    )
    assert len(plan.refusals) == left
    assert plan.lifted == tuple(sorted(allow))
    assert len([warning for warning in plan.warnings if warning.endswith("; allowed this once")]) == 3 - left
    assert all("SUPACRON_ALLOW=" in problem.remedy for problem in plan.refusals)


def test_it_travels_as_json() -> None:
    desired = wanted(1, interval_ms=5, keep_data=False)
    assert Desired.from_json(desired.to_json()) == desired
    assert resolve_safety(Safety()) == DesiredSafety()


def test_without_brakes_nothing_is_refused() -> None:
    assert refused(wanted(0).model_copy(update={"safety": None}), applied(wanted(20))) == []


def test_a_schedule_of_an_earlier_release_is_no_obstacle() -> None:
    live = applied(wanted(1))
    row = live.jobs["j00"]
    broken = replace(row, record=replace(row.record, schedule="every now and then"))
    assert refused(wanted(31, "0 3 * * *"), replace(live, jobs=frozen({"j00": broken})))
