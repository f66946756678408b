"""The one way in: a stack's two files (or config from elsewhere) to what is to be applied.

`<stack>.yaml` says what runs, `Pulumi.<stack>.yaml` where. Every mistake of both is raised at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from supacron.errors import InvalidInput, Problem
from supacron.load.merge import is_overridden, merge, useless_removals
from supacron.load.neighbours import read_neighbours
from supacron.load.project import project_name
from supacron.load.record import read_record
from supacron.load.source import digest_of
from supacron.load.tokens import TokenProblems, mask_tokens, token_problems
from supacron.load.yaml_source import Source, from_mapping, read_file
from supacron.model.desired import Desired
from supacron.model.desired import Source as DefinitionSource
from supacron.model.functions import Deployment
from supacron.model.paths import KeyPath, format_path, shorten
from supacron.model.promotion import Record
from supacron.model.stack_file import Environment, StackFile
from supacron.validate.check import check_definition
from supacron.validate.environment import check_declared, check_environment
from supacron.validate.findings import Finding, did_you_mean
from supacron.validate.functions import check_project_ref
from supacron.validate.neighbours import Neighbour, check_neighbours
from supacron.validate.resolve import resolve, resolve_functions

NAMESPACE: Final = "supacron:"
_STACK_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True)
class Loaded:
    """A stack without mistakes. `definition` has the overrides merged in, `desired` is resolved from it.

    `locate` gives a finding about the definition its place. `configured_secrets` are the names that stack config holds
    a value for. `deployment` has no digests yet.
    """

    definition: StackFile
    environment: Environment
    desired: Desired
    warnings: tuple[Problem, ...]
    locate: Callable[[Finding], Problem] = field(compare=False, repr=False)
    configured_secrets: frozenset[str] = frozenset()
    deployment: Deployment | None = None


def load_stack(directory: Path, stack: str, project: str | None = None) -> Loaded:
    """`<stack>.yaml` and `Pulumi.<stack>.yaml` in `directory`; raises InvalidInput with every mistake in them.

    Encrypted values are never read. A fully qualified stack name (`org/project/stack`) stands for its last part.
    `project` is the Pulumi project's name; without it, that of the nearest Pulumi.yaml.
    """
    name = short_name(stack)
    definition, config = _read_files(directory, [f"{name}.yaml", f"Pulumi.{name}.yaml"])
    neighbours, record = read_neighbours(directory, name), read_record(directory, name)
    return build_sources(
        name, definition, config, neighbours, record, project_name(directory) if project is None else project
    )


def build(
    stack: str,
    definition: Path | Mapping[str, Any],
    config: Mapping[str, Any],
    directory: Path | None = None,
    project: str = "",
) -> Loaded:
    """The same from config that was read elsewhere, as by a Pulumi program; raises InvalidInput.

    `definition` is the stack's file, or its data. `config` has the keys `projectRef`, `projectUrl`, `overrides`, and
    `secrets`: a mapping whose keys are the names that have a value; pass None for each value, not the secret.
    `directory` holds the config of other environments. `project` is the Pulumi project's name.
    """
    name = short_name(stack)
    if isinstance(definition, Path):
        (source,) = _read_files(definition.parent, [definition.name])
    else:
        source = from_mapping(definition, f"the definition of stack {name}")
    data = {"config": {f"{NAMESPACE}{key}": value for key, value in config.items()}}
    neighbours = read_neighbours(directory, name) if directory else ()
    record = read_record(directory, name) if directory else None
    return build_sources(name, source, from_mapping(data, f"the config of stack {name}"), neighbours, record, project)


def short_name(stack: str) -> str:
    """The last part of a stack's name, which names its files; raises InvalidInput for what cannot name one."""
    name = stack.rsplit("/", 1)[-1]
    if not _STACK_NAME.fullmatch(name) or not name.strip("."):
        message = f"`{shorten(stack)}` is not the name of a stack"
        raise InvalidInput([Problem(message, "Use letters, digits, `-`, `_` and `.`, at most 100.")])
    return name


def _read_files(directory: Path, names: Iterable[str]) -> list[Source]:
    sources: list[Source] = []
    problems: list[Problem] = []
    for name in names:
        try:
            sources.append(read_file(directory / name))
        except FileNotFoundError:
            problems.append(Problem(f"{directory / name} is not there", _missing_file_remedy(directory, name)))
        except OSError as error:
            reason = error.strerror or "unknown error"
            problems.append(
                Problem(f"{directory / name} cannot be read: {reason}", "Check the path and its permissions.")
            )
    if problems:
        raise InvalidInput(problems)
    return sources


def _missing_file_remedy(directory: Path, name: str) -> str:
    stack = name.removeprefix("Pulumi.").removesuffix(".yaml")
    stacks = sorted(path.stem for path in directory.glob("*.yaml") if not path.name.startswith("Pulumi."))
    known = f" Stacks here: {', '.join(stacks)}." if stacks else ""
    return f"{did_you_mean(stack, stacks)}Write it, or run: supacron init {stack}.{known}"


