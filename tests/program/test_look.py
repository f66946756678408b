"""The look at a live database, and what the program says about it; no engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest

import supacron
from supacron.apply.apply import apply
from supacron.load.files import build
from supacron.model.desired import Desired
from supacron.operate.environment import REPAIR
from supacron.operate.planning import drift_now
from supacron.operate.target import Target
from supacron.plan.changes import SIGNS
from supacron.program.look import Look, look
from supacron.secret import Secret
from tests.program.project import CHANGED, CONFIG, JOB, ONE_JOB
from tests.support.database import Database

pytestmark = pytest.mark.slow


class Silent:
    """An apply's progress, unheard."""

    def step(self, title: str) -> None:
        pass

    def notice(self, text: str) -> None:
        pass


def desired(definition: dict[str, Any] = ONE_JOB) -> Desired:
    return build("test", definition, {key.removeprefix("supacron:"): value for key, value in CONFIG.items()}).desired


def seen(database: Database, definition: dict[str, Any] = ONE_JOB) -> Look:
    return look(Secret(database.url), desired(definition), {})


def test_the_counter_goes_up_exactly_when_there_is_something_to_do(database: Database) -> None:
    url = Secret(database.url)
    assert seen(database).repair == 1
    apply(url, desired(), {}, progress=Silent(), repair=1)
    assert seen(database).repair == 1
    assert seen(database, CHANGED).repair == 2, "an apply from another state would otherwise be unseen"
    apply(url, desired(CHANGED), {}, progress=Silent(), repair=2)
    assert seen(database, CHANGED).repair == 2

    with database.superuser() as connection:
        connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = %s", [JOB])
    assert seen(database, CHANGED).repair == 3
    assert seen(database, CHANGED).repair == 3, "looking changes nothing"
    apply(url, desired(CHANGED), {}, progress=Silent(), repair=3)
    assert seen(database, CHANGED).repair == 3


CALL = "pg_get_functiondef('supacron.call'::regproc)"


@pytest.mark.parametrize(
    ("break_it", "named"),
    [
        ("select cron.alter_job(jobid, command := 'select 2') from cron.job where jobname = 'JOB'", "outside: command"),
        ("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'JOB'", "outside: active"),
        ("select cron.unschedule(jobid) from cron.job where jobname = 'JOB'", "it was deleted outside"),
        ("select cron.unschedule(jobid) from cron.job where jobname = 'supacron-prune'", "its cron job was changed"),
        ("grant execute on function supacron.call to anon", "outside: grants on function supacron.call(text)"),
        ("grant select on supacron.job to authenticated", "outside: grants on supacron.job"),
        ("alter table supacron.run disable row level security", "outside: row level security of supacron.run"),
        (
            f"do $$ begin execute replace({CALL}, E'\\n$function', E'\\n \\n$function'); end $$",
            "outside: function supacron.call(text)",
        ),
        ("update supacron.job set body = '{}', owner = 'eve' where name = 'JOB'", "outside: supacron.job.body, "),
        ("delete from supacron.job where name = 'JOB'", "its row in supacron.job was deleted outside"),
        ("delete from vault.secrets where name = 'supacron/test/key'", "value set anew: it was deleted outside"),
        (
            "select vault.update_secret(id, 'by hand') from vault.secrets where name = 'supacron/test/key'",
            "its value was replaced in Vault outside, and is kept",
        ),
    ],
)
def test_each_drift_counts(database: Database, break_it: str, named: str) -> None:
    url, definition, values = Secret(database.url), {**ONE_JOB, "secrets": {"key": {}}}, {"key": Secret("canary-71")}
    wanted = desired(definition)
    apply(url, wanted, values, progress=Silent(), repair=1)
    assert drift_of(database) == []
    with database.superuser() as connection:
        connection.execute(break_it.replace("JOB", JOB).encode())
    found = look(url, wanted, values)
    assert found.plan is not None
    assert found.repair == 2
    (change,) = found.plan.drift
    assert named in str(change)
    assert [each.split(" (")[0] for each in drift_of(database)] == [
        f"{SIGNS[change.action]} {change.kind} {change.name}"
    ]
    apply(url, wanted, values, progress=Silent(), repair=2)
    found = look(url, wanted, values)
    assert found.plan is not None
    assert (found.repair, found.plan.changes) == (2, ())
    assert drift_of(database) == []


ROWS = {
    **ONE_JOB,
    "secrets": {"key": {}, "hook": {}},
    "alerts": {"late": {"when": {"late_jobs": {}}, "webhook": "hook"}},
    "ping": {"url": "hook", "every": "1m"},
}


def test_each_row_of_a_definition_counts(database: Database) -> None:
    """A row that is gone, and one that was edited, also where nothing else tells of it."""
    url, wanted = Secret(database.url), desired(ROWS)
    values = {"key": Secret("canary-72"), "hook": Secret("https://hooks.example/canary-73")}
    apply(url, wanted, values, progress=Silent(), repair=1)
    for repair, (break_it, named) in enumerate(
        [
            ("delete from supacron.alert", "+ alert late (its row in supacron.alert was deleted outside) [drift]"),
            ("delete from supacron.ping", "+ ping ping (its row in supacron.ping was deleted outside) [drift]"),
            (
                "delete from supacron.secret where name = 'key'",
                "+ secret key (its row in supacron.secret was deleted outside) [drift]",
            ),
            (
                "update supacron.secret set description = 'by hand' where name = 'key'",
                "~ secret key (changed outside: description) [drift]",
            ),
            (
                "update supacron.stack set runs_retention = '1 hour', limits = '{\"x\": {}}'",
                "~ stack test (changed outside: limits, runs_ms) [drift]",
            ),
            (
                "select cron.unschedule(jobid) from supacron.job; delete from supacron.job",
                f"+ job {JOB} (its row in supacron.job was deleted outside) [drift]",
            ),
            (
                "delete from supacron.runtime",
                "+ runtime supacron (its row in supacron.runtime was deleted outside) [drift]",
            ),
        ],
        start=2,
    ):
        with database.superuser() as connection:
            connection.execute(break_it.encode())
        found = look(url, wanted, values)
        assert found.plan is not None
        assert (found.repair, [str(each) for each in found.plan.changes], drift_of(database)) == (
            repair,
            [named],
            [named],
        )
        apply(url, wanted, values, progress=Silent(), repair=repair)
        assert (seen(database, ROWS).repair, drift_of(database)) == (repair, [])


