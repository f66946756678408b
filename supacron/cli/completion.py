"""`supacron completion`: the script by which a shell completes commands, options and stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL; docs/command-line.md says where it goes."""
    from click.shell_completion import get_completion_class

    found = cast("type[ShellComplete]", get_completion_class(shell))
    click.echo(found(ctx.find_root().command, {}, "supacron", "_SUPACRON_COMPLETE").source())
