"""`supacron adopt`: jobs that were made by hand, as YAML for review."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supacron.cli.options import chosen, common_options
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from supacron.adopt.adopt import Adoption, Project
    from supacron.operate.target import Target
    from supacron.secret import Secret


@click.command("adopt")
@click.argument("jobs", nargs=-1, metavar="[JOB...]")
@common_options
@click.option("--project-ref", metavar="REF", help="For a stack without config: the first part of the project's host.")
@click.option("--project-url", metavar="URL", help="https://REF.supabase.co unless said.")
@click.option("--own", is_flag=True, help="Write this stack's files anew, from what the database knows of it.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would be added.")
def command(
    jobs: tuple[str, ...],
    stack: str | None,
    directory: Path | None,
    as_json: bool,
    project_ref: str | None,
    project_url: str | None,
    own: bool,
    dry_run: bool,
) -> None:
    """Write what the live database's jobs do into the stack's files: JOB..., or every job that nobody manages.

    Literal keys go into encrypted config and are shown nowhere. The database is not changed: the next `pulumi up`
    takes the jobs over in place. Exits with 4 when a job was refused; the others are written.
    """
    from datetime import UTC, datetime

    from supacron.adopt.adopt import adopt, write
    from supacron.cli.output import document
    from supacron.cli.progress import say
    from supacron.operate.database import session
    from supacron.operate.stack_config import store_keys
    from supacron.operate.target import database_url

    target = chosen(stack, directory)
    url = database_url(target, os.environ)
    if own:
        if jobs or project_ref or project_url:
            raise click.UsageError("--own takes no jobs and no project: the database knows them")
        _own(url, target, as_json=as_json, dry_run=dry_run)
        return
    with session(url, target.label, say, read_only=True) as connection:
        adoption = adopt(connection, target, jobs, _project(url, project_ref, project_url), datetime.now(UTC))
    if adoption.files and not dry_run:
        write(adoption, lambda keys: store_keys(target, keys, os.environ))
    if as_json:
        document(_json(adoption, written=not dry_run))
    else:
        _show(adoption, target.stack, dry_run=dry_run)
    if adoption.refused:
        raise click.exceptions.Exit(ExitCode.REFUSED)


def _own(url: Secret, target: Target, *, as_json: bool, dry_run: bool) -> None:
    from supacron.adopt.own import recover
    from supacron.cli.output import document, line
    from supacron.cli.progress import say
    from supacron.operate.database import require_stack, session
    from supacron.operate.project import project_ref_of_stack
    from supacron.operate.stack_config import store_keys

    with session(url, target.label, say, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref_of_stack(target))
        found = recover(connection, target)
    if not dry_run:
        for path, text in found.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        store_keys(target, found.keys, os.environ)
    if as_json:
        written = [str(path) for path in found.files]
        keys = {"secrets": sorted(found.keys), "missing": list(found.missing)}
        document({"stack": target.name, "release": found.release, "files": written, "written": not dry_run, **keys})
        return
    did = ("would write ", "would encrypt ") if dry_run else ("wrote ", "encrypted ")
    for path in found.files:
        line((did[0], "green"), str(path))
    for slot in sorted(found.keys):
        line((did[1], "green"), f"supacron:secrets.{slot}")
    for slot in found.missing:
        line(("missing ", "yellow"), f"supacron:secrets.{slot}: Vault has no value of it")
    line((target.name, "bold"), f"  as release {found.release} had it")
    for step in (
        f"pulumi config set --stack {target.stack} --secret supacron:databaseUrl",
        f"supacron plan --stack {target.stack}",
        f"pulumi up --stack {target.stack}",
    ):
        line(f"  {step}")


def _project(url: Secret, ref: str | None, project_url: str | None) -> Project:
    from supacron.adopt.adopt import Project
    from supacron.live.connect import project_ref_of

    known = ref or project_ref_of(url)
    return Project(known, project_url or (f"https://{known}.supabase.co" if known else None))


def _json(adoption: Adoption, *, written: bool) -> dict[str, Any]:
    return {
        "adopted": [
            {
                "job": each.live.name,
                "jobid": each.live.jobid,
                "as": "sql" if each.why_sql else "call",
                "why_sql": each.why_sql or None,
            }
            for each in adoption.adopted
        ],
        "refused": [
            {"job": each.name, "jobid": each.jobid, "reason": each.reason, "remedy": each.remedy}
            for each in adoption.refused
        ],
        "skipped": [{"job": name, "reason": reason} for name, reason in adoption.skipped],
        "secrets": sorted(adoption.keys),
        "files": [str(path) for path in adoption.files] if written else [],
    }


def _show(adoption: Adoption, stack: str, *, dry_run: bool) -> None:
    from supacron.cli.output import line

    for each in adoption.adopted:
        keys = ", with its keys looked up in Vault" if each.has_look_ups else ""
        how = f"as SQL{keys}: {each.why_sql}" if each.why_sql else "as a call"
        line(("adopted ", "green"), f"{each.live.name} (jobid {each.live.jobid}) {how}")
    for refusal in adoption.refused:
        line(("refused ", "red"), f"{refusal.name} (jobid {refusal.jobid}): {refusal.reason}")
        line(f"        {refusal.remedy}")
    for name, reason in adoption.skipped:
        line(("skipped ", "dim"), f"{name}: {reason}")
    if dry_run:
        click.echo(adoption.snippet, nl=False)
        return
    for slot in sorted(adoption.keys):
        line(("encrypted ", "green"), f"supacron:secrets.{slot}")
    for path in adoption.files:
        line(("wrote ", "green"), str(path))
    if adoption.files:
        line("Review them, then:")
        for step in (f"supacron plan --stack {stack}", f"pulumi up --stack {stack}", f"supacron scrub --stack {stack}"):
            line(f"  {step}")
    elif not adoption.refused:
        line("nothing to adopt")
