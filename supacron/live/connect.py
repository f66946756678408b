"""One connection to the database of a stack, with clear errors that never hold the URL's password."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from supacron.errors import Unreachable
from supacron.secret import MASK, Secret

if TYPE_CHECKING:
    import psycopg

CONNECT_TIMEOUT_SECONDS = 10
ATTEMPTS = 4
_LASTING = ("28", "3D", "42")
"""SQLSTATE classes that a second try does not mend: authorisation, no such database, access rule."""
_LASTING_WORDS = (
    "authentication failed",
    "password",
    "no pg_hba.conf entry",
    "does not exist",
    "Tenant or user not found",
)


def read_url(url: Secret) -> tuple[str, str, str]:
    """Host, user and database of `url`, none of which is secret. Raises Unreachable when it is no Postgres URL."""
    parts, port = _split(url)
    query = dict(parse_qsl(parts.query))
    host = parts.hostname or query.get("host", "localhost")
    return (
        f"{host}:{port or query.get('port', '5432')}",
        unquote(parts.username or query.get("user", "")),
        parts.path.lstrip("/") or query.get("dbname", ""),
    )


def _split(url: Secret) -> tuple[SplitResult, int | None]:
    """The URL's parts; raises Unreachable, which quotes none of it, for what would be read in pieces."""
    try:
        parts = urlsplit(url.reveal().strip())
        port = parts.port
    except ValueError:
        # Not its text: where the password has a `/`, `[` or `#`, that quotes it.
        raise _not_a_url() from None
    inside = parts.netloc.count("@")
    # An `@`, `/`, `?` or `#` of the password that is not encoded would make half of it a host or a database.
    cut = inside > 1 or "@" in parts.path + parts.fragment or (not inside and "@" in parts.query)
    if parts.scheme not in ("postgres", "postgresql") or parts.netloc.endswith(":") or parts.fragment or cut:
        raise _not_a_url()
    return parts, port


def _not_a_url() -> Unreachable:
    return Unreachable(
        "the database URL is not of the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "Copy it from the dashboard (Connect, Session pooler), with the password in place of [YOUR-PASSWORD], brackets "
        "included; encode the password's special characters: @ is %40, / is %2F, # is %23, ? is %3F.",
    )


def project_ref_of(url: Secret) -> str | None:
    """The Supabase project ref that a database URL names (direct or pooler), or None when it names none."""
    host, user, _ = read_url(url)
    name = host.rsplit(":", 1)[0]
    labels = name.split(".")
    if len(labels) == 4 and labels[0] == "db" and labels[2] == "supabase":
        return labels[1]
    if name.endswith(".pooler.supabase.com") and "." in user:
        return user.split(".", 1)[1]
    return None


@contextmanager
def connect(
    url: Secret, application: str, on_wait: Callable[[str], None] = lambda _: None, *, attempts: int = ATTEMPTS
) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection outside of autocommit, without prepared statements (a transaction pooler has none).

    A connection that cannot be made for a passing reason is tried again with backoff; `on_wait` is told.
    """
    connection = _open(url, application, on_wait, attempts)
    try:
        yield connection
    finally:
        connection.close()


def _open(
    url: Secret, application: str, on_wait: Callable[[str], None], attempts: int
) -> psycopg.Connection[tuple[Any, ...]]:
    import psycopg
    from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

    host, _, _ = read_url(url)

    def tell(state: RetryCallState) -> None:
        on_wait(f"{host} does not answer; trying again ({state.attempt_number} of {attempts - 1})")

    retrying = Retrying(
        retry=retry_if_exception(is_transient),
        stop=stop_after_attempt(attempts),
        wait=wait_exponential(multiplier=0.5, max=5) + wait_random(0, 0.5),
        before_sleep=tell,
        reraise=True,
    )
    try:
        connection = retrying(
            psycopg.connect,
            url.reveal().strip(),
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name=application,
            prepare_threshold=None,
            **default_tls(url),
        )
    except psycopg.Error as error:
        raise unreachable(error, url) from None
    # Whatever the database's default is: after waiting for the lock, what the other apply wrote must be seen.
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    return connection


def default_tls(url: Secret) -> dict[str, str]:
    """sslmode=require for a hosted project whose URL says nothing: libpq would fall back to plain text."""
    host, _, _ = read_url(url)
    name = host.rsplit(":", 1)[0]
    says = "PGSSLMODE" in os.environ or "sslmode" in dict(parse_qsl(_split(url)[0].query))
    return {} if says or not name.endswith((".supabase.co", ".supabase.com")) else {"sslmode": "require"}


def is_transient(error: BaseException) -> bool:
    """Whether the same call may go through later: the network, a server that starts, stops or is full."""
    import psycopg

    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate or ""
    return not state.startswith(_LASTING) and not any(word in str(error) for word in _LASTING_WORDS)


def unreachable(error: psycopg.Error, url: Secret) -> Unreachable:
    """`error` in words, with the remedy for the usual causes, and without the password."""
    host, user, _ = read_url(url)
    text = masked(str(error), url).strip()
    # Further lines are libpq's hints, and the same again for each address.
    reason = text.splitlines()[0].removeprefix("connection failed: ") if text else type(error).__name__
    if "password" in text or "authentication" in text:
        remedy = (
            f"The password for {user or 'the user'} is wrong or was reset: set it anew with "
            "`pulumi config set --secret supacron:databaseUrl`, or in SUPACRON_DATABASE_URL where that is used."
        )
    elif "Tenant or user not found" in text:
        remedy = "The pooler does not know this project: check its region, and that the user is postgres.<project ref>."
    elif "Network is unreachable" in text and ".supabase.co" in host:
        remedy = (
            "db.<ref>.supabase.co has IPv6 only: use the session pooler's URL (dashboard: Connect, Session pooler)."
        )
    elif "could not translate" in text or "Name or service" in text or "resolve" in text:
        remedy = "The host's name is not known: check it for typing errors, and that the project is not paused."
    else:
        remedy = "Check that the database runs and that this machine may reach it."
    return Unreachable(f"cannot connect to {host} as {user or '(no user)'}: {reason}", remedy)


def masked(text: str, url: Secret) -> str:
    """`text` without the URL and without its password, in either spelling."""
    parts, _ = _split(url)
    password = parts.password or dict(parse_qsl(parts.query)).get("password")
    text = url.mask_in(text)
    for spelling in {password, unquote(password)} if password else set():
        text = text.replace(spelling, MASK)
    return text
