"""Values that must not go into Vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from supacron.live.state import LiveState, VaultSecret, empty, frozen
from supacron.model.alerts import DesiredAlert
from supacron.model.desired import Desired, DesiredAuth, DesiredJob, DesiredSecret
from supacron.plan.changes import Plan
from supacron.plan.plan import make_plan
from supacron.secret import Secret
from tests.plan.test_secrets import CALL, NAME, desired
from tests.support.states import applied
from tests.support.tokens import PUBLISHABLE_KEY, SECRET_KEY, token

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAST = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp())
FAULTS = {
    "other-project": (
        token("service_role", ref="another"),
        "a key of project another, and this stack is for",
    ),
    "expired": (token("service_role", ref="p", exp=PAST), "a JWT that expired on 2026-02-01"),
    "wrong-role": (token("anon", ref="p"), "a key of the role anon, and the secret says `role: service_role`"),
    "publishable": (PUBLISHABLE_KEY, "a publishable key"),
}
each_fault = pytest.mark.parametrize("rule", FAULTS)


def at(live: LiveState) -> LiveState:
    return replace(live, now=NOW)


def wanted(allow: dict[str, str] | None = None, role: str | None = "service_role") -> Desired:
    base = desired()
    slot = base.secrets["key"].model_copy(update={"role": role, "allow": allow or {}})
    return base.model_copy(update={"secrets": {"key": slot}})


def plan(value: str, live: LiveState | None = None, allow: dict[str, str] | None = None) -> Plan:
    return make_plan(wanted(allow), live or at(empty()), {"key": Secret(value)})


@each_fault
def test_it_is_refused_before_it_is_written(rule: str) -> None:
    value, words = FAULTS[rule]
    (problem,) = plan(value).refusals
    assert words in problem.message
    assert problem.path == "secrets.key"
    assert f"allow: [{{rule: {rule}, reason: ...}}]" in problem.remedy
    assert value not in str(problem)


@each_fault
def test_it_can_be_allowed_with_a_reason(rule: str) -> None:
    found = plan(FAULTS[rule][0], allow={rule: "until May"})
    assert found.refusals == ()
    (warning,) = found.warnings
    assert warning.startswith("secret key: ")
    assert warning.endswith("; allowed: until May")


@each_fault
def test_what_vault_holds_already_is_warned_of(rule: str) -> None:
    value, words = FAULTS[rule]
    live = at(applied(wanted(), {"key": Secret(value)}))
    for found in (plan(value, live), make_plan(wanted(), live, {})):
        assert found.refusals == ()
        assert words in found.warnings[0]


@each_fault
def test_a_slot_that_takes_over_vaults_own_value_is_refused(rule: str) -> None:
    live = replace(at(empty()), vault=frozen({NAME: VaultSecret("id", Secret(FAULTS[rule][0]))}))
    assert len(make_plan(wanted(), live, {}).refusals) == 1


@pytest.mark.parametrize(
    "value",
    [
        token("service_role", ref="p"),
        SECRET_KEY,
        "a value of the function's own",
        token("editor", iss="https://auth.example", ref="another"),
        "eyJnot.a.jwt",
    ],
)
def test_a_value_without_fault(value: str) -> None:
    assert plan(value).refusals == ()
    assert plan(value).warnings == ()


def test_a_role_is_checked_where_the_slot_names_one() -> None:
    anon = {"key": Secret(token("anon", ref="p"))}
    assert make_plan(wanted(role=None), at(empty()), anon).refusals == ()
    assert make_plan(wanted(role="anon"), at(empty()), anon).refusals == ()


def test_a_value_of_another_stack_in_the_same_database() -> None:
    value = Secret("one for both")
    live = replace(at(empty()), foreign_values=frozen({"supacron/two/key": ("two", value)}))
    (problem,) = plan("one for both", live).refusals
    assert problem.message == "the value is that of supacron/two/key in Vault, which belongs to the stack two"
    assert plan("one for both", live, {"shared-value": "one function"}).refusals == ()
    assert plan("another", live).refusals == ()


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ([("key", "apikey"), ("other", "Authorization")], False),
        ([("key", "apikey"), ("key", "Authorization")], True),
        ([("key", "apikey")], True),
        ([("key", "X-Key"), ("other", "Authorization")], True),
    ],
)
def test_a_publishable_key_may_go_beside_a_secret_one(headers: list[tuple[str, str]], refused: bool) -> None:
    base = wanted(role=None)
    auth = tuple(DesiredAuth(secret=name, header=header, prefix="") for name, header in headers)
    job = base.jobs["a"].model_copy(update={"call": CALL.model_copy(update={"auth": auth})})
    slots = {**base.secrets, "other": DesiredSecret(vault_name="supacron/one/other")}
    both = base.model_copy(update={"jobs": {"a": job}, "secrets": slots})
    values = {"key": Secret(PUBLISHABLE_KEY), "other": Secret(SECRET_KEY)}
    assert bool(make_plan(both, at(empty()), values).refusals) is refused
    # An SQL job may send it in any way.
    sql = DesiredJob(schedule="0 3 * * *", enabled=True, sql=f"select '{NAME}'")
    more = both.model_copy(update={"jobs": {"a": job, "b": sql}})
    assert len(make_plan(more, at(empty()), values).refusals) == 1


def hooked(value: str, allow: dict[str, str] | None = None) -> Plan:
    """A stack whose alerts are posted to `value`."""
    base = desired()
    slots = {**base.secrets, "hook": DesiredSecret(vault_name="supacron/main/hook", allow=allow or {})}
    alert = DesiredAlert(
        kind="late_jobs",
        condition={},
        webhook="hook",
        format="json",
        start_after_ms=0,
        end_after_ms=0,
        repeat_every_ms=None,
    )
    wanted = base.model_copy(update={"secrets": slots, "alerts": {"late": alert}})
    values = {"key": "the key", "hook": value}
    return make_plan(wanted, at(empty()), {name: Secret(given) for name, given in values.items() if given})


@pytest.mark.parametrize("value", ["https://hooks.example.com/T/B/x?y=z", "http://127.0.0.1:54321/functions/v1/alert"])
def test_a_webhook_is_a_url(value: str) -> None:
    assert hooked(value).refusals == ()


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("xoxb-123", "not-a-url"),
        ("https://", "not-a-url"),
        ("https://[", "not-a-url"),
        ("https://a b", "not-a-url"),
        ("ftp://example.com/", "not-a-url"),
        (" https://example.com/", "not-a-url"),
        ("http://hooks.example.com/T", "clear-text"),
    ],
)
def test_a_webhook_that_is_no_url_or_sent_in_clear_text(value: str, rule: str) -> None:
    (problem,) = hooked(value).refusals
    assert problem.path == "secrets.hook"
    assert f"rule: {rule}" in problem.remedy
    assert value.strip() not in str(problem)
    allowed = hooked(value, {rule: "a test"})
    assert allowed.refusals == ()
    assert any("allowed: a test" in warning for warning in allowed.warnings)


def test_an_alert_needs_its_url() -> None:
    (problem,) = hooked("").refusals
    assert problem.message == "Vault has no supacron/main/hook, which the stack needs, and no value is given"


@pytest.mark.parametrize("value", ["", "no URL"])
def test_what_a_failed_run_is_posted_to_is_needed_and_a_url(value: str) -> None:
    base = desired()
    (name,) = base.jobs
    told = base.jobs[name].model_copy(update={"on_failure": {"secret": "hook"}})
    slots = {**base.secrets, "hook": DesiredSecret(vault_name="supacron/main/hook")}
    wanted = base.model_copy(update={"secrets": slots, "jobs": {name: told}})
    values = {"key": Secret("the key")} | ({"hook": Secret(value)} if value else {})
    (problem,) = make_plan(wanted, at(empty()), values).refusals
    assert "hook" in str(problem.path) + problem.message
