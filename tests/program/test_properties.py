"""What a preview shows of a job: a change of any option is a change of its properties."""

from __future__ import annotations

from typing import Any

import pytest

from supacron.model.desired import DesiredCall, DesiredJob
from supacron.program.resources import job_properties
from tests.support.stacks import http_job

RETRY = {"attempts": 3, "backoff_ms": 10_000, "max_backoff_ms": 600_000, "within_ms": 3_600_000, "on": ("5xx", "429")}
# How a job came here, not what it does.
ONCE = {"renamed_from", "adopt"}
OTHER: dict[str, Any] = {
    "schedule": "7 7 * * *",
    "spread_from": "H * * * *",
    "timezone": "Europe/Zurich",
    "runs_from": "2031-01-01T00:00:00Z",
    "runs_until": "2032-01-01T00:00:00Z",
    "runs_at": "2031-06-01T00:00:00Z",
    "enabled": False,
    "sql": "select 1",
    "description": "what for",
    "owner": "Ada",
    "late_after": 9,
    "protect": True,
    "on_failure": {"function": "public.told"},
    "trigger_roles": ["authenticated"],
    "method": "GET",
    "url": "https://elsewhere.example/",
    "headers": {"X-A": "b"},
    "body": {"batch_size": 7},
    "timeout_ms": 9_000,
    "auth": [{"secret": "other", "header": "apikey", "prefix": ""}],
    "retry": RETRY,
    "overlap": "queue",
    "limits": ["target"],
    "expect": {"status": ["200"]},
    "parameters": [{"path": ["at"], "value": "scheduled_for"}],
    "catch_up": "latest",
}


@pytest.mark.parametrize("field", sorted({*DesiredJob.model_fields, *DesiredCall.model_fields} - ONCE - {"call"}))
def test_each_option_shows(field: str) -> None:
    plain = http_job().model_dump()
    changed = plain | ({field: OTHER[field]} if field in plain else {"call": plain["call"] | {field: OTHER[field]}})
    assert job_properties(DesiredJob.model_validate(changed)) != job_properties(http_job())


def test_durations_are_as_people_write_them() -> None:
    plain = http_job().model_dump()
    tried = DesiredJob.model_validate(plain | {"call": plain["call"] | {"retry": RETRY}})
    assert job_properties(tried)["retry"] == {
        "attempts": 3,
        "backoff": "10s",
        "max_backoff": "10m",
        "within": "1h",
        "on": ["5xx", "429"],
    }
