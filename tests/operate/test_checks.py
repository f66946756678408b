"""The judgement alone, on facts made up for it; reading them is tested with `doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from supacron.errors import Problem
from supacron.live.state import (
    JobRecord,
    JobRow,
    LiveState,
    QueueState,
    RuntimeRow,
    SecretRow,
    StackRow,
    VaultSecret,
    empty,
    frozen,
)
from supacron.operate import checks
from supacron.operate.alerts import Alerts, AlertState, PingState
from supacron.operate.checks import Check, Level
from supacron.operate.facts import Collector, Facts, Server
from supacron.operate.status import JobStatus, Status
from supacron.plan.changes import Action, Change, Kind, Plan
from supacron.secret import Secret

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)
JUST_NOW = NOW - timedelta(seconds=30)


def live(**changes: Any) -> LiveState:
    base = replace(
        empty(),
        runtime=RuntimeRow("ref", "", "0.1.0", "digest"),
        stack=StackRow(None, "http://x", 1, 1, 0, destroyed=False),
    )
    return replace(base, **changes)


def job(name: str, **changes: Any) -> JobStatus:
    base = JobStatus(
        name=name,
        jobid=1,
        schedule="* * * * *",
        enabled=True,
        active=True,
        scheduled=True,
        owner=None,
        description=None,
        paused_by=None,
        paused_reason=None,
        paused_until=None,
        last_run_id=1,
        last_trigger="schedule",
        last_queued_at=JUST_NOW,
        last_seen_at=JUST_NOW,
        last_outcome="ok",
        last_status_code=200,
        last_error=None,
        recent_runs=1,
        recent_ok=1,
        last_ok_at=JUST_NOW,
        late_at=None,
        secrets=["key"],
        url="http://x",
    )
    return replace(base, **changes)


def facts(*jobs: JobStatus, **changes: Any) -> Facts:
    base = Facts(
        stack="dev",
        live=live(),
        server=Server(NOW, LONG_AGO, "17.4", sees_launcher=True, sees_net_worker=True),
        collector=Collector(JUST_NOW, LONG_AGO, 0, JUST_NOW, "succeeded", "1 row"),
        status=Status("dev", NOW, JUST_NOW, tuple(jobs)),
        queue=0,
    )
    return replace(base, **changes)


def collector_of(**changes: Any) -> Collector:
    found = facts().collector
    assert found is not None
    return replace(found, **changes)


def levels(found: Iterator[Check]) -> list[str]:
    return [check.level for check in found]


def only(found: Iterator[Check]) -> Check:
    (check,) = found
    return check


def test_a_stack_without_faults_is_ok_throughout() -> None:
    found = list(checks.all_checks(facts(job("a")), Plan("dev")))
    assert {check.level for check in found} == {Level.OK}
    assert all(check.remedy == "" for check in found)


def test_refusals_are_failures_with_their_remedies() -> None:
    found = list(checks.all_checks(facts(), Plan("dev", refusals=(Problem("wrong project", "use the right one"),))))
    assert Check("refusal", Level.FAILURE, "wrong project", "use the right one") in found


def test_without_a_runtime_nothing_further_is_looked_at() -> None:
    found = list(checks.all_checks(facts(live=empty(), collector=None, status=None), None))
    assert [(check.name, check.level) for check in found][-1] == ("runtime", Level.FAILURE)


def test_a_missing_and_an_old_extension() -> None:
    capabilities = replace(live().capabilities, extensions=frozen({"pg_cron": (1, 3), "pg_net": (0, 20)}))
    secrets = frozen({"a": SecretRow("a", "v/a", None, None)})
    found = {c.name: c for c in checks.extensions(facts(live=live(capabilities=capabilities, secrets=secrets)))}
    assert found["pg_cron"].level is Level.FAILURE
    assert "too old" in found["pg_cron"].message
    assert found["pg_net"].message == "version 0.20"
    assert (found["supabase_vault"].level, found["supabase_vault"].message) == (Level.FAILURE, "not installed")


def test_an_extension_that_no_job_needs_may_be_missing() -> None:
    capabilities = replace(live().capabilities, extensions=frozen({"pg_cron": (1, 6)}))
    assert set(levels(checks.extensions(facts(live=live(capabilities=capabilities))))) == {Level.OK}
    call = JobRow(1, removed=False, record=JobRecord("* * * * *", "x", enabled=True, method="POST"))
    with_call = live(capabilities=capabilities, jobs=frozen({"a": call}))
    assert levels(checks.extensions(facts(live=with_call))) == [Level.OK, Level.FAILURE, Level.OK]


def test_a_changed_runtime_and_a_stack_that_is_not_here() -> None:
    found = list(checks.runtime(facts(live=live(intact=False, stack=None))))
    assert [(check.name, check.level) for check in found] == [("runtime", Level.FAILURE), ("stack", Level.FAILURE)]
    destroyed = replace(live().stack or StackRow(None, "", 1, 1, 0, destroyed=True), destroyed=True)
    assert "was destroyed" in list(checks.runtime(facts(live=live(stack=destroyed))))[-1].message


def test_jobs_that_run_prove_the_launcher_whatever_is_to_be_seen() -> None:
    server = replace(facts().server, sees_launcher=False)
    assert only(checks.launcher(server, collector_of())).level is Level.OK


def test_silence_is_a_failure_and_the_remedy_depends_on_what_is_to_be_seen() -> None:
    silent = collector_of(cron_started_at=LONG_AGO)
    alive = only(checks.launcher(facts().server, silent))
    dead = only(checks.launcher(replace(facts().server, sees_launcher=False), silent))
    assert (alive.level, dead.level) == (Level.FAILURE, Level.FAILURE)
    assert "since 2026-02-26 12:00:00 UTC" in alive.message
    assert "cron.database_name" in alive.remedy
    assert "Restart the database" in dead.remedy
    assert "ever" in only(checks.launcher(facts().server, collector_of(cron_started_at=None))).message


def test_a_database_that_just_started_is_given_time() -> None:
    server = replace(facts().server, started_at=JUST_NOW)
    found = only(checks.launcher(server, collector_of(cron_started_at=LONG_AGO)))
    assert (found.level, found.message) == (Level.WARNING, "the database started only 30 s ago")


def test_a_stack_that_was_just_set_up_is_given_time() -> None:
    young = collector_of(set_up_at=JUST_NOW, cron_started_at=None, collected_at=None, cron_status=None)
    assert only(checks.launcher(facts().server, young)).message == "the stack was set up only 30 s ago"
    assert only(checks.collector(facts().server, young)).level is Level.WARNING


def test_a_collector_that_fails_tells_its_first_line() -> None:
    broken = collector_of(cron_status="failed", cron_message="ERROR: no such table\nCONTEXT: select 'x'")
    assert only(checks.collector(facts().server, broken)).message == "its last run failed: ERROR: no such table"
    assert "no reason" in only(checks.collector(facts().server, replace(broken, cron_message=None))).message


def test_a_collector_that_stands_still() -> None:
    assert "last ran at" in only(checks.collector(facts().server, collector_of(collected_at=LONG_AGO))).message
    assert only(checks.collector(facts().server, collector_of(collected_at=None))).message == "never ran"


def test_runs_past_their_deadline_are_told() -> None:
    assert levels(checks.collector(facts().server, collector_of(overdue=1))) == [Level.OK, Level.WARNING]


def test_a_net_worker_that_is_gone_and_one_that_is_behind() -> None:
    gone = facts(server=replace(facts().server, sees_net_worker=False), queue=3)
    assert only(checks.net_worker(gone)).level is Level.FAILURE
    assert "3 requests queued" in only(checks.net_worker(gone)).message
    assert only(checks.net_worker(facts(queue=201))).level is Level.WARNING
    assert only(checks.net_worker(facts(queue=1))).message == "its worker is alive; 1 request queued"


def test_without_pg_net_its_worker_is_not_looked_for() -> None:
    assert list(checks.net_worker(facts(queue=None))) == []


def test_secrets_that_are_missing_unreadable_or_not_needed() -> None:
    secrets = {name: SecretRow(name, f"v/{name}", env, None) for name, env in [("a", None), ("b", "B"), ("c", None)]}
    needed = {
        name: JobRow(1, removed=False, record=JobRecord("* * * * *", "x", enabled=True, auth=[{"secret": name}]))
        for name in "ab"
    }
    state = live(secrets=frozen(secrets), jobs=frozen(needed), vault=frozen({"v/b": VaultSecret("1", None)}))
    found = {check.message.split()[0]: check for check in checks.secrets(facts(live=state))}
    assert (found["a"].level, found["b"].level, found["c"].level) == (Level.FAILURE, Level.FAILURE, Level.WARNING)
    assert "is not in Vault" in found["a"].message
    assert "supacron:secrets.a" in found["a"].remedy
    assert "cannot be decrypted" in found["b"].message
    assert "variable B" in found["b"].remedy


def test_secrets_that_are_there() -> None:
    state = live(
        secrets=frozen({"a": SecretRow("a", "v/a", None, None)}), vault=frozen({"v/a": VaultSecret("1", Secret("x"))})
    )
    assert only(checks.secrets(facts(live=state))).message == "1 secret in Vault"


def test_jobs_that_do_not_run_by_their_reason() -> None:
    found = list(
        checks.jobs(
            facts(
                job("on"),
                job("off", enabled=False, active=False),
                job("switched", active=False),
                job("deleted", active=False, scheduled=False),
                job("held", active=False, paused_by="Ada", paused_reason="why", paused_until=NOW),
                job("kept", active=False, paused_by="Bob", paused_reason="so"),
            )
        )
    )
    assert [(check.level, check.message) for check in found] == [
        (Level.FAILURE, "switched off in cron.job, without a pause: switched"),
        (Level.FAILURE, "deleted in cron.job, without a pause: deleted"),
        (Level.WARNING, "paused: held by Ada until 2026-03-01 12:00:00 UTC (why), kept by Bob (so)"),
        (Level.OK, "disabled in the YAML: off"),
        (Level.OK, "1 job active"),
    ]


def test_each_failed_job_has_its_remedy() -> None:
    refused = job("a", last_outcome="http_error", last_status_code=403, recent_runs=5, recent_ok=4)
    found = list(checks.outcomes(facts(refused, job("b", last_outcome=None))))
    assert found[0].message == "a: refused or failed with HTTP 403 (4 of the last 5 ok)"
    assert "the key of secret key" in found[0].remedy
    assert found[1].message == "never ran yet: b"
    assert len(found) == 2


def test_many_failures_are_counted_after_the_first_twenty() -> None:
    bad = [job(f"j{number}", last_outcome="timed_out") for number in range(23)]
    found = list(checks.outcomes(facts(*bad)))
    assert (len(found), found[-1].message) == (21, "and 3 more jobs")
    never = [job(f"j{number:02}", last_outcome=None) for number in range(23)]
    assert next(checks.outcomes(facts(*never))).message.endswith("j19 and 3 more")


def test_a_job_is_late_only_while_it_is_active() -> None:
    held = job("held", late_at=JUST_NOW, active=False, paused_by="Ada", paused_reason="why")
    early = job("early", late_at=NOW + timedelta(seconds=1))
    assert only(checks.late(facts(held, early))).message == "no job is late"
    never = job("never", late_at=NOW, last_ok_at=None)
    found = list(checks.late(facts(held, early, job("slow", late_at=JUST_NOW, last_ok_at=LONG_AGO), never)))
    assert [(check.level, check.message) for check in found] == [
        (Level.FAILURE, "slow has not succeeded for 3 d; its schedule is * * * * *"),
        (
            Level.FAILURE,
            "never has not succeeded since it was last changed or resumed; its schedule is * * * * *",
        ),
    ]
    assert found[0].remedy == "See: supacron runs slow --stack dev"
    many = facts(*(job(f"j{number}", late_at=NOW) for number in range(checks.NAMED + 3)))
    assert list(checks.late(many))[-1].message == "and 3 more jobs"


def alert_state(name: str, **changes: Any) -> AlertState:
    base = AlertState(name, "backlog", "hook", None, None, None, None, None, None, None, None, None, None, None)
    return replace(base, **changes)


def test_alerts_that_are_open_unknown_or_unheard_are_failures() -> None:
    def found(*states: AlertState, ping: PingState | None = None) -> list[tuple[str, str]]:
        seen = Alerts("dev", NOW, states, (), ping)
        return [(check.level, check.message) for check in checks.alerts(facts(alerts=seen))]

    assert list(checks.alerts(facts())) == []
    assert found() == []
    assert found(alert_state("a"), alert_state("b")) == [("ok", "2 alerts, none open")]
    assert found(
        alert_state("a", open_since=LONG_AGO, detail="too much"),
        alert_state("b", error="no table"),
        alert_state("c", post_event="end", post_error="timed out"),
        alert_state("d", post_event="end", post_error="timed out", delivered_at=NOW),
    ) == [
        ("failure", "a is open, for 3 d: too much"),
        ("failure", "b cannot be looked at: no table"),
        ("failure", "c was not delivered: timed out"),
    ]
    ping = PingState("ping_url", 60_000, None, None, None, None)
    assert found(ping=ping) == []
    assert found(ping=replace(ping, sent_at=JUST_NOW)) == [("ok", "sent 30 s ago")]
    assert found(ping=replace(ping, error="answered with HTTP 404")) == [
        ("failure", "the last one failed: answered with HTTP 404")
    ]


def test_drift_and_pending_changes_are_told_apart() -> None:
    drift = Change(Kind.JOB, Action.UPDATE, "a", drift=True)
    pending = Change(Kind.JOB, Action.CREATE, "b")
    found = list(checks.changes(Plan("dev", changes=(drift, pending))))
    assert [check.message for check in found] == ["changed outside: job a", "1 change not applied yet"]
    assert only(checks.changes(Plan("dev"))).level is Level.OK


def test_history_that_grew_large() -> None:
    found = list(checks.history(facts(sizes=(("cron.job_run_details", 2 * 2**30), ("supacron.run", 2**20)))))
    assert [(check.level, check.message) for check in found] == [
        (Level.WARNING, "cron.job_run_details takes 2048 MiB"),
        (Level.OK, "supacron.run takes 1 MiB"),
    ]


def test_a_secret_that_an_sql_job_looks_up_is_needed() -> None:
    row = JobRow(1, removed=False, record=JobRecord("* * * * *", "select 'v/a'", enabled=True))
    state = live(secrets=frozen({"a": SecretRow("a", "v/a", None, None)}), jobs=frozen({"j": row}))
    assert only(checks.secrets(facts(live=state))).level is Level.FAILURE


class TestQueue:
    def check(self, **changes: Any) -> Check:
        state = QueueState(
            stack="dev",
            released=False,
            tool_version="0.1.0",
            digest="",
            migrations=frozenset(),
            intact=True,
            rules=frozen({}),
            applied=frozen({}),
            holds_jobs=True,
        )
        released = changes.pop("released", False)
        (found,) = checks.queue(facts(live=live(queue=replace(state, released=released)), **changes))
        return found

    def test_none(self) -> None:
        assert list(checks.queue(facts())) == []

    def test_looked_after(self) -> None:
        for ended in (None, ("succeeded", "1 row")):
            assert self.check(maintenance=ended).message == "set up by the stack dev"

    def test_its_job_fails(self) -> None:
        found = self.check(maintenance=("failed", "ERROR: no such table\nCONTEXT: x"))
        assert (found.level, found.message) == (
            Level.FAILURE,
            "its job supacron-queue fails: ERROR: no such table",
        )

    def test_no_stacks(self) -> None:
        assert self.check(released=True).level is Level.WARNING
