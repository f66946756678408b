"""The guards of secret values over several stacks, on their decrypted config: in memory, and only when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from supacron.errors import Problem
from supacron.load.files import load_stack
from supacron.model.desired import Desired
from supacron.operate.environment import secret_values
from supacron.operate.stack_config import read_keys
from supacron.operate.target import Target
from supacron.plan.guards import Fault, companions, faults, how_to_allow, shared_fault
from supacron.secret import Secret


@dataclass(frozen=True, slots=True)
class StackKeys:
    """A stack's definition, and the values at hand for its secrets."""

    desired: Desired
    values: Mapping[str, Secret]


def read_stack_keys(directory: Path, stack: str, environ: Mapping[str, str]) -> StackKeys:
    """Of encrypted config and of this process's environment; raises SupacronError, InvalidInput."""
    desired = load_stack(directory, stack).desired
    configured = read_keys(Target(directory, stack), environ)
    given = {name: configured[name] for name, slot in desired.secrets.items() if name in configured and not slot.env}
    return StackKeys(desired, {**given, **secret_values(desired, environ)})


def check_keys(
    stacks: Mapping[str, StackKeys], now: datetime
) -> dict[str, tuple[tuple[Problem, ...], tuple[Problem, ...]]]:
    """The problems and the warnings of each stack; what its `allow:` lifts is a warning."""
    return {name: _check(name, keys, stacks, now) for name, keys in stacks.items()}


def _check(
    stack: str, keys: StackKeys, stacks: Mapping[str, StackKeys], now: datetime
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    problems, warnings = [], []
    beside = companions(keys.desired)
    for name, value in keys.values.items():
        slot = keys.desired.secrets[name]
        path = f"secrets.{name}"
        own = faults(slot, value, keys.desired.project_ref, now, beside=name in beside)
        found = [*own, *_shared(stack, value, stacks)]
        for fault in found:
            if reason := slot.allow.get(fault.rule):
                warnings.append(Problem(f"{fault.message}; allowed: {reason}", "Nothing to do.", path=path))
            else:
                problems.append(Problem(fault.message, f"{fault.remedy} {how_to_allow(fault.rule)}", path=path))
    return tuple(problems), tuple(warnings)


def _shared(stack: str, value: Secret, stacks: Mapping[str, StackKeys]) -> Iterator[Fault]:
    for other, keys in stacks.items():
        for name, theirs in keys.values.items():
            if other != stack and theirs == value:
                yield shared_fault(f"the secret {name} of the stack {other}")
                return
