"""Reasons not to write at all: another project's database, a newer runtime, something that the database lacks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from supacron.errors import Problem
from supacron.live.state import Capabilities, LiveState, Version
from supacron.live.versions import unknown_migrations
from supacron.model.desired import Desired
from supacron.plan.changes import Action, Change, Kind
from supacron.plan.grants import missing_roles
from supacron.schedule import parse, requires

MINIMUM_CRON: Version = (1, 4)
"""pg_cron 1.4 is the first with alter_job(active)."""
MINIMUM_SERVER: Version = (15,)
EXTENSION_SCHEMAS = {"pg_cron": "pg_catalog", "pg_net": "extensions", "supabase_vault": "vault"}
"""Where each extension is created when it is missing, as Supabase does it."""


def refusals(desired: Desired, live: LiveState, tool_version: str, url_ref: str | None) -> Iterator[Problem]:
    """Everything that forbids an apply of `desired`; `url_ref` is the project that the database URL names, if any."""
    yield from identity(desired, live, url_ref)
    yield from another_program(desired, live)
    yield from newer_runtime(live, tool_version)
    yield from _versions(desired, live)
    yield from missing_roles(desired, live)


def needed_extensions(desired: Desired) -> tuple[str, ...]:
    """What this stack cannot do without."""
    needed = ["pg_cron"]
    if desired.alerts or desired.ping or any(job.call for job in desired.jobs.values()):
        needed.append("pg_net")
    if desired.secrets:
        needed.append("supabase_vault")
    return tuple(needed)


def extension_changes(desired: Desired, live: LiveState) -> Iterator[Change | Problem]:
    """A change for each extension that is missing and can be created, a problem for each that cannot."""
    have = live.capabilities
    for name in needed_extensions(desired):
        if name in have.extensions:
            continue
        if name in have.available:
            yield Change(Kind.EXTENSION, Action.CREATE, name)
        else:
            yield Problem(
                f"this database has no {name}, and its server does not offer it",
                f"On Supabase: enable it under Database, Extensions. Elsewhere: install {name} on the server.",
                path="extensions",
            )


def identity(desired: Desired, live: LiveState, url_ref: str | None) -> Iterator[Problem]:
    """Whether the database is that of the stack's project, by its URL and by what was recorded in it."""
    if url_ref is not None and url_ref != desired.project_ref:
        yield Problem(
            f"the database URL is that of project {url_ref}, and this stack is for project {desired.project_ref}",
            "Set supacron:databaseUrl to this stack's database, or supacron:projectRef to the database's project.",
            path="projectRef",
        )
    recorded = live.runtime.project_ref if live.runtime else None
    if recorded is not None and recorded != desired.project_ref:
        yield Problem(
            f"this database belongs to project {recorded}, and this stack is for project {desired.project_ref}",
            "Point supacron:databaseUrl at the right database. If this one was copied from the other project on "
            "purpose: `drop schema supacron cascade` in the copy, then `pulumi up`.",
            path="projectRef",
        )


def another_program(desired: Desired, live: LiveState) -> Iterator[Problem]:
    """Whether a stack of this name is another Pulumi project's: each would take the other's jobs for removed ones."""
    row = live.stack
    if row is None or row.destroyed or None in (row.program, desired.program) or row.program == desired.program:
        return
    yield Problem(
        f"the stack {desired.stack} of this database is applied by the Pulumi project {row.program}, "
        f"and this is the project {desired.program}",
        "Give one of the two stacks another name. If the project was renamed, set `program` of this stack's row in "
        "the table supacron.stack to null.",
        path="stack",
    )


def newer_runtime(live: LiveState, tool_version: str) -> Iterator[Problem]:
    """Whether a newer supacron set this database up."""
    if live.runtime and _order(live.runtime.tool_version) > _order(tool_version):
        yield Problem(
            f"this database was set up by supacron {live.runtime.tool_version}, and this is the older {tool_version}",
            f"Install supacron {live.runtime.tool_version} or later: an older one would undo what a newer one set up.",
            path="runtime",
        )
    elif later := unknown_migrations(live.migrations):
        numbers = ", ".join(map(str, later))
        yield Problem(
            f"this database was set up by a newer supacron: {tool_version} has no migration {numbers}",
            "Install the supacron that set it up, or a later one: an older one would undo what a newer one set up.",
            path="runtime",
        )


def _order(version: str) -> Version:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _versions(desired: Desired, live: LiveState) -> Iterator[Problem]:
    have: Capabilities = live.capabilities
    if have.server_version < MINIMUM_SERVER:
        yield Problem(
            f"this is PostgreSQL {have.server_version[0]}", "supacron needs PostgreSQL 15 or later.", path="server"
        )
    cron = have.extensions.get("pg_cron")
    if cron is None:
        return
    if cron < MINIMUM_CRON:
        yield Problem(
            f"this database has pg_cron {_dotted(cron)}", "supacron needs pg_cron 1.4 or later.", path="extensions"
        )
        return
    for name, job in desired.jobs.items():
        needs = _requirement(job.schedule, job.timezone)
        if needs > cron[:2]:
            yield Problem(
                f"'{job.schedule}' needs pg_cron {_dotted(needs)}, and this database has {_dotted(cron[:2])}",
                "Upgrade pg_cron, or write a schedule of five fields.",
                path=f"jobs.{name}.schedule",
            )


@lru_cache(maxsize=4096)
def _requirement(schedule: str, timezone: str | None) -> tuple[int, int]:
    return requires(parse(schedule, timezone))


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
