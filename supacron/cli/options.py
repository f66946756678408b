"""The options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from supacron.operate.target import Target
    from supacron.secret import Secret

_F = TypeVar("_F", bound=Callable[..., Any])


class Duration(click.ParamType[int]):
    """A whole number with a unit, such as 30s; the command gets milliseconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        # Pydantic, which the module of units needs, is slow to load: `--help` does without it.
        from supacron.model.units import parse_duration

        try:
            return parse_duration(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


@dataclass(frozen=True, slots=True)
class Reached:
    """A stack, its database, and the project that it is for (None: its config does not say)."""

    target: Target
    url: Secret
    project_ref: str | None


def _complete_stack(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    from click.shell_completion import CompletionItem

    from supacron.operate.target import stacks_in

    known = stacks_in(chosen_directory(ctx.params.get("directory")))
    return [CompletionItem(name) for name in known if name.startswith(incomplete)]


def stack_option(command: _F) -> _F:
    return click.option(
        "--stack",
        "-s",
        envvar="SUPACRON_STACK",
        show_envvar=True,
        metavar="STACK",
        shell_complete=_complete_stack,
        help="Which stack.",
    )(command)


def directory_option(command: _F) -> _F:
    return click.option(
        "--directory",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="The folder of the stacks' files: `stacks` beside the nearest Pulumi.yaml unless said.",
    )(command)


def json_option(command: _F) -> _F:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def common_options(command: _F) -> _F:
    """--stack, --directory and --json."""
    return stack_option(directory_option(json_option(command)))


def format_option(command: _F) -> _F:
    """--format; --json is short for one of its values."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "markdown", "json"]),
        default="text",
        help="Markdown is for a comment on a pull request; text unless said.",
    )(command)


def allow_option(command: _F) -> _F:
    return click.option(
        "--allow",
        multiple=True,
        metavar="WHAT",
        help="Lift a brake this time: remove, change, interval, minute, data, protect.",
    )(command)


def chosen(stack: str | None, directory: Path | None) -> Target:
    """The stack that the options name."""
    from supacron.operate.target import choose

    return choose(chosen_directory(directory), stack)


def chosen_directory(directory: Path | None) -> Path:
    from supacron.operate.target import find_directory

    return find_directory(directory, Path.cwd())


def reach(stack: str | None, directory: Path | None) -> Reached:
    """The stack that the options name, with its database."""
    from supacron.operate.project import project_ref_of_stack
    from supacron.operate.target import database_url

    target = chosen(stack, directory)
    return Reached(target, database_url(target, os.environ), project_ref_of_stack(target))
