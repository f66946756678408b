"""One transaction that is locked against other applies, tried again when the connection fails, and never half done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from supacron.errors import Refused, SupacronError
from supacron.live.connect import connect, is_transient, unreachable
from supacron.live.versions import other_version
from supacron.plan.step import Statement, Step
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

ATTEMPTS = 3
CONNECT_ATTEMPTS = 7
"""About 20 s: a server that restarts, or fails over, is away for that long."""
LOCK_WAIT_SECONDS = 120
_T = TypeVar("_T")


class Progress(Protocol):
    """Is told how an apply goes."""

    def step(self, title: str) -> None:
        """The next step starts."""

    def notice(self, text: str) -> None:
        """Something that a person should know at once: waiting, trying again."""


class _Lost(Exception):
    """The connection failed after the transaction had begun; whether it was committed is not known."""

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__(str(error))
        self.error = error


def run_locked(
    url: Secret,
    application: str,
    work: Callable[[Connection], _T],
    *,
    was_done: Callable[[Connection], _T | None],
    progress: Progress,
    after: Callable[[Connection, _T], None] | None = None,
    lock_wait_seconds: float = LOCK_WAIT_SECONDS,
) -> _T:
    """Runs `work` in a transaction under the apply lock of the database, and commits.

    When the connection fails, the transaction is rolled back by the server, or was committed without our hearing of
    it: `was_done` looks, on a new connection and under the lock, before `work` is run again. `after` is called
    once it is committed, without the lock.
    Raises Unreachable, Refused (another apply holds the lock for too long), or what `work` raises.
    """
    for attempt in range(1, ATTEMPTS + 1):
        with connect(url, application, progress.notice, attempts=CONNECT_ATTEMPTS) as connection:
            try:
                result = _attempt(connection, work, was_done if attempt > 1 else None, progress, lock_wait_seconds)
            except _Lost as lost:
                if attempt == ATTEMPTS:
                    raise _given_up(lost.error, url) from None
                what = "other work got in the way" if _is_conflict(lost.error) else "the connection was lost"
                progress.notice(f"{what}; trying again ({attempt} of {ATTEMPTS - 1})")
            else:
                if after is not None:
                    after(connection, result)
                return result
    raise AssertionError("unreachable")  # pragma: no cover -- the loop returns or raises


def run_steps(connection: Connection, steps: Iterable[Step], hide: Iterable[Secret], progress: Progress) -> None:
    """Executes `steps`; an error is raised as SupacronError with the step's title, and the values of `hide` masked."""
    import psycopg

    for step in steps:
        progress.step(step.title)
        try:
            for statement in step.statements:
                _execute(connection, statement)
        except psycopg.Error as error:
            if _is_lost(connection, error):
                raise
            raise _failed(step.title, error, hide) from None


def _attempt(
    connection: Connection,
    work: Callable[[Connection], _T],
    was_done: Callable[[Connection], _T | None] | None,
    progress: Progress,
    lock_wait_seconds: float,
) -> _T:
    import psycopg

    doing = "read the database"
    try:
        _lock(connection, progress, lock_wait_seconds)
        connection.execute(templates.sql("apply/timeouts.sql").encode())
        done = was_done(connection) if was_done else None
        if done is not None:
            return done
        result = work(connection)
        doing = "commit"
        connection.commit()
        return result
    except psycopg.Error as error:
        if _is_lost(connection, error):
            raise _Lost(error) from None
        raise other_version(connection, error) or _failed(doing, error, ()) from None


def _is_lost(connection: Connection, error: psycopg.Error) -> bool:
    return is_transient(error) and (connection.closed or _is_conflict(error))


def _given_up(error: psycopg.Error, url: Secret) -> SupacronError:
    return _failed("finish the transaction", error, ()) if _is_conflict(error) else unreachable(error, url)


def _is_conflict(error: psycopg.Error) -> bool:
    """A deadlock or a serialisation failure: the connection is usable, but the transaction is gone all the same."""
    return (error.sqlstate or "").startswith("40")


def _lock(connection: Connection, progress: Progress, wait_seconds: float) -> None:
    import psycopg

    if _row(connection, "apply/try_lock.sql")[0]:
        return
    holders = connection.execute(templates.sql("apply/lock_holder.sql").encode()).fetchall()
    who = ", ".join(f"{name or 'unnamed'} (pid {pid}, for {age})" for name, pid, age in holders) or "another client"
    progress.notice(f"waiting for another apply: {who}, at most {wait_seconds:g} s")
    _row(connection, "apply/wait_for_lock.sql", milliseconds=str(max(1, int(wait_seconds * 1000))))
    try:
        connection.execute(templates.sql("apply/lock.sql").encode())
    except psycopg.errors.LockNotAvailable:
        raise Refused(
            f"another apply holds the lock for more than {wait_seconds:g} s: {who}",
            "Let it end and try again. If it hangs, end its connection: select pg_terminate_backend(PID).",
        ) from None


def _row(connection: Connection, template: str, **parameters: object) -> tuple[Any, ...]:
    row = connection.execute(templates.sql(template).encode(), parameters or None).fetchone()
    return row or ()


def _execute(connection: Connection, statement: Statement) -> None:
    with connection.cursor() as cursor:
        if statement.rows is None:
            cursor.execute(statement.sql.encode())
            return
        with cursor.copy(statement.sql.encode()) as copy:
            for row in statement.rows:
                copy.write_row([value.reveal() if isinstance(value, Secret) else value for value in row])


def _failed(doing: str, error: psycopg.Error, hide: Iterable[Secret]) -> SupacronError:
    import psycopg

    # Not str(error): DETAIL and CONTEXT may quote data.
    text = error.diag.message_primary or type(error).__name__
    hint = error.diag.message_hint or ""
    for secret in hide:
        text, hint = secret.mask_in(text), secret.mask_in(hint)
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        hint = (
            "On Supabase connect as `postgres`, and enable extensions under Database, Extensions. "
            "Elsewhere the role needs USAGE on the schemas cron, net and vault, and CREATE on the database."
        )
    return SupacronError(
        f"could not {doing}: {text} (SQLSTATE {error.sqlstate}). Nothing was written.",
        hint or "The transaction was rolled back; mend the cause and run `pulumi up` again.",
    )
