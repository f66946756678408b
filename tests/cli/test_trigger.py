from __future__ import annotations

import pytest

from supacron.errors import ExitCode
from tests.cli.conftest import CommandLine
from tests.support.database import Database
from tests.support.deployed import Project
from tests.support.receiver import Answer, Receiver
from tests.support.tokens import token as token_of

pytestmark = pytest.mark.slow


def test_what_came_back_is_shown(there: CommandLine) -> None:
    result = there("trigger", "good", "--wait")
    lines = {line.split()[0]: line for line in result.out.splitlines()}
    assert result.code == 0
    assert lines["good"] == "good  stack dev"
    assert lines["schedule"].endswith("*/30 * * * *  (Every 30 minutes)")
    assert lines["next"].count(":") == 3
    assert lines["next"].endswith("UTC")
    assert lines["result"].endswith("ok, HTTP 200")
    assert "between sent and seen" in lines["time"]


def test_a_bad_outcome_has_its_remedy_and_exit_code(there: CommandLine) -> None:
    result = there("trigger", "refused", "--wait")
    assert result.code == ExitCode.FAILED
    assert "refused or failed with HTTP 401" in result.out
    assert "The function refused the key of secret key" in result.out


def test_json_is_one_document(there: CommandLine) -> None:
    result = there("trigger", "good", "--wait", "--json", "--by", "Ada")
    data = result.data
    assert (data["stack"], data["job"], data["active"], data["triggered"]) == ("dev", "good", True, True)
    assert len(data["next_runs"]) == 3
    assert (data["run"]["outcome"], data["run"]["http_status"]) == ("ok", 200)


def test_only_the_first_time_when_told(there: CommandLine, receiver: Receiver) -> None:
    assert there("trigger", "good", "--wait", "--if-never-run").code == 0
    again = there("trigger", "good", "--wait", "--if-never-run")
    assert (again.code, again.out) == (0, "good has run before: not triggered\n")
    assert there("trigger", "good", "--if-never-run", "--json").data["run"] is None
    assert len(receiver.requests) == 1


def test_without_waiting_it_says_where_to_look(there: CommandLine) -> None:
    result = there("trigger", "good")
    assert result.code == 0
    assert "no answer yet" in result.out
    assert "supacron runs good --stack dev" in result.out


def test_a_long_wait_is_said_and_ends(there: CommandLine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver.answer = Answer(delay=30)
    monkeypatch.setattr("supacron.cli.trigger.QUIET_SECONDS", 0.1)
    result = there("trigger", "good", "--wait", "--timeout", "1s")
    assert result.code == ExitCode.FAILED
    assert "waiting for the answer" in result.err
    assert "no answer yet" in result.out


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("insert into supacron.pause select id, 'Ada', 'why' from supacron.job where name = 'good';"
         " select cron.alter_job(jobid, active := false) from cron.job where jobname = 'good'", "none: it is paused"),
        ("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'good'", "none: inactive"),
    ],
)  # fmt: skip
def test_why_there_is_no_next_run(there: CommandLine, database: Database, sql: str, words: str) -> None:
    with database.connect() as connection:
        connection.execute(sql.encode())
    assert words in there("trigger", "good", "--wait").out


def test_a_disabled_job_has_no_next_run(there: CommandLine) -> None:
    assert "none: it is disabled" in there("trigger", "idle", "--wait").out


def test_each_attempt_is_told_as_it_comes(
    there: CommandLine, project: Project, database: Database, receiver: Receiver
) -> None:
    refused = "schedule: 0 3 * * *, function: refused, timeout: 3s"
    project.write(
        f"jobs: {{twice: {{{refused}, retry: {{attempts: 2, backoff: 1ms, outcomes: [401]}}}}}}\n", url=receiver.url
    )
    project.apply(database)
    result = there("trigger", "twice", "--body", "a.b=1", "--wait")
    assert result.code == ExitCode.FAILED
    said = [line.strip() for line in result.err.splitlines()]
    assert said[0] == "run 1 started"
    assert said[1].startswith("attempt 1: refused or failed with HTTP 401")
    assert said[2] == "attempt 2: refused or failed with HTTP 401"
    assert "\x1b" not in result.err
    run = there("trigger", "twice", "--wait", "--json").data["run"]
    earlier = [{"attempt": 1, "outcome": "http_error", "http_status": 401, "error": None}]
    assert (run["outcome"], run["attempt"], run["earlier_attempts"]) == ("http_error", 2, earlier)


def test_an_interrupted_wait_leaves_the_run_alone(
    there: CommandLine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("supacron.operate.trigger.time.sleep", interrupt)
    result = there("trigger", "good", "--wait")
    assert result.code == ExitCode.INTERRUPTED
    assert "run 1 goes on: supacron runs good --stack dev" in result.err
    with database.connect() as connection:
        assert connection.execute("select count(*) from supacron.run where id = 1").fetchone() == (1,)


def test_what_looks_like_a_secret_is_not_sent(there: CommandLine, receiver: Receiver) -> None:
    token = token_of("service_role")
    result = there("trigger", "good", "--body", f"key={token}")
    assert result.code == ExitCode.USAGE
    assert "--body key holds what looks like a JWT" in result.err
    assert token not in result.err
    assert receiver.requests == []


def test_a_duration_needs_its_unit(there: CommandLine) -> None:
    result = there("trigger", "good", "--timeout", "60")
    assert result.code == ExitCode.USAGE
    assert "30s" in result.err


def test_a_run_that_failed_for_good_is_tried_again(there: CommandLine, receiver: Receiver) -> None:
    assert there("trigger", "refused", "--wait").code == ExitCode.FAILED
    run = there("runs", "--failed", "--json").data["runs"][0]["run"]
    again = there("retry", str(run), "--wait")
    assert (again.code, again.out) == (ExitCode.FAILED, f"refused  run {run}: refused or failed with HTTP 401\n")

    receiver.answers["/functions/v1/refused"] = Answer(200)
    assert there("retry", str(run), "--wait", "--json").data["run"]["outcome"] == "ok"
    keys = {request.headers["idempotency-key"] for request in receiver.requests}
    assert keys == {f"dev/refused/{run}"}
    assert [request.headers["supacron-attempt"] for request in receiver.requests] == ["1", "2", "3"]

    assert there("runs", "--failed", "--json").data["runs"] == []
    refused = there("retry", str(run))
    assert refused.code != 0
    assert "Traceback" not in refused.err
