"""`supacron alerts`: what is wrong now, what was, and whether a webhook hears of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import Duration, common_options, reach
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from supacron.operate.alerts import Alerts, AlertState, Posted


@click.group("alerts", invoke_without_command=True)
@common_options
@click.option(
    "--limit", "-n", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Past alerts to show."
)
@click.pass_context
def command(ctx: click.Context, stack: str | None, directory: Path | None, as_json: bool, limit: int) -> None:
    """Show the stack's alerts: those that are open, and those that were."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = (stack, directory)
        return
    from supacron.cli.output import document
    from supacron.cli.progress import say
    from supacron.operate.alerts import read_alerts

    reached = reach(stack, directory)
    alerts = read_alerts(reached.url, reached.target, limit=limit, project_ref=reached.project_ref, progress=say)
    if as_json:
        document(alerts.to_json())
    else:
        _show(alerts)


@command.command("test")
@click.argument("name")
@common_options
@click.option("--timeout", type=Duration(), default="20s", show_default=True, help="How long to wait for the answer.")
@click.pass_context
def test(ctx: click.Context, name: str, stack: str | None, directory: Path | None, as_json: bool, timeout: int) -> None:
    """Post a test to the webhook of the alert NAME, and show its answer; exit with 1 unless it takes it."""
    from supacron.cli.output import document
    from supacron.cli.progress import say
    from supacron.operate.alerts import post_test

    before = ctx.obj or (None, None)
    reached = reach(stack or before[0], directory or before[1])
    posted = post_test(
        reached.url,
        reached.target,
        name,
        project_ref=reached.project_ref,
        wait_seconds=timeout / 1000,
        progress=say,
    )
    if as_json:
        document({"stack": reached.target.name, "alert": name, **posted.to_json()})
    else:
        _show_answer(name, posted)
    if not posted.delivered:
        raise click.exceptions.Exit(ExitCode.FAILED)


def _show(alerts: Alerts) -> None:
    from supacron.cli.output import line, table
    from supacron.operate.times import age, clock
    from supacron.operate.words import counted

    opened = [state for state in alerts.states if state.open_since]
    line((alerts.stack, "bold"), f"  {counted(len(alerts.states), 'alert')}, {len(opened)} open")
    if alerts.states:
        table(("alert", "state", "since", "detail"), [_row(state, alerts) for state in alerts.states])
    for state in alerts.states:
        if state.undelivered:
            line((state.name, "red"), f": {_delivery(state)}")
            line(f"    Check the URL in the secret {state.webhook}, and see: supacron alerts test {state.name}")
    if alerts.ping is not None:
        _show_ping(alerts)
    past = [incident for incident in alerts.incidents if incident.ended_at]
    if past:
        line(("past", "bold"))
        table(
            ("alert", "started (UTC)", "lasted", "detail"),
            [
                [each.alert, clock(each.started_at), age(each.ended_at - each.started_at), each.detail]
                for each in past
                if each.ended_at
            ],
        )


def _row(state: AlertState, alerts: Alerts) -> list[str | tuple[str, str]]:
    from supacron.operate.times import age

    if state.error:
        return [state.name, ("unknown", "red"), "", f"cannot be looked at: {state.error}"]
    if state.open_since is None:
        return [state.name, ("quiet", "green"), "", ""]
    return [state.name, ("open", "red"), age(alerts.now - state.open_since), state.detail or ""]


def _delivery(state: AlertState) -> str:
    from supacron.operate.times import clock

    what = f"its {state.post_event} was not delivered, at attempt {state.post_attempts}: {state.post_error}"
    if state.given_up_at:
        return f"{what}; given up"
    return f"{what}; next attempt at {clock(state.try_at)} UTC" if state.try_at else what


def _show_ping(alerts: Alerts) -> None:
    from supacron.cli.output import line
    from supacron.operate.times import age

    ping = alerts.ping
    if ping is None or ping.sent_at is None:
        line(("ping  ", "bold"), ("not sent yet", "yellow"))
    elif ping.error:
        line(("ping  ", "bold"), (f"sent {age(alerts.now - ping.sent_at)} ago: {ping.error}", "red"))
    else:
        line(("ping  ", "bold"), (f"sent {age(alerts.now - ping.sent_at)} ago", "green"))


def _show_answer(name: str, posted: Posted) -> None:
    from supacron.cli.output import line

    said = f": {posted.said}" if posted.said else ""
    if posted.delivered:
        line((name, "bold"), "  the webhook took it, ", (f"HTTP {posted.status}", "green"), said)
    elif posted.delivered is None:
        line((name, "bold"), "  ", ("no answer yet", "yellow"), ": see whether pg_net sends, with supacron doctor")
    else:
        line((name, "bold"), "  ", (posted.error or "not delivered", "red"), said)
        line("    Check the URL in the alert's secret, and its `format`.")
