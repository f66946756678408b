from __future__ import annotations

from typing import Any

import pytest

from supacron.model.desired import DesiredAuth, DesiredCall, DesiredJob, DesiredSecret
from supacron.model.stack_file import Environment, StackFile
from supacron.validate.resolve import resolve

ENVIRONMENT = Environment.model_validate({"projectRef": "ref", "projectUrl": "https://example.com"})


def job(raw: dict[str, Any], defaults: dict[str, Any] | None = None) -> DesiredJob:
    data = {
        "secrets": {"key": {}, "other": {}},
        "defaults": defaults or {},
        "jobs": {"j": {"schedule": " @daily\n", **raw}},
    }
    return resolve("qa", StackFile.model_validate(data), ENVIRONMENT).jobs["j"]


def call(raw: dict[str, Any], defaults: dict[str, Any] | None = None) -> DesiredCall:
    found = job(raw, defaults).call
    assert found is not None
    return found


def test_the_least_that_a_function_job_says() -> None:
    assert job({"function": "f"}) == DesiredJob(
        schedule="@daily",
        enabled=True,
        call=DesiredCall(
            method="POST",
            url="https://example.com/functions/v1/f",
            headers={"Content-Type": "application/json"},
            body={},
            timeout_ms=30_000,
            auth=(),
        ),
    )


def test_an_sql_job_takes_nothing_of_a_call() -> None:
    defaults = {"auth": {"secret": "key"}, "timeout": "5s", "headers": {"A": "b"}, "owner": "us"}

    assert job({"sql": "select 1"}, defaults) == DesiredJob(schedule="@daily", enabled=True, sql="select 1", owner="us")


def test_all_that_a_job_can_say() -> None:
    raw = {
        "url": "https://elsewhere.example/x",
        "method": "DELETE",
        "headers": {"A": "b"},
        "timeout": "2m",
        "auth": {"secret": "other", "header": "X-Key"},
        "enabled": False,
        "description": "d",
        "owner": "me",
        "renamed_from": "old",
        "adopt": True,
    }

    assert job(raw, {"owner": "us", "timeout": "5s", "auth": {"secret": "key"}}) == DesiredJob(
        schedule="@daily",
        enabled=False,
        call=DesiredCall(
            method="DELETE",
            url="https://elsewhere.example/x",
            headers={"A": "b"},
            body=None,
            timeout_ms=120_000,
            auth=(DesiredAuth(secret="other", header="X-Key", prefix=""),),
        ),
        description="d",
        owner="me",
        renamed_from="old",
        adopt=True,
    )


@pytest.mark.parametrize(
    ("auth", "header", "prefix"),
    [
        ({"secret": "key"}, "Authorization", "Bearer "),
        ({"secret": "key", "as": "bearer"}, "Authorization", "Bearer "),
        ({"secret": "key", "as": "apikey"}, "apikey", ""),
        ({"secret": "key", "header": "X-Cron"}, "X-Cron", ""),
    ],
)
def test_how_a_secret_is_sent(auth: dict[str, str], header: str, prefix: str) -> None:
    assert call({"function": "f", "auth": auth}).auth == (DesiredAuth(secret="key", header=header, prefix=prefix),)


def test_several_credentials_go_with_one_call() -> None:
    auth = [{"secret": "other", "as": "apikey"}, {"secret": "key"}]
    assert call({"function": "f", "auth": auth}).auth == (
        DesiredAuth(secret="other", header="apikey", prefix=""),
        DesiredAuth(secret="key", header="Authorization", prefix="Bearer "),
    )
    assert call({"function": "f", "auth": {"secret": "other"}}, {"auth": auth}).auth == (
        DesiredAuth(secret="other", header="Authorization", prefix="Bearer "),
    )


def test_defaults_and_how_to_leave_them() -> None:
    defaults = {"auth": {"secret": "key"}, "timeout": "5s", "headers": {"A": "default", "B": "default"}}

    inherited = call({"function": "f", "headers": {"b": "own"}}, defaults)
    left = call({"function": "f", "auth": None, "timeout": "1s"}, defaults)

    assert inherited.headers == {"A": "default", "b": "own", "Content-Type": "application/json"}
    assert [auth.secret for auth in inherited.auth] == ["key"]
    assert inherited.timeout_ms == 5_000
    assert left.auth == ()
    assert left.timeout_ms == 1_000


@pytest.mark.parametrize(
    ("raw", "headers", "body"),
    [
        ({"method": "GET"}, {}, None),
        ({"headers": {"content-type": "application/json"}}, {"content-type": "application/json"}, {}),
        ({"body": [1, None]}, {"Content-Type": "application/json"}, [1, None]),
        ({"body": False}, {"Content-Type": "application/json"}, False),
    ],
)
def test_content_type_and_body(raw: dict[str, Any], headers: dict[str, str], body: object) -> None:
    found = call({"function": "f", **raw})

    assert found.headers == headers
    assert found.body == body


def test_the_rest_of_a_stack() -> None:
    data = {
        "retention": {"runs": "2h"},
        "secrets": {"a": {"env": "A", "description": "d"}, "b": {"vault_name": "mine"}},
    }

    desired = resolve("qa", StackFile.model_validate(data), ENVIRONMENT)

    assert (desired.stack, desired.project_ref, desired.project_url) == ("qa", "ref", "https://example.com")
    assert (desired.retention.runs_ms, desired.retention.cron_history_ms) == (7_200_000, 604_800_000)
    assert desired.secrets == {
        "a": DesiredSecret(vault_name="supacron/qa/a", env="A", description="d"),
        "b": DesiredSecret(vault_name="mine"),
    }


def test_one_run_is_the_line_of_its_minute_in_utc_and_has_no_zone() -> None:
    found = job({"schedule": None, "at": "2026-12-24 00:30", "sql": "select 1"}, {"timezone": "Europe/Berlin"})
    assert (found.schedule, found.runs_at, found.timezone) == ("30 23 23 12 *", "2026-12-23T23:30:00Z", None)


def test_a_window_is_in_the_zone_of_the_job_unless_it_says_otherwise() -> None:
    raw = {"from": "2026-12-01", "until": "2027-01-01T00:00:00Z", "timezone": "Europe/Berlin", "function": "f"}
    found = job(raw)
    assert (found.runs_from, found.runs_until) == ("2026-11-30T23:00:00Z", "2027-01-01T00:00:00Z")
