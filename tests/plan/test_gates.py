"""Each gate with its figure: what passes, what does not, and what is waived."""

from __future__ import annotations

from datetime import UTC, datetime

import jwt
import pytest

from supacron.live.state import VaultSecret, empty, frozen
from supacron.model.promotion import Gates, SourceFacts
from supacron.plan.gates import GateResult, TargetFacts, check_gates, secret_faults
from supacron.secret import Secret
from tests.support.stacks import secret, stack

HOUR = 3_600_000
GOOD = SourceFacts(soaked_ms=25 * HOUR, runs=40, ok=39, alerts=())
GATES = Gates.model_validate({"soaked": "24h", "runs": 20, "success_rate": "97.5%"})


def results(source: SourceFacts = GOOD, target: TargetFacts = TargetFacts(), **waived: str) -> dict[str, GateResult]:  # noqa: B008
    return {each.name: each for each in check_gates(GATES, source, target, waived)}


def test_all_hold() -> None:
    found = results()
    assert list(found) == list(Gates.model_fields)
    assert all(gate.passed for gate in found.values())
    assert (found["soaked"].figure, found["soaked"].needed) == ("25h", "at least 1d")
    assert (found["success_rate"].figure, found["success_rate"].needed) == ("97.5% (39 of 40)", "at least 97.5%")


@pytest.mark.parametrize(
    ("gate", "facts", "figure"),
    [
        ("soaked", {"soaked_ms": 24 * HOUR - 1}, "1439m"),
        ("runs", {"runs": 19, "ok": 19, "never_ran": ("a",)}, "19 ended; never ran: a"),
        ("success_rate", {"ok": 38}, "95% (38 of 40)"),
        ("no_drift", {"drift": ("staging: job a",)}, "staging: job a"),
        ("no_open_alert", {"alerts": tuple("abcde")}, "a, b, c and 2 more"),
    ],
)
def test_where_it_comes_from(gate: str, facts: dict[str, object], figure: str) -> None:
    found = results(GOOD.model_copy(update=facts))
    assert [name for name, result in found.items() if not result.holds] == [gate]
    assert found[gate].figure == figure


@pytest.mark.parametrize(
    ("gate", "facts"),
    [
        ("no_drift", TargetFacts(drift=("prod: job a",))),
        ("secrets", TargetFacts(secrets=("key is missing",))),
        ("no_literal_difference", TargetFacts(differences=("jobs.a",))),
        ("in_order", TargetFacts(order=("from dev, and staging comes before prod",))),
    ],
)
def test_where_it_goes(gate: str, facts: TargetFacts) -> None:
    assert [name for name, result in results(target=facts).items() if not result.holds] == [gate]


def test_no_run_is_no_success() -> None:
    found = results(SourceFacts(soaked_ms=25 * HOUR, runs=0, ok=0))
    assert (found["success_rate"].passed, found["success_rate"].figure) == (False, "no run ended")
    assert found["no_open_alert"].figure == "none is kept there"


def test_a_waived_gate_holds_and_still_has_not_passed() -> None:
    gate = results(GOOD.model_copy(update={"runs": 1, "ok": 1}), runs="a hotfix", soaked="not needed")
    assert (gate["runs"].holds, gate["runs"].passed, gate["runs"].waived) == (True, False, "a hotfix")
    assert gate["soaked"].waived is None


def test_a_gate_that_is_not_asked_for() -> None:
    gates = Gates.model_validate(
        {name: False for name, field in Gates.model_fields.items() if field.annotation is bool}
    )
    assert [each.name for each in check_gates(gates, GOOD, TargetFacts(drift=("x",)), {})] == [
        "soaked",
        "runs",
        "success_rate",
    ]


def test_secrets_that_do_not_work() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def token(year: int) -> Secret:
        claims = {"role": "service_role", "ref": "x", "exp": int(datetime(year, 1, 1, tzinfo=UTC).timestamp())}
        return Secret(jwt.encode(claims, "k" * 32))

    names = ("given", "held", "missing", "elsewhere", "old", "empty")
    desired = stack({}, {name: secret(f"v-{name}") for name in names})
    held = {"v-held": Secret("x"), "v-old": token(2025), "v-empty": None}
    from dataclasses import replace

    live = replace(empty(), vault=frozen({name: VaultSecret("id", value) for name, value in held.items()}))
    found = list(secret_faults(desired, live, {"given": token(2027)}, frozenset({"elsewhere"}), now))
    assert found == ["empty is missing", "missing is missing", "old expired on 2025-01-01"]
