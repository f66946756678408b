from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.audit.claims import project_of
from supacron.audit.credentials import Credential, Severity, find_credentials
from tests.support.tokens import ACCESS_TOKEN, BEARER, PUBLISHABLE_KEY, REF, SECRET_KEY, token

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def only(text: str) -> Credential:
    (located,) = find_credentials(text, NOW)
    assert text[located.start : located.end] == located.credential.value.reveal()
    return located.credential


@pytest.mark.parametrize(
    ("text", "kind", "severity", "value"),
    [
        (token("anon"), "anon-jwt", Severity.LOW, token("anon")),
        (token("service_role"), "service-role-jwt", Severity.HIGH, token("service_role")),
        (token("supabase_admin"), "admin-jwt", Severity.HIGH, token("supabase_admin")),
        (token("authenticated"), "session-jwt", Severity.MEDIUM, token("authenticated")),
        (token(None), "jwt", Severity.MEDIUM, token(None)),
        (token("service_role", iss="supabase-demo"), "demo-jwt", Severity.LOW, None),
        (token("service_role", exp=1_600_000_000), "service-role-jwt", Severity.LOW, None),
        ("eyJhbGciOiJI.eyJicm9rZW4tanNvb.c2lnbmF0dXJl", "jwt", Severity.MEDIUM, None),
        (f"apikey: {SECRET_KEY}", "secret-key", Severity.HIGH, SECRET_KEY),
        (f"x={PUBLISHABLE_KEY};", "publishable-key", Severity.LOW, PUBLISHABLE_KEY),
        (ACCESS_TOKEN, "access-token", Severity.HIGH, ACCESS_TOKEN),
        (f"'{BEARER}letmein-1'", "bearer-token", Severity.MEDIUM, "letmein-1"),
        ('{"Authorization": "Basic dXNlcjpwYXNz"}', "key-header", Severity.MEDIUM, "Basic dXNlcjpwYXNz"),
        ("jsonb_build_object('x-cron-secret', 'Tuesday-4-horses')", "key-header", Severity.MEDIUM, "Tuesday-4-horses"),
        ('"apikey" : "abcdEFGH12"', "key-header", Severity.MEDIUM, "abcdEFGH12"),
        ("postgresql://ada:horse4battery@db.example.net/app", "url-password", Severity.HIGH, "horse4battery"),
        ("postgresql://ada:horse4battery@127.0.0.1:5432/app", "local-url-password", Severity.LOW, "horse4battery"),
    ],
)
def test_kinds(text: str, kind: str, severity: Severity, value: str | None) -> None:
    credential = only(text)
    assert (credential.kind, credential.severity) == (kind, severity)
    if value is not None:
        assert credential.value.reveal() == value


def test_a_bearer_header_with_a_jwt_is_one_finding() -> None:
    assert only(f'"Authorization": "{BEARER}{token("anon")}"').kind == "anon-jwt"


def test_what_a_jwt_says_about_itself() -> None:
    assert dict(only(token("service_role")).details) == {
        "role": "service_role",
        "project": REF,
        "issuer": "supabase",
        "issued": "2023-11-14",
        "expires": "2096-10-02",
    }


def test_an_expired_key_says_so() -> None:
    assert only(token("service_role", exp=1_600_000_000)).title == "a service_role key (JWT), expired"


@pytest.mark.parametrize(
    "claims",
    [{"exp": "soon"}, {"exp": 1e300}, {"exp": None}, {"iat": [1]}, {"role": {"x": 1}}, {"role": "a\nb"}, {"ref": 7}],
)
def test_claims_of_any_kind_are_read(claims: dict[str, Any]) -> None:
    credential = only(token(**{"role": "anon", **claims}))
    assert all(value.isprintable() for _, value in credential.details)


@pytest.mark.parametrize(
    ("claims", "ref"),
    [
        ({"ref": REF}, REF),
        ({"iss": f"https://{REF}.supabase.co/auth/v1"}, REF),
        ({"iss": "https://login.example.net"}, ""),
        ({}, ""),
    ],
)
def test_the_project_of_a_token(claims: dict[str, object], ref: str) -> None:
    assert project_of(claims) == ref


@pytest.mark.parametrize(
    "text",
    [
        f"'{BEARER}YOUR_ANON_KEY'",
        f'"{BEARER}<your-key>"',
        f"'{BEARER}your-service-key'",
        "postgresql://USER:PASSWORD@HOST:5432/postgres",
        "postgresql://postgres:[YOUR-PASSWORD]@db.example.net:5432/postgres",
        "postgresql://postgres:${PASSWORD}@db.example.net:5432/postgres",
        "postgresql://postgres:{{ password }}@db.example.net/postgres",
        "'x-cron-secret', current_setting('app.key')",
        '"x-api-key": "x-api-key"',
        "const token = await sign(payload)",
    ],
)
def test_placeholders_and_ordinary_text(text: str) -> None:
    assert list(find_credentials(text, NOW)) == []


def test_every_occurrence_is_found_in_order() -> None:
    text = f"{token('anon')} {SECRET_KEY} {token('anon')}"
    kinds = [(located.start, located.credential.kind) for located in find_credentials(text, NOW)]
    assert kinds == [
        (0, "anon-jwt"),
        (len(token("anon")) + 1, "secret-key"),
        (len(text) - len(token("anon")), "anon-jwt"),
    ]


def test_a_value_shows_in_no_text_of_its_own() -> None:
    (located,) = find_credentials(token("anon"), NOW)
    assert token("anon") not in repr(located) + str(located.credential)


@given(st.text(max_size=40), st.sampled_from([token("anon"), SECRET_KEY, ACCESS_TOKEN]), st.text(max_size=40))
def test_a_key_is_found_in_any_text(before: str, key: str, after: str) -> None:
    text = f"{before} {key} {after}"
    assert any(located.credential.value.reveal() in key for located in find_credentials(text, NOW))
