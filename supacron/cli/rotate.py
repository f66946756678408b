"""`supacron rotate`: a new value for a secret, proven before it counts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import Duration, common_options, reach

if TYPE_CHECKING:
    from supacron.operate.rotate import Rotated, Store
    from supacron.operate.target import Target
    from supacron.secret import Secret


@click.command("rotate")
@click.argument("secret")
@common_options
@click.option("--job", metavar="JOB", help="Whose call is to prove it; needed where several send the secret.")
@click.option(
    "--grace", type=Duration(), default="24h", show_default=True, help="How long Vault keeps the value of before."
)
@click.option("--by", metavar="NAME", help="Who asks: git's user.name, else the OS user, unless said.")
def command(
    secret: str, stack: str | None, directory: Path | None, as_json: bool, job: str | None, grace: int, by: str | None
) -> None:
    """Replace the value of SECRET by the one on standard input (a terminal is asked, without an echo).

    The function must take the old key and the new one. A job is called with a wrong key, which must be refused, and
    then with the new one. After a 2xx Vault and the stack's encrypted config hold the new value; otherwise nothing
    changes, and the exit code is 4.
    """
    from supacron.cli.output import document
    from supacron.cli.progress import SlowSteps
    from supacron.load.files import load_stack
    from supacron.operate.person import current_person
    from supacron.operate.rotate import Rotation, rotate

    reached = reach(stack, directory)
    desired = load_stack(reached.target.directory, reached.target.stack).desired
    slot = desired.secrets.get(secret)
    env = slot.env if slot else None
    store = _nowhere if env else _config(reached.target, secret)
    rotation = Rotation(desired, secret, _read_value(secret), job, grace, by or current_person())
    with SlowSteps() as progress:
        done = rotate(reached.url, reached.target, rotation, store, project_ref=reached.project_ref, progress=progress)
    if as_json:
        document({"stack": reached.target.name, **done.to_json()})
    else:
        _show(done, env)


def _read_value(name: str) -> Secret:
    from supacron.secret import Secret

    if sys.stdin.isatty():
        return Secret(click.prompt(f"New value of {name}", hide_input=True, confirmation_prompt=True, err=True))
    return Secret(sys.stdin.read().rstrip("\r\n"))


def _config(target: Target, name: str) -> Store:
    from supacron.operate.stack_config import find_pulumi, replace_key

    # Before anything is called: without it the new value could not be kept.
    find_pulumi(target, os.environ)

    def store(value: Secret) -> Callable[[], None]:
        return replace_key(target, name, value, os.environ)

    return store


def _nowhere(_: Secret) -> Callable[[], None]:
    """A value that comes from an environment variable is kept by another tool."""
    return lambda: None


def _show(done: Rotated, env: str | None) -> None:
    from supacron.cli.output import line
    from supacron.operate.times import minute

    line((done.secret, "bold"), f"  {done.job} with a wrong key: {done.wrong.words}; with the new one: ", _good(done))
    line("The new value is in Vault; the next runs send it.")
    if env:
        line(f"Set {env} to it wherever that is kept: until then `pulumi up` warns, and keeps Vault's.")
    else:
        line("The stack's encrypted config holds it, too: commit the file.")
    if done.also:
        line((f"It is also sent by {', '.join(done.also)}, which were not called.", "yellow"))
    line(f"Vault keeps the old value as {done.previous} until {minute(done.previous_until)} UTC.")
    line("Now drop the old key at the function, and where it was made.")


def _good(done: Rotated) -> tuple[str, str]:
    return done.right.words, "green"
