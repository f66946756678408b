"""`supacron audit`: literal tokens in files and in the live database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import common_options
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from supacron.audit.findings import Audit, Fingerprints, Found

STYLES = {"high": "red bold", "medium": "yellow", "low": "cyan"}


@click.command("audit")
@common_options
@click.option(
    "--path",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Look at this file, or at every file below this folder, instead of at what git tracks; repeatable.",
)
@click.option("--only", type=click.Choice(["files", "database"]), help="Look at one of the two.")
@click.option("--sarif", type=click.Path(dir_okay=False, path_type=Path), help="Write SARIF 2.1.0 to this file, too.")
@click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high"]),
    default="low",
    show_default=True,
    help="Exit with 8 for findings of this severity and above.",
)
def command(
    stack: str | None,
    directory: Path | None,
    as_json: bool,
    paths: tuple[Path, ...],
    only: str | None,
    sarif: Path | None,
    fail_on: str,
) -> None:
    """Find literal tokens in files and in the database; exit with 8 for any that nobody allowed.

    The database is looked at when a stack is named, or SUPACRON_DATABASE_URL is set. No value is shown or sent
    anywhere: a fingerprint tells which findings are the same key.
    """
    import json

    from supacron.audit.credentials import Severity
    from supacron.audit.findings import Audit, Fingerprints
    from supacron.audit.report import to_json, to_sarif
    from supacron.cli.output import document

    fingerprints, audit = Fingerprints(), Audit()
    if only != "database":
        audit += _files(paths, fingerprints)
    if only != "files":
        audit += _database(stack, directory, fingerprints, required=only == "database")
    if sarif is not None:
        sarif.write_text(json.dumps(to_sarif(audit), indent=2) + "\n", encoding="utf-8")
    if as_json:
        document(to_json(audit))
    else:
        _show(audit)
    if audit.fails(Severity[fail_on.upper()]):
        raise click.exceptions.Exit(ExitCode.UNHEALTHY)


def _files(paths: tuple[Path, ...], fingerprints: Fingerprints) -> Audit:
    from datetime import UTC, datetime

    from supacron.audit.files import audit_files, files_below, tracked_files

    chosen = files_below(paths) if paths else [_short(path) for path in tracked_files(Path.cwd())]
    return audit_files(chosen, fingerprints, datetime.now(UTC))


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _database(stack: str | None, directory: Path | None, fingerprints: Fingerprints, *, required: bool) -> Audit:
    from datetime import UTC, datetime

    from supacron.audit.database import audit_database
    from supacron.audit.findings import Audit, allowing
    from supacron.cli.options import chosen
    from supacron.cli.progress import say
    from supacron.operate.database import session
    from supacron.operate.environment import USER_URL
    from supacron.operate.target import database_url
    from supacron.secret import Secret

    if not stack and not required and not os.environ.get(USER_URL):
        return Audit(not_looked_at=(("database", f"no --stack, and {USER_URL} is not set"),))
    url = os.environ.get(USER_URL)
    secret = Secret(url) if url else database_url(chosen(stack, directory), os.environ)
    reasons = _reasons(stack, directory)
    with session(secret, "supacron audit", say, read_only=True) as connection:
        return allowing(audit_database(connection, fingerprints, datetime.now(UTC)), reasons)


def _reasons(stack: str | None, directory: Path | None) -> dict[str, str]:
    """Those that the stack's file gives for findings in the database; none before there is one."""
    from supacron.cli.options import chosen
    from supacron.load.files import load_stack

    if not stack:
        return {}
    target = chosen(stack, directory)
    if not (target.directory / f"{target.name}.yaml").is_file():
        return {}
    definition = load_stack(target.directory, target.stack).definition
    return {each.place: each.reason for each in definition.audit.allow}


def _show(audit: Audit) -> None:
    from supacron.cli.output import line

    for each in audit.open:
        _show_finding(each)
    counts = ", ".join(
        f"{word}: {sum(each.severity.word == word for each in audit.open)}" for word in ("high", "medium", "low")
    )
    line(("looked at ", "dim"), ", ".join(audit.looked_at) or "nothing")
    for what, why in audit.not_looked_at:
        line(("not looked at ", "yellow"), f"{what}: {why}")
    for each in audit.allowed:
        line(("allowed ", "dim"), f"{each.place}: {each.credential.title}: {each.allowed}")
    line((f"{len(audit.open)} findings", "bold"), f"  {counts}")


def _show_finding(each: Found) -> None:
    from supacron.cli.output import line

    word = each.severity.word
    line((f"{word:7}", STYLES[word]), f"{each.place}: {each.credential.title}", (f"  {each.fingerprint}", "dim"))
    if each.credential.details:
        line("       " + ", ".join(f"{name} {text}" for name, text in each.credential.details))
    line(f"       {each.remedy}")
    if each.note:
        line(("       ", ""), (each.note, "yellow"))
