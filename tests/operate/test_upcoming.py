from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supacron.errors import SupacronError
from supacron.operate.upcoming import upcoming
from tests.support.stacks import sql_job, stack

NOW = datetime(2026, 3, 1, 9, 10, tzinfo=UTC)
DESIRED = stack(
    {
        "often": sql_job(schedule="*/30 * * * *"),
        "idle": sql_job(schedule="0 3 * * *", enabled=False),
        "ticks": sql_job(schedule="30 seconds"),
    }
)


def test_a_job_runs_when_its_schedule_says() -> None:
    (found,) = upcoming(DESIRED, "often", NOW, 2)
    assert found.to_json() == {
        "job": "often",
        "schedule": "*/30 * * * *",
        "spread_from": None,
        "timezone": None,
        "schedule_in_words": "Every 30 minutes",
        "enabled": True,
        "estimated": False,
        "not_due": None,
        "next_runs": ["2026-03-01T09:30:00Z", "2026-03-01T10:00:00Z"],
    }


def test_without_a_name_it_is_every_job_in_order() -> None:
    assert [one.job for one in upcoming(DESIRED, None, NOW, 1)] == ["idle", "often", "ticks"]


def test_a_disabled_job_has_no_next_run() -> None:
    (found,) = upcoming(DESIRED, "idle", NOW, 2)
    assert (found.enabled, found.runs) == (False, ())


def test_times_of_a_schedule_in_seconds_are_estimates() -> None:
    (found,) = upcoming(DESIRED, "ticks", NOW, 2)
    assert found.estimated
    assert [moment.second for moment in found.runs] == [30, 0]


def test_an_unknown_job_is_an_error_that_names_the_likely_one() -> None:
    with pytest.raises(SupacronError, match="no job 'oftn'") as error:
        upcoming(DESIRED, "oftn", NOW, 1)
    assert "`often`" in error.value.remedy


def test_a_stack_without_jobs_says_so() -> None:
    with pytest.raises(SupacronError) as error:
        upcoming(stack({}), "any", NOW, 1)
    assert error.value.remedy == "It has no jobs."
