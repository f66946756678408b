"""`supacron init`: a new environment's two files."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import chosen_directory, directory_option, json_option


@click.command("init")
@click.argument("env")
@directory_option
@json_option
@click.option("--project-ref", required=True, metavar="REF", help="The first part of the project's Supabase host name.")
@click.option("--project-url", metavar="URL", help="https://REF.supabase.co unless said.")
def command(env: str, directory: Path | None, as_json: bool, project_ref: str, project_url: str | None) -> None:
    """Write the two files of the new environment ENV; nothing that is there is overwritten."""
    from supacron.cli.output import document, line
    from supacron.load.init import write_environment

    written = write_environment(chosen_directory(directory), env, project_ref, project_url)
    steps = next_steps(env)
    if as_json:
        document({"stack": env, "files": [str(path) for path in written], "next_steps": steps})
        return
    for path in written:
        line(("wrote ", "green"), str(path))
    line("Next:")
    for step in steps:
        line(f"  {step}")


def next_steps(env: str) -> list[str]:
    """The commands from two new files to a stack that runs."""
    return [
        f"pulumi stack init {env}",
        f"pulumi config set --stack {env} --secret supacron:databaseUrl",
        f"supacron validate --stack {env}",
        f"supacron plan --stack {env}",
        f"pulumi up --stack {env}",
    ]
