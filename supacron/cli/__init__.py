"""The command line. Each command is imported when it is called, so that `supacron --help` answers at once."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from dataclasses import dataclass

import click

from supacron import __version__
from supacron.errors import ExitCode, SupacronError


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives, and its line in the help."""

    module: str
    help: str
    hidden: bool = False


COMMANDS: dict[str, Entry] = {
    "init": Entry("init", "Write a new environment's two files."),
    "validate": Entry("validate", "Check the stacks' files: every mistake at once."),
    "render": Entry("render", "Print the SQL, without a database."),
    "plan": Entry("plan", "Compare the files with the live database."),
    "drift": Entry("drift", "Find what was changed outside."),
    "status": Entry("status", "Show how each job goes."),
    "runs": Entry("runs", "Show what really happened to each run."),
    "trigger": Entry("trigger", "Run a job now, and show what came back."),
    "retry": Entry("retry", "Try a run again that failed for good."),
    "pause": Entry("pause", "Stop a job for a while, for the record."),
    "resume": Entry("resume", "End a job's pause."),
    "stop": Entry("stop", "Stop every job of a stack: the kill switch."),
    "start": Entry("start", "End a stop."),
    "next": Entry("next", "Show when jobs run next, from the files alone."),
    "alerts": Entry("alerts", "Show what is wrong now, and what was."),
    "doctor": Entry("doctor", "Find out why jobs are not processing."),
    "audit": Entry("audit", "Find literal tokens in files and in the database."),
    "adopt": Entry("adopt", "Write jobs that were made by hand into the stack's files."),
    "scrub": Entry("scrub", "Mask the keys in pg_cron's history."),
    "rotate": Entry("rotate", "Replace a secret's value, once a call has proven the new one."),
    "functions": Entry("functions", "Deploy the stack's Edge Functions."),
    "queue": Entry("queue", "Look at the queue, and give failed jobs another try."),
    "releases": Entry("releases", "Show what was applied: when, by whom, from where."),
    "diff": Entry("diff", "Show how two releases differ, or a release and the files."),
    "rollback": Entry("rollback", "Write the stack's files back as a release had them."),
    "promote": Entry("promote", "Take what is live in one environment to the next."),
    "completion": Entry("completion", "Print a shell's completion script."),
    "apply": Entry("apply", "Apply the definitions on standard input (run by Pulumi).", hidden=True),
    "destroy": Entry("destroy", "Remove the stack on standard input (run by Pulumi).", hidden=True),
}


class LazyGroup(click.Group):
    """A group whose commands are found by name in `COMMANDS`, in the order in which they stand there."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click names it
        return [name for name, entry in COMMANDS.items() if not entry.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- as above
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = importlib.import_module(f"supacron.cli.{entry.module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="supacron")
def cli() -> None:
    """Supabase schedules as code: pg_cron jobs from YAML, with secrets in Vault."""


def main() -> None:
    """The entry point: every known error becomes its text on stderr and its exit code."""
    # Click itself knows terminals and pipes, but not NO_COLOR.
    color = False if os.environ.get("NO_COLOR") else None
    # A command ends soon: looking for cycles in the data of 10,000 jobs takes a fifth of its time and frees nothing.
    gc.disable()
    try:
        # Outside of its standalone mode click returns the code of an Exit.
        sys.exit(cli.main(prog_name="supacron", standalone_mode=False, color=color) or ExitCode.OK)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except SupacronError as error:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {error}", err=True, color=color)
        sys.exit(error.exit_code)
