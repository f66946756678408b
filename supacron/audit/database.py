"""Tokens in a live database: jobs, their history, bodies of functions, arguments of triggers, pg_net's two tables.

Everything is read in the transaction of the connection that is given; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from supacron.audit.credentials import Located, find_credentials, without_credentials
from supacron.audit.findings import Audit, DatabasePlace, Fingerprints, Found, in_order, remedy_for
from supacron.render import templates

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_VAULT: Final = "read the value from Vault: (select decrypted_secret from vault.decrypted_secrets where name = ...)."
_TRANSIENT: Final = "Every role that can log in reads this table; the rows go by themselves (answers after six hours)."


@dataclass(frozen=True, slots=True)
class Source:
    """A place to look at: the query's template, the relation that must be there (None: always), and what to do."""

    name: str
    template: str
    relation: str | None
    remedy: str


SOURCES: Final = (
    Source("cron.job", "audit_jobs", "cron.job", "Take the job over: supacron adopt, then pulumi up."),
    Source("cron.job_run_details", "audit_history", "cron.job_run_details", "Redact the history: supacron scrub."),
    Source("function", "audit_functions", None, f"In the body, {_VAULT}"),
    Source("view", "audit_views", None, f"In the view, {_VAULT}"),
    Source("trigger", "audit_triggers", None, f"Call a function of your own instead of the webhook; there, {_VAULT}"),
    Source("setting", "audit_settings", None, "Reset the setting: alter database ... reset ...; use Vault."),
    Source("net.http_request_queue", "audit_queue", "net.http_request_queue", _TRANSIENT),
    Source("net._http_response", "audit_responses", "net._http_response", _TRANSIENT),
)
_ROWS_AT_A_TIME: Final = 200


def audit_database(connection: Connection, fingerprints: Fingerprints, now: datetime) -> Audit:
    """Every token at every place that is there; a place that cannot be read is listed with the reason."""
    import psycopg

    found: list[Found] = []
    looked_at: list[str] = []
    refused: list[tuple[str, str]] = []
    for source in SOURCES:
        try:
            with connection.transaction():
                if not _is_there(connection, source):
                    refused.append((source.name, "it is not there"))
                    continue
                found.extend(_aggregated(_look(connection, source, fingerprints, now)))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedColumn) as error:
            refused.append((source.name, error.diag.message_primary or "it cannot be read"))
            continue
        looked_at.append(source.name)
    ((user, sees_all),) = connection.execute(templates.sql("queries/audit_sees_all.sql").encode()).fetchall()
    if not sees_all:
        refused.append(("the jobs of other roles", f"row level security hides them from {user}: use `postgres`"))
    return Audit(in_order(found), tuple(looked_at), tuple(refused))


def _is_there(connection: Connection, source: Source) -> bool:
    if source.relation is None:
        return True
    return connection.execute("select to_regclass(%s) is not null", [source.relation]).fetchone() == (True,)


def _look(connection: Connection, source: Source, fingerprints: Fingerprints, now: datetime) -> Iterator[Found]:
    for name, part, jobid, first, last, rows, text in _rows(connection, source.template):
        shown = without_credentials(name, now)
        place = DatabasePlace(f"{source.name}{f'.{part}' if part else ''}", shown, None, jobid, first, last, rows)
        for located in find_credentials(text, now):
            credential = located.credential
            yield Found(
                replace(place, line=_line(text, located)),
                credential,
                fingerprints.of(credential),
                remedy_for(credential, source.remedy),
            )


def _rows(connection: Connection, template: str) -> Iterator[tuple[Any, ...]]:
    # A cursor of the server's: a history may be larger than this machine's memory.
    with connection.cursor(name="supacron_audit") as cursor:
        cursor.itersize = _ROWS_AT_A_TIME
        yield from cursor.execute(templates.sql(f"queries/{template}.sql").encode())


def _line(text: str, located: Located) -> int:
    return text.count("\n", 0, located.start) + 1


def _aggregated(found: Iterable[Found]) -> list[Found]:
    """One finding for a value that many rows of one job, or of one of pg_net's tables, repeat."""
    merged: dict[tuple[object, ...], Found] = {}
    for each in found:
        place = each.place
        assert isinstance(place, DatabasePlace)  # noqa: S101 -- what this module makes
        if place.first is None:
            merged[(place, each.fingerprint)] = each
            continue
        key = (place.source, place.name, place.jobid, each.fingerprint)
        known = merged.get(key)
        merged[key] = each if known is None else replace(known, place=_joined(known.place, place))
    return list(merged.values())


def _joined(one: object, other: DatabasePlace) -> DatabasePlace:
    assert isinstance(one, DatabasePlace)  # noqa: S101 -- as above
    return replace(
        one,
        first=min(one.first or 0, other.first or 0),
        last=max(one.last or 0, other.last or 0),
        rows=one.rows + (0 if (one.first, one.last) == (other.first, other.last) else other.rows),
    )
