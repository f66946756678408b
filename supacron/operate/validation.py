"""The stacks of a folder, each with every mistake and warning of its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from supacron.deploy.sources import read_sources
from supacron.errors import InvalidInput, Problem
from supacron.load.files import Loaded, load_stack, short_name
from supacron.model.house_rules import HouseRules
from supacron.operate.target import Target, Usage, root_of, stacks_in
from supacron.validate.findings import Finding
from supacron.validate.house_rules import check_house_rules
from supacron.validate.windows import past_windows

ALL = "all"


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found in one stack's two files; `jobs` is how many it has, where there is no mistake."""

    stack: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    jobs: int | None = None

    @property
    def valid(self) -> bool:
        return not self.problems


def chosen_stacks(directory: Path, stack: str | None) -> list[str]:
    """The one that is named, else all; raises Usage when there is none."""
    if stack and stack != ALL:
        return [stack]
    known = stacks_in(directory)
    if not known:
        raise Usage(f"no stack in {directory}", "Write one with: supacron init ENV, or say --directory.")
    return known


def _missing_sources(target: Target, loaded: Loaded) -> list[Finding]:
    """What `functions:` names and is not there."""
    if loaded.deployment is None:
        return []
    try:
        read_sources(root_of(target), loaded.deployment)
    except InvalidInput as error:
        return [Finding(tuple(each.path.split(".")), each.message, each.remedy) for each in error.problems]
    return []


def validate(directory: Path, stack: str, rules: HouseRules | None = None) -> Validation:
    """Every mistake and warning of one stack; where it has no mistake, what breaks the house rules is one."""
    try:
        loaded = load_stack(directory, stack)
    except InvalidInput as error:
        return Validation(stack, problems=error.problems)
    broken = check_house_rules(rules, loaded.definition, loaded.desired) if rules else ()
    past = past_windows(loaded.definition, datetime.now(UTC))
    return Validation(
        short_name(stack),
        problems=tuple(map(loaded.locate, [*broken, *_missing_sources(Target(directory, stack), loaded)])),
        warnings=(*loaded.warnings, *map(loaded.locate, past)),
        jobs=len(loaded.desired.jobs),
    )
