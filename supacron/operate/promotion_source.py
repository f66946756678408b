"""What is live where a release is promoted from, and how it does there: read from that database alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supacron.errors import Refused
from supacron.live.read import read_live
from supacron.model.promotion import Record, SourceFacts
from supacron.operate.database import require_stack, rows, session
from supacron.operate.environment import SOURCE_URL, USER_URL
from supacron.operate.releases import Content, content_of
from supacron.operate.target import Target, database_url
from supacron.plan.drift import drifted
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Live:
    """A release and how it does."""

    content: Content
    facts: SourceFacts


def source_url(source: Target, environ: Mapping[str, str]) -> Secret:
    """SUPACRON_SOURCE_DATABASE_URL, else the stack's own; SUPACRON_DATABASE_URL is the target's."""
    if value := environ.get(SOURCE_URL):
        return Secret(value)
    return database_url(source, {name: value for name, value in environ.items() if name != USER_URL})


def read_source(
    url: Secret, source: Target, *, project_ref: str | None, progress: Callable[[str], None] = lambda _: None
) -> Live:
    """The newest release of `source`; raises SupacronError when it holds no definitions."""
    with session(url, source.label, progress, read_only=True) as connection:
        require_stack(connection, url, source.name, project_ref)
        content = content_of(connection, source.name, None)
        return Live(content, _facts(connection, source.name, content))


def read_facts(url: Secret, record: Record) -> SourceFacts:
    """How the release of `record` did and does; raises SupacronError when the source has no such release."""
    with session(url, f"supacron gates {record.stack}"[:63], read_only=True) as connection:
        require_stack(connection, url, record.stack, None)
        content = content_of(connection, record.stack, record.release)
        if content.released.definitions_digest != record.digest:
            raise Refused(
                f"release {record.release} of {record.stack} has other definitions than the record says",
                "Promote again.",
            )
        return _facts(connection, record.stack, content)


def _facts(connection: Connection, stack: str, content: Content) -> SourceFacts:
    soaked_ms, runs, ok, never_ran = rows(
        connection, "queries/promotion_facts.sql", stack=stack, id=content.released.id
    )[0]
    ((has_alerts,),) = rows(connection, "queries/has_alerts.sql")
    alerts = tuple(name for (name,) in rows(connection, "queries/open_alerts.sql", stack=stack)) if has_alerts else None
    return SourceFacts(
        soaked_ms=soaked_ms,
        runs=runs,
        ok=ok,
        never_ran=tuple(never_ran),
        drift=drifted(stack, read_live(connection, stack, [])),
        alerts=alerts,
    )
