"""Database URLs: what they name, what is wrong with them, and that no password shows."""

from __future__ import annotations

import socket

import psycopg
import pytest

from supacron.errors import Unreachable
from supacron.live.connect import connect, default_tls, is_transient, masked, project_ref_of, read_url, unreachable
from supacron.secret import Secret

PASSWORD = "p4ss/word@x"
ENCODED = "p4ss%2Fword%40x"
DIRECT = f"postgresql://postgres:{ENCODED}@db.abcdefghijklmnopqrst.supabase.co:5432/postgres"
POOLER = f"postgresql://postgres.abcdefghijklmnopqrst:{ENCODED}@aws-0-eu-west-1.pooler.supabase.com:6543/postgres"
LOCAL = "postgresql://postgres:postgres@127.0.0.1:54322/postgres"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (DIRECT, ("db.abcdefghijklmnopqrst.supabase.co:5432", "postgres", "postgres")),
        ("postgres://ann@[::1]/x", ("::1:5432", "ann", "x")),
        ("postgresql:///x?host=/run/pg&user=ann&port=7", ("/run/pg:7", "ann", "x")),
        (f"  {LOCAL}\n", ("127.0.0.1:54322", "postgres", "postgres")),
    ],
)
def test_a_url_is_read(url: str, parts: tuple[str, str, str]) -> None:
    assert read_url(Secret(url)) == parts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.com",
        "host=localhost dbname=x",
        f"postgresql://postgres:{PASSWORD}@localhost/x",
        "postgresql://postgres:pass#word@localhost/x",
        "postgresql://postgres:[pass@localhost/x",
        "postgresql://postgres:pw@localhost:port/x",
    ],
)
def test_what_is_no_url_is_said_without_quoting_it(url: str) -> None:
    with pytest.raises(Unreachable) as caught:
        read_url(Secret(url))
    assert "postgresql://USER:PASSWORD@HOST" in caught.value.message
    assert "%40" in caught.value.remedy
    assert "pass" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize(
    ("url", "ref"),
    [
        (DIRECT, "abcdefghijklmnopqrst"),
        (POOLER, "abcdefghijklmnopqrst"),
        (LOCAL, None),
        ("postgresql://postgres:x@db.example.com/postgres", None),
        ("postgresql://postgres:x@aws-0-eu-west-1.pooler.supabase.com/postgres", None),
    ],
)
def test_the_project_that_a_url_names(url: str, ref: str | None) -> None:
    assert project_ref_of(Secret(url)) == ref


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (DIRECT, {"sslmode": "require"}),
        (POOLER, {"sslmode": "require"}),
        (f"{DIRECT}?sslmode=verify-full&sslrootcert=ca.crt", {}),
        (LOCAL, {}),
    ],
)
def test_a_hosted_project_is_never_spoken_to_in_plain_text(url: str, options: dict[str, str]) -> None:
    assert default_tls(Secret(url)) == options


def test_masking_knows_both_spellings() -> None:
    text = f"tried {DIRECT}, {PASSWORD} and {ENCODED}"
    assert "p4ss" not in masked(text, Secret(DIRECT))


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('FATAL:  password authentication failed for user "postgres"', "pulumi config set --secret"),
        ("FATAL:  Tenant or user not found", "postgres.<project ref>"),
        ("connection failed: Network is unreachable", "session pooler"),
        ("could not translate host name", "typing errors"),
        ("connection refused", "runs"),
        ("", "runs"),
    ],
)
def test_each_cause_has_its_remedy(text: str, remedy: str) -> None:
    error = unreachable(psycopg.OperationalError(text), Secret(DIRECT))
    assert remedy in error.remedy
    assert "db.abcdefghijklmnopqrst.supabase.co:5432 as postgres" in error.message


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown("terminating connection"), True),
        (psycopg.errors.DeadlockDetected("deadlock"), True),
        (psycopg.errors.InvalidPassword("no"), False),
        (psycopg.OperationalError('password authentication failed for user "x"'), False),
        (psycopg.ProgrammingError("syntax"), False),
        (ValueError("x"), False),
    ],
)
def test_what_may_go_through_later(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


def test_a_server_that_is_not_there_is_tried_again_and_then_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        told: list[str] = []
        url = Secret(f"postgresql://ann:{ENCODED}@127.0.0.1:{port}/x")
        with (
            pytest.raises(Unreachable, match=f"127.0.0.1:{port} as ann") as caught,
            connect(url, "test", told.append, attempts=2),
        ):
            pass
    assert told == [f"127.0.0.1:{port} does not answer; trying again (1 of 1)"]
    assert "p4ss" not in str(caught.value)
