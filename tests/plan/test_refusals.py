"""What forbids an apply altogether."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from supacron import __version__
from supacron.live.state import LiveState, RuntimeRow, empty, frozen
from supacron.model.desired import Desired, DesiredJob
from supacron.plan.changes import Kind
from supacron.plan.plan import make_plan
from supacron.plan.steps import steps
from tests.plan.test_secrets import desired
from tests.support.states import applied


def without_secrets(schedule: str = "0 3 * * *") -> Desired:
    job = DesiredJob(schedule=schedule, enabled=True, sql="select 1")
    return desired().model_copy(update={"secrets": {}, "jobs": {"a": job}})


def having(live: LiveState, **fields: Any) -> LiveState:
    return replace(live, capabilities=replace(live.capabilities, **fields))


def messages(wanted: Desired, live: LiveState, url_ref: str | None = None) -> list[str]:
    return [problem.message for problem in make_plan(wanted, live, {}, url_ref=url_ref).refusals]


def test_nothing_is_refused_on_todays_supabase() -> None:
    assert messages(without_secrets(), empty()) == []
    assert messages(without_secrets("30 seconds"), empty()) == []


def test_a_time_zone_against_what_the_server_knows_of_it() -> None:
    wanted = without_secrets()
    wanted.jobs["a"] = wanted.jobs["a"].model_copy(update={"timezone": "Europe/Berlin"})

    def found(zones: dict[str, frozenset[int]] | None) -> tuple[int, int]:
        plan = make_plan(wanted, replace(empty(), zones=zones), {})
        assert [problem.path for problem in plan.refusals] in ([], ["jobs.a.timezone"])
        return len(plan.refusals), sum("UTC+3" in warning for warning in plan.warnings)

    assert found(None) == (0, 0), "it was not asked"
    assert found({"Europe/Berlin": frozenset({60})}) == (0, 0)
    assert found({"Europe/Berlin": frozenset({60, 180})}) == (0, 1)
    assert found({"Europe/Paris": frozenset({60})}) == (1, 0)


def test_a_url_of_another_project() -> None:
    (message,) = messages(without_secrets(), empty(), url_ref="prodref")
    assert "prodref" in message
    assert "project p" in message
    assert messages(without_secrets(), empty(), url_ref="p") == []


def test_a_database_that_belongs_to_another_project() -> None:
    live = replace(empty(), runtime=RuntimeRow("other", "", __version__, ""))
    (message,) = messages(without_secrets(), live)
    assert "belongs to project other" in message


@pytest.mark.parametrize(
    ("installed", "refused"), [("99.0.0", True), ("0.99.0", True), (__version__, False), ("0.0.9", False)]
)
def test_an_older_tool_does_not_write(installed: str, refused: bool) -> None:
    live = applied(without_secrets())
    assert live.runtime is not None
    live = replace(live, runtime=replace(live.runtime, tool_version=installed))
    assert bool(messages(without_secrets(), live)) is refused


def test_a_newer_build_of_the_same_version_is_seen_by_its_migrations() -> None:
    live = applied(without_secrets())
    (message,) = messages(without_secrets(), replace(live, migrations=live.migrations | {9998, 9999}))
    assert message.endswith(f"newer supacron: {__version__} has no migration 9998, 9999")


@pytest.mark.parametrize(
    ("schedule", "version", "expected"),
    [
        ("30 seconds", (1, 4, 2), "'30 seconds' needs pg_cron 1.5, and this database has 1.4"),
        ("0 0 $ * *", (1, 5), "'0 0 $ * *' needs pg_cron 1.6, and this database has 1.5"),
        ("0 0 $ * *", (1, 6), None),
        ("0 3 * * *", (1, 3), "this database has pg_cron 1.3"),
    ],
)
def test_what_the_installed_pg_cron_lacks(schedule: str, version: tuple[int, ...], expected: str | None) -> None:
    live = having(empty(), extensions=frozen({"pg_cron": version}))
    assert messages(without_secrets(schedule), live) == ([expected] if expected else [])


def test_a_role_that_the_database_lacks() -> None:
    wanted = without_secrets()
    wanted = wanted.model_copy(
        update={"jobs": {"a": wanted.jobs["a"].model_copy(update={"trigger_roles": ("authenticatd", "support")})}}
    )
    (problem,) = make_plan(wanted, having(empty(), roles=frozenset({"authenticated", "support"})), {}).refusals
    assert (problem.path, problem.message) == ("jobs.a.trigger_roles", "this database has no role `authenticatd`")
    assert problem.remedy.startswith("Did you mean `authenticated`?")
    assert messages(wanted, empty()) == [], "no database is looked at"


def test_an_old_server() -> None:
    assert messages(without_secrets(), having(empty(), server_version=(14, 9))) == ["this is PostgreSQL 14"]


def test_missing_extensions_are_created_where_the_server_offers_them() -> None:
    live = having(empty(), extensions=frozen({}), available=frozenset({"pg_cron", "pg_net", "supabase_vault"}))
    wanted = desired()
    plan = make_plan(wanted, live, {}, check_values=False)
    assert [change.name for change in plan.of(Kind.EXTENSION)] == ["pg_cron", "pg_net", "supabase_vault"]
    sql = "".join(part.sql for step in steps(plan, wanted, live, {}) for part in step.statements)
    assert 'create extension if not exists "pg_cron" with schema "pg_catalog"' in sql
    assert 'create extension if not exists "pg_net" with schema "extensions"' in sql


def test_missing_extensions_are_named_all_at_once() -> None:
    live = having(empty(), extensions=frozen({}))
    found = make_plan(desired(), live, {}, check_values=False).refusals
    assert [problem.message.split()[4].rstrip(",") for problem in found] == ["pg_cron", "pg_net", "supabase_vault"]
    assert len(messages(without_secrets(), live)) == 1


def test_a_runtime_that_was_changed_outside_is_repaired() -> None:
    wanted = without_secrets()
    live = replace(applied(wanted), intact=False)
    (change,) = make_plan(wanted, live, {}).changes
    assert (change.kind, change.drift) == (Kind.RUNTIME, True)


def test_an_older_runtime_is_updated_and_only_missing_migrations_run() -> None:
    wanted = without_secrets()
    live = applied(wanted)
    assert live.runtime is not None
    live = replace(
        live,
        runtime=replace(live.runtime, tool_version="0.0.1", digest="older"),
        migrations=frozenset(sorted(live.migrations)[:-1]),
    )
    plan = make_plan(wanted, live, {})
    assert plan.changes[0].note == f"0.0.1 to {__version__}"
    titles = [step.title for step in steps(plan, wanted, live, {})]
    assert sum(title.startswith("migration") for title in titles) == 1


def test_retention_and_url_of_the_stack_are_compared() -> None:
    wanted = without_secrets()
    other = wanted.model_copy(update={"project_url": "https://new.example"})
    (change,) = make_plan(other, applied(wanted), {}).changes
    assert [(field.name, field.new) for field in change.fields] == [("project_url", "https://new.example")]


def test_a_stack_of_that_name_of_another_pulumi_project() -> None:
    ours = without_secrets().model_copy(update={"program": "ours"})
    live = applied(without_secrets().model_copy(update={"program": "theirs"}))
    (message,) = messages(ours, live)
    assert "project theirs" in message
    assert messages(ours, applied(ours)) == []
    assert messages(without_secrets(), live) == []
    assert live.stack is not None
    assert messages(ours, replace(live, stack=replace(live.stack, destroyed=True))) == []


def test_a_stack_that_no_project_claimed_is_claimed() -> None:
    ours = without_secrets().model_copy(update={"program": "ours"})
    (change,) = make_plan(ours, applied(without_secrets()), {}).changes
    assert [(field.name, field.old, field.new) for field in change.fields] == [("program", None, "ours")]
