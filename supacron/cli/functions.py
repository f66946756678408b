"""`supacron functions`: the stack's Edge Functions and their secrets, to its project."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import chosen, common_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supacron.model.functions import Deployment
    from supacron.operate.target import Target
    from supacron.secret import Secret


@click.group("functions")
def command() -> None:
    """The stack's Edge Functions."""


@command.command("deploy")
@common_options
@click.option("--dry-run", is_flag=True, help="Only show what would be deployed.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Deploy what standard input says (run by Pulumi).")
def deploy_command(stack: str | None, directory: Path | None, as_json: bool, dry_run: bool, from_stdin: bool) -> None:
    """Deploy the stack's functions, with their secrets.

    It takes the Supabase CLI and an access token. `pulumi up` does the same when a source, a setting or a value in the
    stack's config has changed.
    """
    from supacron.cli.progress import SlowSteps
    from supacron.deploy.deploy import Access, deploy, with_digests
    from supacron.model.functions import Deployment
    from supacron.operate.environment import command_access_token, function_values
    from supacron.operate.target import root_of

    if from_stdin:
        root = Path.cwd()
        deployment = Deployment.from_json(sys.stdin.read())
        environ: Mapping[str, str] = os.environ
    else:
        target = chosen(stack, directory)
        root = root_of(target)
        deployment = with_digests(root, _planned(target))
        environ = os.environ if dry_run else _complete(target, deployment)
    if dry_run:
        _show(deployment, None, as_json)
        return
    values: Mapping[str, Secret] = function_values(deployment, environ)
    with SlowSteps() as progress:
        written = deploy(root, deployment, values, Access(command_access_token(environ), os.environ), progress)
    _show(deployment, written, as_json)


@command.command("destroy", hidden=True)
def destroy_command() -> None:
    """Run by Pulumi: leave the functions on standard input deployed; with SUPACRON_DESTROY=functions, delete them."""
    from supacron.deploy.deploy import Access, delete
    from supacron.model.functions import Deployment
    from supacron.operate.environment import destroy_access_token, destroys

    deployment = Deployment.from_json(sys.stdin.read())
    names = ", ".join(sorted(deployment.functions))
    if not destroys(os.environ, "functions"):
        click.echo(f"{names}: still deployed (SUPACRON_DESTROY=functions deletes them)", err=True)
        return
    gone = delete(Path.cwd(), deployment, Access(destroy_access_token(os.environ), os.environ))
    click.echo(f"deleted: {', '.join(gone) or 'nothing, they were gone'}", err=True)


def _planned(target: Target) -> Deployment:
    from supacron.errors import Refused
    from supacron.load.files import load_stack

    deployment = load_stack(target.directory, target.stack).deployment
    if deployment is None:
        raise Refused(
            f"the stack {target.name} has no `functions:`, so nothing is deployed with it",
            "Name them in its file; docs/functions.md says how.",
        )
    return deployment


def _complete(target: Target, deployment: Deployment) -> dict[str, str]:
    """The environment as Pulumi's command has it: with what only the stack's encrypted config knows."""
    import json

    from supacron.operate.environment import SECRETS, STACK_TOKEN, USER_TOKEN
    from supacron.operate.stack_config import read_access_token, read_keys

    environ = {name: value for name, value in os.environ.items() if name not in (SECRETS, STACK_TOKEN)}
    if any(source.env is None for source in deployment.secrets.values()):
        keys = {name: value.reveal() for name, value in read_keys(target, os.environ).items()}
        environ[SECRETS] = json.dumps(keys)
    if not environ.get(USER_TOKEN) and (token := read_access_token(target, os.environ)):
        environ[STACK_TOKEN] = token.reveal()
    return environ


def _show(deployment: Deployment, written: list[str] | None, as_json: bool) -> None:
    """`written` are the variables that were set; None: nothing was done."""
    from supacron.cli.output import document, line, table

    done = written is not None
    if as_json:
        functions = {name: function.model_dump() for name, function in sorted(deployment.functions.items())}
        known = sorted({*deployment.secrets, *deployment.variables})
        variables = {"set": written} if done else {"may_be_set": known}
        document({"project_ref": deployment.project_ref, "deployed": done, "functions": functions, **variables})
        return
    rows = [
        (name, "yes" if function.verify_jwt else "no", function.sources.removeprefix("sha256:")[:12])
        for name, function in sorted(deployment.functions.items())
    ]
    table(("function", "verify_jwt", "sources"), rows)
    if not done:
        line(f"To be deployed to {deployment.project_ref}; nothing was done.")
    else:
        line(
            ("deployed", "green"), f" to {deployment.project_ref}; variables set: {', '.join(written or ()) or 'none'}"
        )