def test_what_is_gone_and_wanted_no_more_is_forgotten(database: Database) -> None:
    url = Secret(database.url)
    apply(url, desired(ROWS), {"hook": Secret("https://hooks.example/canary-74")}, progress=Silent(), repair=1)
    with database.superuser() as connection:
        connection.execute("delete from supacron.alert")
        # As the file has it now: an edit all the same, until an apply has seen it.
        connection.execute("update supacron.stack set runs_retention = '7 days'")
    wanted = desired({**{key: value for key, value in ROWS.items() if key != "alerts"}, "retention": {"runs": "7d"}})
    found = look(url, wanted, {})
    assert found.plan is not None
    assert [str(each) for each in found.plan.changes] == [
        "~ stack test (changed outside: runs_ms; deleted outside, and wanted no more: alert late) [drift]"
    ]
    apply(url, wanted, {}, progress=Silent(), repair=2)
    assert drift_of(database) == []


def drift_of(database: Database) -> list[str]:
    """What `supacron drift` finds, which knows neither the definitions nor the secret."""
    target = Target(Path("stacks"), "test")
    return [str(change) for change in drift_now(Secret(database.url), target, project_ref="local").changes]


def test_a_look_waits_for_nobody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(Secret(database.url), desired(), {}, progress=Silent(), repair=1)
    with database.connect(autocommit=False) as applying:
        applying.execute("select pg_advisory_xact_lock(7318349394476822)")
        assert seen(database).repair == 1
    monkeypatch.setattr("supacron.program.look.PATIENCE", b"set local lock_timeout = '100ms'")
    with database.superuser() as holder, holder.transaction():
        holder.execute("lock table supacron.job in access exclusive mode")
        found = seen(database)
    assert (found.plan, found.repair) == (None, None)
    assert found.trouble == "canceling statement due to lock timeout"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program says, by level."""
    lines: list[str] = []
    for level in ("warn", "info"):
        monkeypatch.setattr(pulumi.log, level, lambda text, *_, level=level: lines.append(f"{level}: {text}"))
    return lines


class Nothing(pulumi.runtime.Mocks):
    """Registers whatever comes."""

    def __init__(self) -> None:
        self.repair: str | None = None

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.typ == "command:local:Command":
            self.repair = args.inputs["environment"][REPAIR]
        return args.name, args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(args.token)


def run_program(monkeypatch: pytest.MonkeyPatch, database: Database, definition: dict[str, Any]) -> str | None:
    """The counter that the command is given."""
    monkeypatch.setenv("SUPACRON_DATABASE_URL", database.url)
    mocks = Nothing()
    pulumi.runtime.set_mocks(mocks, project="shop", stack="test", preview=False)
    pulumi.runtime.set_all_config(CONFIG)

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> None:
        supacron.Stack(definition=definition)

    program()
    return mocks.repair


def test_what_the_program_says(database: Database, monkeypatch: pytest.MonkeyPatch, logged: list[str]) -> None:
    jobs = {f"job-{number:02}": {"schedule": "0 3 * * *", "sql": "select 1"} for number in range(30)}
    assert run_program(monkeypatch, database, {"jobs": jobs}) == "1"
    (said,) = logged
    assert said.startswith("info: To be changed in the database:\n    + runtime supacron")
    assert said.endswith("and 12 more (all of them: supacron plan)")
    apply(
        Secret(database.url),
        desired({"jobs": jobs}).model_copy(update={"program": "shop"}),
        {},
        progress=Silent(),
        repair=1,
    )
    logged.clear()
    assert run_program(monkeypatch, database, {"jobs": jobs}) == "1"
    assert logged == []

    with database.superuser() as connection:
        connection.execute("delete from cron.job where jobname = 'job-01'")
        connection.execute(
            "insert into supacron.pause (job_id, paused_by, reason)"
            " select id, 'ann', 'why not' from supacron.job where name = 'job-02'"
        )
        connection.execute("update cron.job set active = false where jobname = 'job-02'")
    assert run_program(monkeypatch, database, {"jobs": jobs}) == "2"
    assert logged == [
        "warn: Changed outside of Pulumi, to be repaired:\n    + job job-01 (it was deleted outside) [drift]",
        "info: job-02 is paused: why not (ann)",
    ]


def test_a_refusal_ends_the_program(database: Database, monkeypatch: pytest.MonkeyPatch, logged: list[str]) -> None:
    with database.connect() as connection:
        connection.execute("select cron.schedule(%s, '* * * * *', 'select 1')", [JOB])
    with pytest.raises(pulumi.RunError, match="that supacron did not make"):
        run_program(monkeypatch, database, ONE_JOB)
    assert logged[0].startswith("info: To be changed in the database:"), "what it would be is shown first"
    assert logged[1:] == [f"info: Left alone, made by hand: {JOB}"]