def build_sources(
    stack: str,
    definition: Source,
    config: Source,
    neighbours: Sequence[Neighbour] = (),
    record: Record | None = None,
    project: str = "",
) -> Loaded:
    """The same from two sources; raises InvalidInput with the mistakes of reading them, too."""
    settings, problems = _settings(config)
    checked_environment = check_environment(settings)
    environment = checked_environment.environment
    overrides = _overrides(settings)
    checked = check_definition(
        merge(definition.data, overrides),
        stack,
        project_url=environment.project_url if environment else None,
        configured=checked_environment.secrets,
        project=project,
    )
    where = _Places(definition, config, overrides)
    foreign, allowed = (
        check_neighbours(checked.definition, environment, neighbours)
        if checked.definition is not None and environment is not None
        else ([], [])
    )
    # A file that could not be read has no data: what is missing from it is not a mistake of its own.
    if not problems and (config.data or not config.problems):
        problems.extend(where.of_config(finding) for finding in checked_environment.mistakes)
        if checked.definition is not None and environment is not None:
            refs = check_project_ref(checked.definition.functions, environment.project_ref)
            problems.extend(where.of_config(finding) for finding in refs)
    if definition.data or not definition.problems:
        problems.extend(where.of_definition(finding) for finding in (*checked.mistakes, *foreign))
    mistakes = _all_mistakes([*definition.problems, *config.problems], problems, token_problems(definition, config))
    if mistakes or checked.definition is None or environment is None:
        raise InvalidInput(mistakes)
    warnings = [where.of_config(finding) for finding in checked_environment.warnings]
    undeclared = check_declared(checked_environment.secrets, checked.definition.secrets)
    warnings += [where.of_config(finding) for finding in undeclared]
    warnings += [where.of_definition(finding) for finding in (*checked.warnings, *allowed)]
    warnings += [where.of_config(finding) for finding in _useless(definition.data, overrides)]
    return Loaded(
        definition=checked.definition,
        environment=environment,
        desired=resolve(stack, checked.definition, environment, project).model_copy(
            update={
                "source": DefinitionSource(digest=digest_of(definition.data), overrides=overrides, promotion=record)
            }
        ),
        warnings=tuple(_sorted(warnings)),
        locate=where.of_definition,
        configured_secrets=checked_environment.secrets,
        deployment=resolve_functions(stack, checked.definition, environment),
    )


def _all_mistakes(reading: list[Problem], checking: list[Problem], tokens: TokenProblems) -> list[Problem]:
    """All, in the files' order, with one mistake for a value that is ambiguous or a token."""
    said = tokens.places | {problem.place for problem in reading}
    rest = [problem for problem in checking if (problem.place or problem.path) not in said]
    return _sorted(mask_tokens([*reading, *rest, *tokens.problems], tokens.values))


def _overrides(settings: Mapping[str, Any]) -> dict[str, Any]:
    overrides = settings.get("overrides")
    return overrides if isinstance(overrides, dict) else {}


def _settings(config: Source) -> tuple[dict[str, Any], list[Problem]]:
    """The `supacron:` keys of the file's `config`, by their bare names; other namespaces are other programs'."""
    found = config.data.get("config")
    if found is None:
        return {}, []
    if not isinstance(found, dict):
        return {}, [
            Problem(
                "must be a mapping", "Write `supacron:projectRef: ...` below it.", config.place(("config",)), "config"
            )
        ]
    return {key.removeprefix(NAMESPACE): value for key, value in found.items() if key.startswith(NAMESPACE)}, []


def _useless(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> list[Finding]:
    message = "removes nothing: the stack's file does not have it"
    remedy = "Check the spelling, or remove the line."
    return [Finding(("overrides", *path), message, remedy, at_key=True) for path in useless_removals(base, overrides)]


@dataclass(frozen=True)
class _Places:
    """From findings to problems: each value's place is in the file that it came from."""

    definition: Source
    config: Source
    overrides: Mapping[str, Any]

    def of_definition(self, finding: Finding) -> Problem:
        if is_overridden(self.definition.data, self.overrides, finding.path):
            place = self.config.place(("config", f"{NAMESPACE}overrides", *finding.path), key=finding.at_key)
        else:
            place = self.definition.place(finding.path, key=finding.at_key)
        return Problem(finding.message, finding.remedy, place, format_path(finding.path))

    def of_config(self, finding: Finding) -> Problem:
        key, *rest = finding.path
        path: KeyPath = (f"{NAMESPACE}{key}", *rest)
        place = self.config.place(("config", *path), key=finding.at_key)
        return Problem(finding.message, finding.remedy, place, format_path(path))


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    def key(problem: Problem) -> tuple[str, int, int]:
        place = problem.place
        return (place.file, place.line, place.column) if place else ("", 0, 0)

    return sorted(problems, key=key)
