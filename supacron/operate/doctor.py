"""Answers `jobs are not processing`: looks at every part between a schedule and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from supacron.errors import InvalidInput, SupacronError
from supacron.load.files import load_stack
from supacron.model.desired import Desired
from supacron.operate.checks import Check, Level, all_checks, failure, ok
from supacron.operate.database import session
from supacron.operate.environment import secret_values
from supacron.operate.facts import read_facts
from supacron.operate.planning import plan_for
from supacron.operate.target import Target, database_url
from supacron.operate.words import counted
from supacron.plan.changes import Plan


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, in the order in which a run passes through the parts."""

    stack: str
    checks: tuple[Check, ...]

    def count(self, level: Level) -> int:
        return sum(check.level is level for check in self.checks)

    @property
    def healthy(self) -> bool:
        return self.count(Level.FAILURE) == 0

    def to_json(self) -> dict[str, Any]:
        return {
            "stack": self.stack,
            "healthy": self.healthy,
            "checks": [check.to_json() for check in self.checks],
        }


def diagnose(target: Target, environ: Mapping[str, str], progress: Callable[[str], None] = lambda _: None) -> Diagnosis:
    """Every check that can be made. What keeps others from being made, such as no connection, is a failure itself."""
    desired, first = _definition(target)
    try:
        url = database_url(target, environ)
        with session(url, target.label, progress, read_only=True) as connection:
            facts = read_facts(connection, target.name, desired)
        plan: Plan | None = None
        if desired is not None:
            values = secret_values(desired, environ)
            plan = plan_for(url, desired, facts.live, values, environ)
    except SupacronError as error:
        return Diagnosis(target.name, (first, failure("database", error.message, error.remedy)))
    return Diagnosis(target.name, (first, *all_checks(facts, plan)))


def _definition(target: Target) -> tuple[Desired | None, Check]:
    try:
        desired = load_stack(target.directory, target.stack).desired
    except InvalidInput as error:
        message = f"{len(error.problems)} mistakes in the stack's files"
        return None, failure("files", message, f"See: supacron validate --stack {target.stack}")
    return desired, ok("files", f"{counted(len(desired.jobs), 'job')}, without a mistake")
