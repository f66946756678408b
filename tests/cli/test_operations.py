"""plan, status, runs, pause, resume and doctor on a stack that is applied."""

from __future__ import annotations

import re

import pytest

from supacron.errors import ExitCode
from tests.cli.conftest import CommandLine
from tests.operate.test_doctor import collect
from tests.operate.test_status import record
from tests.support.database import Database
from tests.support.deployed import DEFINITION, Project
from tests.support.receiver import Receiver

pytestmark = pytest.mark.slow


def test_plan_of_what_is_applied(there: CommandLine) -> None:
    result = there("plan", "--exit-code")
    assert (result.code, result.out.splitlines()[-1]) == (0, "dev  nothing to change")


def test_plan_shows_old_and_new_of_each_field(there: CommandLine, project: Project, receiver: Receiver) -> None:
    changed = (
        DEFINITION.replace("15 3 * * *", "45 3 * * *")
        .replace("batch_size: 20}, timeout: 20s", "batch_size: 50}, timeout: 60s")
        .replace("refused:", "renewed:")
        .replace("function: good, body", "function: good, auth: [{secret: key}, {secret: key, as: apikey}], body")
    )
    project.write(changed, url=receiver.url)
    result = there("plan", "--exit-code")
    assert result.code == ExitCode.CHANGES
    lines = result.out.splitlines()
    assert "+ job renewed" in lines
    assert any(line.startswith("- job refused (jobid ") for line in lines)
    assert "    schedule: 15 3 * * * -> 45 3 * * *" in lines
    assert '    body: {"batch_size": 20} -> {"batch_size": 50}' in lines
    assert "    timeout_ms: 20s -> 1m" in lines
    assert "    auth: Authorization: Bearer <key> -> Authorization: Bearer <key>, apikey: <key>" in lines
    assert lines[-1] == "dev  1 to create, 2 to update, 1 to remove"
    assert there("plan").code == 0


def test_plan_shows_drift_pauses_and_what_is_left_alone(there: CommandLine, database: Database) -> None:
    there("pause", "good", "--reason", "why", "--by", "Ada")
    with database.connect() as connection:
        connection.execute("select cron.schedule('by-hand', '* * * * *', 'select 1')")
        connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'nightly'")
    result = there("plan")
    assert "~ job nightly (changed outside: active) drift" in result.out
    assert "    active: false -> true" in result.out
    assert "  paused good: why (Ada)" in result.out
    assert "  left alone, made by hand: by-hand" in result.out
    assert result.out.endswith("dev  1 to update; 1 changed outside\n")


