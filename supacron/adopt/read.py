"""What the live database has: the jobs of cron.job, who manages them, and pg_net's functions as they are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from supacron.adopt.calls import TODAYS_SIGNATURES, Signatures, every_call
from supacron.adopt.evaluate import Evaluator
from supacron.adopt.syntax import NotParsed, inner, parse
from supacron.adopt.values import Lookup, Value
from supacron.errors import Refused
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class CronRow:
    """A row of cron.job; `stack` is the one that manages it, `mine` whether the current role may change it."""

    jobid: int
    name: str | None
    schedule: str
    command: str = field(repr=False)
    active: bool
    username: str
    database: str
    mine: bool
    here: bool
    stack: str | None = None


def read_jobs(connection: Connection) -> list[CronRow]:
    """Every job; raises Refused where there is no pg_cron."""
    if not _exists(connection, "cron.job"):
        raise Refused("this database has no pg_cron, so there is no job to adopt", "Check that it is the right one.")
    owned = dict(_rows(connection, "adopt_owned")) if _exists(connection, "supacron.job") else {}
    return [replace(CronRow(*row), stack=owned.get(row[1])) for row in _rows(connection, "adopt_jobs")]


def read_signatures(connection: Connection) -> Signatures:
    """The functions of the pg_net that is installed, else those of today's."""
    found: dict[str, dict[str, Value]] = {}
    for name, parameters, with_default, defaults in _rows(connection, "adopt_signatures"):
        values = _values(defaults) if defaults else []
        plain: list[Value] = [None] * (len(parameters) - with_default)
        found[name] = dict(zip(parameters, [*plain, *values], strict=True))
    return found or TODAYS_SIGNATURES


def read_vault(connection: Connection, commands: Iterable[str], signatures: Signatures) -> dict[str, Secret]:
    """The values in Vault that URLs are built with: a project's own URL is kept there, as its documentation says."""
    names = sorted({name for command in commands for name in _names_in_urls(command, signatures)})
    if not names or not _exists(connection, "vault.decrypted_secrets"):
        return {}
    return {name: Secret(value) for name, value in _rows(connection, "adopt_vault", names=names)}


def _names_in_urls(command: str, signatures: Signatures) -> set[str]:
    found: set[str] = set()
    try:
        for call in every_call(command, signatures):
            url = call.arguments.get("url")
            pieces = call.evaluator.markers.split(url) if isinstance(url, str) else []
            found |= {piece.name for piece in pieces if isinstance(piece, Lookup)}
    except NotParsed:
        return set()
    return found


def _values(expressions: str) -> list[Value]:
    (statement,) = parse(f"select {expressions}")
    evaluator = Evaluator()
    return [evaluator.value(inner(target).val) for target in statement.target_list]


def _exists(connection: Connection, relation: str) -> bool:
    return connection.execute("select to_regclass(%s) is not null", [relation]).fetchone() == (True,)


def _rows(connection: Connection, query: str, /, **parameters: object) -> list[tuple[Any, ...]]:
    return connection.execute(templates.sql(f"queries/{query}.sql").encode(), parameters or None).fetchall()
