"""Sessions with a stack's database for the commands: short transactions, and errors in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from supacron.errors import Refused, SupacronError
from supacron.live.connect import connect, is_transient, masked, project_ref_of, unreachable
from supacron.live.versions import other_version
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_CONNECTION_LOST = ("08", "57P")
"""SQLSTATE classes of a connection that failed, and of a server that ends it; a network's error has no SQLSTATE."""


@contextmanager
def session(
    url: Secret, application: str, progress: Callable[[str], None] = lambda _: None, *, read_only: bool = False
) -> Iterator[Connection]:
    """A connection; with `read_only` all that it reads is of one moment, and the server refuses every write.

    Raises Unreachable when the connection fails, SupacronError for any other error of the server.
    """
    import psycopg

    with connect(url, application, progress) as connection:
        connection.read_only = read_only
        if read_only:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        try:
            set_timeouts(connection)
            yield connection
        except psycopg.Error as error:
            raise other_version(connection, error) or in_words(error, url) from None


def set_timeouts(connection: Connection) -> None:
    """The time limits of the transaction that begins here."""
    connection.execute(templates.sql("apply/timeouts.sql").encode())


def rows(connection: Connection, template: str, /, **parameters: object) -> list[tuple[Any, ...]]:
    """What the SQL of `template` returns."""
    return connection.execute(templates.sql(template).encode(), parameters or None).fetchall()


def in_words(error: psycopg.Error, url: Secret) -> SupacronError:
    """`error` for a person; DETAIL and CONTEXT, which may quote data, are left out."""
    import psycopg

    if is_transient(error) and (error.sqlstate or _CONNECTION_LOST[0]).startswith(_CONNECTION_LOST):
        return unreachable(error, url)
    text = masked(error.diag.message_primary or str(error).strip() or type(error).__name__, url)
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return SupacronError(text, "Connect as `postgres`, who owns what supacron made.")
    if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        return SupacronError(text, "The database is busy: try again, and look at pg_stat_activity if it stays so.")
    return SupacronError(text, error.diag.message_hint or f"The server said SQLSTATE {error.sqlstate}.")


def require_stack(connection: Connection, url: Secret, stack: str, project_ref: str | None) -> None:
    """Raises Refused unless this database has the stack, and is the database of `project_ref` (None: not known)."""
    named = project_ref_of(url)
    if project_ref is not None and named is not None and named != project_ref:
        raise Refused(
            f"the database URL is that of project {named}, and the stack {stack} is for project {project_ref}",
            "Give this stack's database.",
        )
    if connection.execute(b"select to_regclass('supacron.job_status') is not null").fetchone() != (True,):
        raise Refused(
            "nothing was ever applied to this database: it has no schema supacron",
            f"Run `pulumi up --stack {stack}`, or check that this is the right database.",
        )
    recorded, stacks = rows(connection, "queries/stack_here.sql")[0]
    if project_ref is not None and recorded is not None and recorded != project_ref:
        raise Refused(
            f"this database belongs to project {recorded}, and the stack {stack} is for project {project_ref}",
            "Give this stack's database.",
        )
    if stack not in stacks:
        here = f"it has: {', '.join(stacks)}" if stacks else "it has none"
        raise Refused(
            f"the stack {stack} is not applied to this database ({here})", f"Run `pulumi up --stack {stack}`."
        )