def test_drift_alone_needs_neither_files_nor_values(
    there: CommandLine, project: Project, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("E_KEY")
    project.write("jobs: {}\n")
    assert (there("drift").code, there("drift").out) == (0, "dev  nothing was changed outside\n")
    with database.connect() as connection:
        connection.execute("select cron.unschedule('nightly')")
        connection.execute("select vault.update_secret(id, 'canary-by-hand') from vault.secrets where name ~ 'dev/key'")
        connection.execute("update supacron.job set schedule = '1 1 * * *' where name = 'good'")
    result = there("drift")
    assert result.code == ExitCode.CHANGES
    assert result.out.splitlines() == [
        "~ secret key (its value was replaced in Vault outside, and is kept) drift",
        "+ job nightly (it was deleted outside) drift",
        "~ job good (changed outside: supacron.job.schedule) drift",
        "    schedule: 1 1 * * * -> */30 * * * *",
        "dev  2 to update, 1 to create; 3 changed outside",
    ]
    assert "### supacron drift: `dev`" in there("drift", "--format", "markdown").out
    (secret, *_) = there("drift", "--json").data["changes"]
    assert (secret["kind"], secret["drift"], secret["fields"]) == ("secret", True, [])
    assert there("drift", "--stack", "prod").code == ExitCode.REFUSED


def test_plan_in_markdown_and_json(there: CommandLine, project: Project, receiver: Receiver) -> None:
    project.write(DEFINITION.replace("15 3 * * *", "45 3 * * *"), url=receiver.url)
    result = there("plan", "--format", "markdown", "--exit-code")
    assert result.code == ExitCode.CHANGES
    assert "- `~` job `nightly`\n  - `schedule: 15 3 * * * -> 45 3 * * *`\n" in result.out
    assert there("plan", "--format", "json").data == there("plan", "--json").data


def test_plan_that_is_refused(there: CommandLine, project: Project) -> None:
    project.write(DEFINITION.replace("15 3 * * *", "30 seconds"), ref="another")
    result = there("plan", "--exit-code")
    assert result.code == ExitCode.REFUSED
    assert "  refused projectRef: this database belongs to project local" in result.out
    assert "  refused jobs.nightly.schedule: '30 seconds' needs pg_cron 1.5" in result.out
    assert "an apply is refused, for 2 reasons" in result.out
    data = there("plan", "--json")
    assert (data.code, len(data.data["refusals"])) == (ExitCode.REFUSED, 2)


def test_plan_that_goes_too_far_is_shown_and_names_what_allows_it(
    there: CommandLine, project: Project, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    project.write(DEFINITION + "retention: {runs: 1d}\n", url=receiver.url)
    result = there("plan")
    assert result.code == ExitCode.REFUSED
    assert "    runs_ms: 30d -> 1d" in result.out
    assert "  refused retention.runs: history between 1d and 30d old would be deleted" in result.out
    assert "SUPACRON_ALLOW=data pulumi up --stack dev" in result.out
    lifted = there("plan", "--allow", "data")
    assert lifted.code == 0
    assert "  warning retention.runs: history between 1d and 30d old would be deleted; allowed this once" in lifted.out
    monkeypatch.setenv("SUPACRON_ALLOW", "data,remove")
    assert there("plan").code == 0
    monkeypatch.setenv("SUPACRON_ALLOW", "everything")
    assert "'everything' is nothing that can be allowed" in there("plan").err


def test_plan_shows_warnings(there: CommandLine, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select vault.update_secret(id, 'newer') from vault.secrets where name = 'supacron/dev/key'")
    assert "  warning secret key: the value given was applied before" in there("plan").out


def test_plan_needs_files_without_mistakes(there: CommandLine, project: Project) -> None:
    project.write("jobs: {a: {}}\n")
    result = there("plan")
    assert (result.code, result.out) == (ExitCode.INVALID, "")


def test_status_shows_each_job_and_what_to_do(there: CommandLine, database: Database) -> None:
    record(database, "good", "ok", 200)
    record(database, "refused", "http_error", 401)
    with database.connect() as connection:
        connection.execute("select cron.unschedule('nightly')")
    there("pause", "idle", "--reason", "why", "--by", "Ada", "--until", "2h")
    result = there("status")
    lines = result.out.splitlines()
    assert lines[0] == "dev  4 jobs"
    assert any(line.startswith("good ") and "ok (HTTP 200)" in line and "100% of 1" in line for line in lines)
    assert any(line.startswith("idle ") and "paused by Ada until" in line for line in lines)
    assert any(line.startswith("nightly ") and "never ran" in line for line in lines)
    assert "refused: refused or failed with HTTP 401" in lines
    assert "nightly: missing in cron.job, without a pause" in lines
    assert "The function refused the key of secret key" in result.out


def test_status_says_when_the_collector_ran(there: CommandLine, database: Database) -> None:
    with database.connect() as connection:
        # pg_cron's minute may fall into this test.
        connection.execute(
            "select cron.alter_job(job_id := jobid, active := false) from cron.job where jobname = 'supacron-collect'"
        )
        connection.execute("update supacron.runtime set collected_at = null")
    assert "the collector has not run yet" in there("status").out
    collect(database)
    assert "when the collector last ran" in there("status").out


def test_status_as_json(there: CommandLine) -> None:
    data = there("status", "--json").data
    assert [job["name"] for job in data["jobs"]] == ["good", "idle", "nightly", "refused"]


def test_status_of_another_stack_is_refused(there: CommandLine) -> None:
    result = there("status", "--stack", "prod")
    assert result.code == ExitCode.REFUSED
    assert "prod is not applied to this database (it has: dev)" in result.err


def test_runs_are_listed(there: CommandLine, database: Database) -> None:
    assert there("runs").out == "no run is recorded yet\n"
    assert there("runs", "--failed").out == "no run failed\n"
    record(database, "refused", "http_error", 401)
    record(database, "good", None)
    there("trigger", "good", "--wait", "--by", "Ada")
    lines = there("runs").out.splitlines()
    assert "manual (Ada)" in lines[1]
    assert "waiting" in lines[2]
    assert all(word in lines[3] for word in ("refused", "schedule", "http_error", "401", "+0.00 s", "+60.00 s"))
    assert "later than the answer" in lines[-1]
    assert [run["job"] for run in there("runs", "refused", "--json").data["runs"]] == ["refused"]


def test_pause_and_resume(there: CommandLine) -> None:
    paused = there("pause", "good", "--reason", "looking", "--by", "Ada", "--until", "2100-01-01T00:00+02:00")
    assert paused.out == "good paused until 2099-12-31 22:00:00 UTC by Ada: looking\n"
    again = there("pause", "good", "--reason", "more", "--by", "Bob")
    assert again.out == "good its pause was replaced: paused until `supacron resume good` by Bob: more\n"
    assert there("resume", "good").out == "good is active again\n"
    assert there("resume", "good").out == "good was not paused; it is active\n"


def test_stop_and_start(there: CommandLine) -> None:
    assert there("stop", "--reason", " ").code == ExitCode.USAGE
    stopped = there("stop", "--reason", "too much mail", "--by", "Ada")
    first, *rest = stopped.out.splitlines()
    assert re.fullmatch(r"dev stopped by Ada since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: too much mail", first)
    assert rest == ["  3 jobs made inactive", "  To put them back: supacron start --stack dev"]
    again = there("stop", "--reason", "x")
    assert (again.code, "too much mail" in again.err) == (ExitCode.REFUSED, True)
    assert first.removeprefix("dev ") in there("status").out.splitlines()
    assert "  stopped by Ada since" in there("plan").out
    assert there("plan", "--json").data["stopped"].endswith("UTC: too much mail")
    assert "The stack is `stopped by Ada" in there("plan", "--format", "markdown").out
    assert "warning  jobs: the stack is stopped by Ada" in there("doctor").out
    assert "its stack is stopped: `supacron start`" in there("resume", "good").out
    assert there("start").out.startswith("dev runs again: 3 jobs made active (was stopped by Ada since ")
    assert there("start").out == "dev was not stopped\n"
    # In a hurry nobody has to find words first.
    assert there("stop", "--json").data["stopped"]["jobs"] == 3
    assert there("start", "--json").data["was_stopped"]["reason"] == "no reason was given"


def test_pause_of_a_disabled_job_says_so(there: CommandLine) -> None:
    assert "disabled in the YAML too" in there("pause", "idle", "--reason", "x").out
    assert "disabled in the YAML" in there("resume", "idle").out


def test_pause_and_resume_as_json(there: CommandLine) -> None:
    assert there("pause", "good", "--reason", "x", "--json").data["state"] == "paused"
    assert there("resume", "good", "--json").data == {
        "stack": "dev",
        "job": "good",
        "state": "active",
        "was_paused": True,
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--reason", " "), "say why"),
        (("--reason", "x", "--until", "soon"), "neither a duration"),
        (("--reason", "x", "--until", "2100-01-01T00:00"), "has no zone"),
        (("--reason", "x", "--until", "2020-01-01T00:00Z"), "is past"),
        ((), "--reason"),
    ],
)
def test_pause_asks_for_a_reason_and_an_end_that_can_be(
    there: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    result = there("pause", "good", *arguments)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert words in result.err


def test_doctor_of_a_healthy_stack(there: CommandLine, database: Database) -> None:
    collect(database)
    result = there("doctor")
    assert result.code == 0
    assert result.out.endswith("dev  failures: 0, warnings: 0\n")


def test_doctor_names_the_fault_and_the_remedy(there: CommandLine, database: Database) -> None:
    record(database, "refused", "http_error", 401)
    result = there("doctor")
    assert result.code == ExitCode.UNHEALTHY
    assert "FAILURE  outcomes: refused: refused or failed with HTTP 401" in result.out
    assert "         The function refused the key" in result.out
    report = there("doctor", "--json")
    assert (report.code, report.data["healthy"]) == (ExitCode.UNHEALTHY, False)


@pytest.mark.parametrize(
    ("change", "words"),
    [("system_identifier = '1'", "this database is a copy"), ("timeline = 99", "on another timeline")],
)
def test_status_says_that_this_is_another_database(
    there: CommandLine, database: Database, change: str, words: str
) -> None:
    with database.connect() as connection:
        connection.execute(f"update supacron.runtime set {change}".encode())
    assert words in (out := there("status").out)
    assert "    If this is where the jobs are to run: pulumi up --stack dev" in out
    assert there("status", "--json").data["place"] in ("copy", "failover")
