"""`supacron alerts`, and what status and doctor say of late jobs and open alerts, on a stack that is applied."""

from __future__ import annotations

import json
import re

import pytest

from supacron.errors import ExitCode
from tests.cli.conftest import CommandLine
from tests.operate.test_doctor import collect
from tests.operate.test_status import record
from tests.support.database import Database
from tests.support.deployed import DEFINITION, KEY, Project
from tests.support.receiver import Answer, Receiver

pytestmark = pytest.mark.slow

ALERTS = """\
alerts:
  failing: {when: {run_failures: {over_percent: 50}}, webhook: hook, format: slack, clear_for: 0s}
  late: {when: {late_jobs: {jobs: [good]}}, webhook: hook}
ping: {url: hook}
"""


@pytest.fixture
def alerting(there: CommandLine, project: Project, database: Database, receiver: Receiver) -> CommandLine:
    definition = DEFINITION.replace("secrets:\n", "secrets:\n  hook: {}\n") + ALERTS
    project.write(definition, url=receiver.url)
    project.apply(database, {"key": KEY, "hook": f"{receiver.url}/{KEY}"})
    return there


def test_what_is_open_and_what_was(alerting: CommandLine, database: Database) -> None:
    record(database, "refused", "http_error", 401)
    collect(database)
    result = alerting("alerts")
    assert result.code == 0
    lines = [" ".join(line.split()) for line in result.out.splitlines()]
    assert lines[0] == "dev 2 alerts, 1 open"
    said = "100% of the runs within 1 h failed (over 50%): 1 of 1, of refused"
    assert any(re.fullmatch(rf"failing open \d+ s {re.escape(said)}", line) for line in lines)
    assert "late quiet" in lines
    doctor = alerting("doctor")
    assert doctor.code == ExitCode.UNHEALTHY
    assert re.search(r"FAILURE  alerts: failing is open, for \d+ s: 100% of the runs within 1 h failed", doctor.out)

    with database.connect() as connection:
        connection.execute("delete from supacron.run")
    collect(database)
    assert "past" in alerting("alerts").out
    data = alerting("alerts", "--json").data
    assert [(each["name"], each["open"]) for each in data["alerts"]] == [("failing", False), ("late", False)]
    assert [(each["alert"], each["ended_at"] is not None) for each in data["recent"]] == [("failing", True)]
    assert data["ping"]["sent_at"] is not None
    assert alerting("alerts", "--json", "--limit", "0").data["recent"] == []


def test_what_was_not_delivered_is_shown(alerting: CommandLine, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("delete from vault.secrets where name like '%/hook'")
        record(database, "refused", "http_error", 401)
        connection.execute("select supacron.collect()")
    shown = alerting("alerts").out
    assert "failing: its start was not delivered, at attempt 1: supacron: secret" in shown
    assert "supacron alerts test failing" in shown
    with database.connect() as connection:
        connection.execute("update supacron.alert set kind = 'unheard-of' where name = 'late'")
        connection.execute("select supacron.collect()")
    assert "cannot be looked at: " in alerting("alerts").out


def test_a_test_shows_the_receivers_answer(alerting: CommandLine, receiver: Receiver) -> None:
    receiver.answers[f"/{KEY}"] = Answer(200, f"thanks for /{KEY}, at {receiver.url}/{KEY}".encode())
    result = alerting("alerts", "test", "failing")
    assert (result.code, result.out) == (
        0,
        "failing  the webhook took it, HTTP 200: thanks for /********, at ********\n",
    )
    assert "a test, asked for by hand" in json.loads(receiver.requests[-1].body)["text"]
    receiver.answers[f"/{KEY}"] = Answer(400, b"invalid_payload")
    result = alerting("alerts", "test", "failing", "--json")
    assert result.code == ExitCode.FAILED
    assert result.data == {
        "stack": "dev",
        "alert": "failing",
        "delivered": False,
        "http_status": 400,
        "error": "answered with HTTP 400",
        "answer": "invalid_payload",
    }
    assert "answered with HTTP 400: invalid_payload" in alerting("alerts", "test", "failing").out


def test_a_test_that_nobody_answers(alerting: CommandLine, database: Database) -> None:
    database.worker.stop()
    result = alerting("alerts", "test", "failing", "--timeout", "1ms")
    assert result.code == ExitCode.FAILED
    assert "no answer yet" in result.out


def test_a_name_that_is_no_alert(alerting: CommandLine) -> None:
    result = alerting("alerts", "test", "fail")
    assert result.code == ExitCode.FAILED
    assert "the stack dev has no alert 'fail' in this database" in result.err
    assert "Did you mean `failing`? Its alerts: failing, late." in result.err


def test_a_late_job_is_shown_by_status_and_doctor(alerting: CommandLine, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select supacron.watch_jobs()")
        connection.execute("update supacron.watch set since = now() - interval '91 minutes'")
    assert "late" not in alerting("status").out
    with database.connect() as connection:
        connection.execute("update supacron.watch set since = now() - interval '93 minutes'")
    result = alerting("status")
    assert "active, late" in result.out
    assert (
        "good: late: has not succeeded since it was last changed or resumed; its schedule is */30 * * * *" in result.out
    )
    assert [job["name"] for job in alerting("status", "--json").data["jobs"] if job["late"]] == ["good"]
    assert "FAILURE  late: good has not succeeded since" in alerting("doctor").out
    alerting("pause", "good", "--reason", "why")
    assert "late" not in alerting("status").out


def test_a_plan_shows_an_alert_that_was_changed_outside(alerting: CommandLine, database: Database) -> None:
    assert alerting("plan", "--exit-code").out.endswith("dev  nothing to change\n")
    with database.connect() as connection:
        connection.execute("update supacron.alert set start_after_ms = 60000 where name = 'late'")
    result = alerting("plan")
    assert "~ alert late (changed outside: start_after_ms) drift" in result.out
    assert "    start_after_ms: 1m -> 0ms" in result.out
