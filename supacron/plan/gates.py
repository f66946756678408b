"""The gates between two environments: each with its figure, what is needed, and why it was waived if it was. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.model.promotion import Gates, SourceFacts
from supacron.model.units import format_duration
from supacron.plan.secrets import Values, expiry_of

SHOWN = 3


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """How it stands where the release is to go: each is a list of what is wrong, in words."""

    drift: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate. `waived` is the reason for which it does not count."""

    name: str
    passed: bool
    figure: str
    needed: str
    waived: str | None = None

    @property
    def holds(self) -> bool:
        return self.passed or self.waived is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "gate": self.name,
            "passed": self.passed,
            "figure": self.figure,
            "needed": self.needed,
            "waived": self.waived,
        }


def check_gates(
    gates: Gates, source: SourceFacts, target: TargetFacts, waived: Mapping[str, str]
) -> tuple[GateResult, ...]:
    """A result for each gate that is asked for, in the order of `promotion.yaml`'s keys."""
    return tuple(
        GateResult(name, passed, figure, needed, None if passed else waived.get(name))
        for name, passed, figure, needed in _results(gates, source, target)
    )


def _results(gates: Gates, source: SourceFacts, target: TargetFacts) -> Iterator[tuple[str, bool, str, str]]:
    yield (
        "soaked",
        source.soaked_ms >= gates.soaked,
        _span(source.soaked_ms),
        f"at least {format_duration(gates.soaked)}",
    )
    idle = f"; never ran: {_few(source.never_ran)}" if source.never_ran else ""
    yield "runs", source.runs >= gates.runs, f"{source.runs} ended{idle}", f"at least {gates.runs}"
    rate = 100 * source.ok / source.runs if source.runs else 0.0
    yield (
        "success_rate",
        rate >= gates.success_rate,
        f"{rate:.4g}% ({source.ok} of {source.runs})" if source.runs else "no run ended",
        f"at least {gates.success_rate:g}%",
    )
    if gates.no_drift:
        drift = (*source.drift, *target.drift)
        yield "no_drift", not drift, _few(drift) or "none", "none"
    if gates.no_open_alert:
        alerts = "none" if source.alerts is not None else "none is kept there"
        yield "no_open_alert", not source.alerts, _few(source.alerts or ()) or alerts, "none"
    if gates.secrets:
        yield "secrets", not target.secrets, _few(target.secrets) or "all are there", "all there, none expired"
    if gates.no_literal_difference:
        differences = target.differences
        yield "no_literal_difference", not differences, _few(differences) or "none", "none but overrides"
    if gates.in_order:
        yield "in_order", not target.order, _few(target.order) or "as configured", "as configured"


def secret_faults(
    desired: Desired, live: LiveState, values: Values, configured: frozenset[str], now: datetime
) -> Iterator[str]:
    """What keeps a secret of `desired` from working; `configured` are names whose value is not at hand."""
    for name, slot in sorted(desired.secrets.items()):
        held = live.vault.get(slot.vault_name)
        value = values.get(name) or (held.value if held else None)
        if not value:
            if name not in configured:
                yield f"{name} is missing"
            continue
        expiry = expiry_of(value)
        if expiry is not None and datetime.fromisoformat(expiry) <= now:
            yield f"{name} expired on {expiry[:10]}"


def _span(milliseconds: int) -> str:
    """In whole minutes, so that it reads well."""
    minutes = milliseconds // 60_000
    return format_duration(minutes * 60_000) if minutes else format_duration(milliseconds // 1000 * 1000)


def _few(items: Sequence[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
