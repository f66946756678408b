"""`supacron validate`: every mistake of a stack's files, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supacron.cli.options import chosen_directory, common_options
from supacron.errors import ExitCode, Problem, SupacronError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supacron.operate.validation import Validation


@click.command("validate")
@common_options
@click.option(
    "--policy",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="House rules that the jobs have to keep to, too.",
)
@click.option("--secrets", is_flag=True, help="Decrypt the stacks' config, in memory, and check the keys in it, too.")
def command(stack: str | None, directory: Path | None, as_json: bool, policy: Path | None, secrets: bool) -> None:
    """Check a stack's files, or those of every stack where none is said (or `all`); exit with 3 for a mistake."""
    from supacron.cli.output import document
    from supacron.load.house_rules import read_house_rules
    from supacron.operate.validation import chosen_stacks, validate

    folder = chosen_directory(directory)
    rules = read_house_rules(policy) if policy is not None else None
    results = [validate(folder, name, rules) for name in chosen_stacks(folder, stack)]
    if secrets:
        results = _with_keys(folder, results)
    if as_json:
        document({"valid": all(result.valid for result in results), "stacks": [_json(result) for result in results]})
    else:
        for result in results:
            _show(result)
    if not all(result.valid for result in results):
        raise click.exceptions.Exit(ExitCode.INVALID)


def _with_keys(folder: Path, results: list[Validation]) -> list[Validation]:
    """The same with what is wrong with the keys of those that have no mistake; a stack alone is compared with all."""
    import os
    from dataclasses import replace
    from datetime import UTC, datetime

    from supacron.cli.progress import say
    from supacron.operate.key_check import check_keys, read_stack_keys
    from supacron.operate.validation import chosen_stacks, validate

    names = {result.stack for result in results}
    others = [validate(folder, name) for name in chosen_stacks(folder, None) if name not in names]
    valid = [each.stack for each in (*results, *others) if each.valid]
    for each in (*results, *others):
        if not each.valid:
            say(f"{each.stack}: its keys were not looked at: its files hold mistakes")
    keys = {}
    for name in valid:
        try:
            keys[name] = read_stack_keys(folder, name, os.environ)
        except SupacronError as error:
            if names == {name}:
                raise
            say(f"{name}: its keys were not looked at: {error.message}")
    found = check_keys(keys, datetime.now(UTC))
    nothing: tuple[tuple[Problem, ...], tuple[Problem, ...]] = ((), ())
    return [
        replace(
            result,
            problems=(*result.problems, *found.get(result.stack, nothing)[0]),
            warnings=(*result.warnings, *found.get(result.stack, nothing)[1]),
        )
        for result in results
    ]


def _show(result: Validation) -> None:
    from supacron.cli.output import line
    from supacron.operate.words import counted

    for problem in result.problems:
        _problem(problem, "mistake", "red")
    for warning in result.warnings:
        _problem(warning, "warning", "yellow")
    if result.valid:
        line((result.stack, "bold"), f"  {counted(result.jobs or 0, 'job')}, ", ("no mistake", "green"))
    else:
        line((result.stack, "bold"), "  ", (_count(result.problems, "mistake"), "red"))


def _problem(problem: Problem, kind: str, style: str) -> None:
    from supacron.cli.output import line

    where = f"{problem.place}: " if problem.place else ""
    path = f"{problem.path}: " if problem.path else ""
    line(where, (kind, style), f": {path}{problem.message}")
    line(f"    {problem.remedy}")


def _json(result: Validation) -> dict[str, Any]:
    return {
        "stack": result.stack,
        "valid": result.valid,
        "jobs": result.jobs,
        "mistakes": [_problem_json(problem) for problem in result.problems],
        "warnings": [_problem_json(problem) for problem in result.warnings],
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": problem.path or None,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _count(items: Sequence[object], noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"
