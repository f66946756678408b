"""Which secret values are written: new ones only; never an older one, never over somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supacron.live.state import LiveState, VaultSecret, empty, frozen
from supacron.model.desired import Desired, DesiredAuth, DesiredCall, DesiredJob, DesiredRetention, DesiredSecret
from supacron.plan.changes import Action, Kind, Plan
from supacron.plan.plan import make_plan
from supacron.plan.secrets import fingerprint, unrecorded, writes
from supacron.plan.steps import steps
from supacron.secret import MASK, Secret
from tests.support.states import KEY, applied

OLD, NEW, OUTSIDE = Secret("the old value"), Secret("the new value"), Secret("set in the dashboard")
NAME = "supacron/one/key"
CALL = DesiredCall(
    method="POST",
    url="https://p.example/f",
    headers={},
    body={},
    timeout_ms=1,
    auth=(DesiredAuth(secret="key", header="Authorization", prefix="Bearer "),),
)


def desired(env: str | None = None, *, used: bool = True) -> Desired:
    return Desired(
        stack="one",
        project_ref="p",
        project_url="https://p.example",
        retention=DesiredRetention(runs_ms=1, cron_history_ms=1),
        secrets={"key": DesiredSecret(vault_name=NAME, env=env)},
        jobs={"a": DesiredJob(schedule="0 3 * * *", enabled=True, call=CALL)} if used else {},
    )


def held(value: Secret | None, *applied_before: Secret) -> LiveState:
    """Vault holds `value`; the values given were applied once."""
    live = applied(desired(), {"key": OLD})
    prints = frozenset(fingerprint(KEY, each) for each in applied_before)
    return replace(
        live, vault=frozen({NAME: VaultSecret("id", value)} if value else {}), fingerprints=frozen({NAME: prints})
    )


def plan_of(live: LiveState, value: Secret | None, wanted: Desired | None = None) -> Plan:
    return make_plan(wanted or desired(), live, {"key": value} if value else {})


def written(live: LiveState, value: Secret) -> bool:
    return "key" in writes(desired(), live, {"key": value})


def test_the_same_value_changes_nothing() -> None:
    assert plan_of(held(OLD, OLD), OLD).changes == ()
    assert not written(held(OLD, OLD), OLD)


def test_a_new_value_is_written() -> None:
    (change,) = plan_of(held(OLD, OLD), NEW).changes
    assert (change.kind, change.action, change.drift) == (Kind.SECRET, Action.UPDATE, False)
    assert written(held(OLD, OLD), NEW)


def test_a_new_value_of_a_variable_makes_the_command_run() -> None:
    live = applied(desired(env="KEY"), {"key": OLD})
    (change,) = plan_of(live, NEW, desired(env="KEY")).changes
    assert change.drift


def test_an_absent_value_leaves_vault_as_it_is() -> None:
    assert plan_of(held(OLD, OLD), None).changes == ()
    assert writes(desired(), held(OUTSIDE, OLD), {}) == {}


def test_an_older_value_is_never_put_back() -> None:
    plan = plan_of(held(NEW, OLD, NEW), OLD)
    assert plan.changes == ()
    assert "applied before" in plan.warnings[0]
    assert not written(held(NEW, OLD, NEW), OLD)


def test_a_value_set_outside_outlives_the_configured_one() -> None:
    plan = plan_of(held(OUTSIDE, OLD), OLD)
    (change,) = plan.changes
    assert str(change) == "~ secret key (its value was replaced in Vault outside, and is kept) [drift]"
    assert "applied before" in plan.warnings[0]
    assert not written(held(OUTSIDE, OLD), OLD)


@pytest.mark.parametrize("given", [None, OLD, OUTSIDE])
def test_a_value_set_outside_is_drift_until_it_is_remembered(given: Secret | None) -> None:
    values = {"key": given} if given else {}
    live = held(OUTSIDE, OLD)
    assert plan_of(live, given).changes[0].drift
    assert unrecorded(desired(), live, values, KEY) == {NAME: fingerprint(KEY, OUTSIDE)}
    titles = [step.title for step in steps(plan_of(live, given), desired(), live, values)]
    assert titles == ["define secrets", "remember which values were applied", "remember which rows there are"]
    assert plan_of(held(OUTSIDE, OLD, OUTSIDE), given).changes == ()


def test_a_value_deleted_outside_that_nobody_has_is_drift_only_where_none_can_be_given() -> None:
    unused = desired(used=False)
    plan = plan_of(held(None, OLD), None, unused)
    assert plan.of(Kind.SECRET) == ()
    assert plan.warnings == ("secret key: its value was deleted from Vault outside, and no value is given",)
    (change,) = make_plan(unused, held(None, OLD), {}, check_values=False).of(Kind.SECRET)
    assert change.drift


def test_a_value_deleted_outside_is_put_back() -> None:
    (change,) = plan_of(held(None, OLD), OLD).changes
    assert change.drift
    assert "deleted outside" in change.note
    assert written(held(None, OLD), OLD)


def test_a_value_that_cannot_be_decrypted_is_set_anew() -> None:
    live = replace(held(OLD, OLD), vault=frozen({NAME: VaultSecret("id", None)}))
    (change,) = plan_of(live, OLD).changes
    assert "cannot decrypt" in change.note
    (problem,) = plan_of(live, None).refusals
    assert "cannot decrypt" in problem.message


def test_a_value_of_somebody_elses_is_not_replaced() -> None:
    live = replace(empty(), vault=frozen({NAME: VaultSecret("id", OUTSIDE)}))
    (problem,) = plan_of(live, NEW).refusals
    assert "did not write" in problem.message
    assert plan_of(live, OUTSIDE).refusals == ()
    assert plan_of(live, None).refusals == ()


def test_a_needed_value_that_is_nowhere_is_refused() -> None:
    (problem,) = plan_of(empty(), None).refusals
    assert "pulumi config set --secret --path 'supacron:secrets.key'" in problem.remedy
    (problem,) = plan_of(empty(), None, desired(env="CRON_KEY")).refusals
    assert "environment variable CRON_KEY" in problem.remedy
    assert plan_of(empty(), None, desired(used=False)).refusals == ()
    assert make_plan(desired(), empty(), {}, check_values=False).refusals == ()


def test_what_was_applied_is_remembered() -> None:
    assert unrecorded(desired(), held(OLD, OLD), {"key": OLD}, KEY) == {}
    assert unrecorded(desired(), held(OLD), {"key": OLD}, KEY) == {NAME: fingerprint(KEY, OLD)}
    assert unrecorded(desired(), held(OLD, OLD), {"key": NEW}, KEY) == {NAME: fingerprint(KEY, NEW)}


def test_a_fingerprint_is_worth_nothing_without_its_key() -> None:
    assert fingerprint(KEY, OLD) != fingerprint(Secret("another key"), OLD)
    assert OLD.reveal() not in fingerprint(KEY, OLD)


def test_values_travel_by_copy_and_stand_in_no_sql() -> None:
    wanted = desired()
    found = steps(plan_of(empty(), NEW), wanted, empty(), {"key": NEW}, new_key=KEY)
    (copy,) = [part for step in found for part in step.statements if part.rows]
    assert copy.sql.startswith("copy pg_temp.secret_input")
    assert [row[1] for row in copy.rows or ()] == [NAME, "supacron/fingerprint-key"]
    assert not any(NEW.reveal() in part.sql or KEY.reveal() in part.sql for step in found for part in step.statements)
    assert MASK in repr(copy.rows)


def test_an_sql_job_needs_what_it_looks_up_in_vault() -> None:
    sql = f"select net.http_post((select decrypted_secret from vault.decrypted_secrets where name = '{NAME}'))"
    wanted = desired(used=False).model_copy(
        update={"jobs": {"a": DesiredJob(schedule="* * * * *", enabled=True, sql=sql)}}
    )
    (problem,) = plan_of(empty(), None, wanted).refusals
    assert f"Vault has no {NAME}" in problem.message
    assert plan_of(empty(), NEW, wanted).refusals == ()
