"""`supacron destroy`: what the Pulumi command runs when its stack is destroyed."""

from __future__ import annotations

import os
import sys

import click

from supacron.cli.progress import SlowSteps


@click.command("destroy")
def command() -> None:
    """Unschedule what the stack on standard input owns; with SUPACRON_DESTROY=data, delete its data too."""
    from supacron.apply.apply import destroy
    from supacron.errors import Unreachable
    from supacron.model.desired import Desired
    from supacron.operate.environment import USER_URL, allowed, destroy_database_url, destroy_uses_state, drops_data

    desired = Desired.from_json(sys.stdin.read())
    with_data, lifted = drops_data(os.environ), allowed(os.environ)
    try:
        with SlowSteps() as progress:
            done = destroy(
                destroy_database_url(os.environ), desired, with_data=with_data, progress=progress, allow=lifted
            )
    except Unreachable as error:
        if not destroy_uses_state(os.environ):
            raise
        # Setting it in the configuration would not help: Pulumi deletes with what the last update recorded.
        remedy = f"A destroy uses the URL of the last apply. If it is out of date, give the current one in {USER_URL}."
        raise Unreachable(error.message, remedy) from None
    data = "history and secrets" if desired.queue is None else "history, secrets and a queue that holds jobs"
    kept = "" if with_data else f"; its {data} stay (SUPACRON_DESTROY=data deletes them)"
    click.echo(f"{desired.stack}: {'destroyed' if done else 'nothing to destroy'}{kept}", err=True)
