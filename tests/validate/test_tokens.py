from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.validate.tokens import Token, find_in_data, find_in_lines, find_in_text, may_hold_token

JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoiYW5vbiJ9.bm90LWEtcmVhbC1zaWduYXR1cmU"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (JWT, ["a JWT"]),
        (f"Bearer {JWT}", ["a JWT"]),
        (JWT[:60], ["a JWT"]),
        ("sb_secret_madeupmadeup", ["a Supabase key"]),
        ("sb_publishable_madeupmadeup", ["a Supabase key"]),
        ("sbp_" + "0123456789abcdef" * 2, ["a Supabase key"]),
        ("Authorization: Bearer letmein", ["a bearer token"]),
        ("'authorization', 'Bearer letmein'", ["a bearer token"]),
        ("curl -H 'x: y' Bearer madeup-madeup-1", ["a bearer token"]),
        ("postgres://postgres:made-up@db.example.com:5432/postgres", ["a URL with a password"]),
        (f"{JWT} sb_secret_madeupmadeup", ["a JWT", "a Supabase key"]),
        ("Bearer authentication", []),
        ("'Bearer ' || secret", []),
        ("'Bearer token'", []),
        ("Authorization: Bearer <key>", []),
        ("Authorization: Bearer $KEY", []),
        ("sb_secret_", []),
        ("eyJ", []),
        ("https://example.com/@user", []),
        ("me@example.com", []),
        ("postgres://postgres@db.example.com", []),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in find_in_text(text)] == kinds


def test_tokens_in_data() -> None:
    data = {"a": [1, {"b": f"x {JWT}"}], "sb_secret_madeupmadeup": None, "secure": "sb_secret_madeup_here", "c": 1.5}

    found = {(token.path, token.at_key, token.kind) for token in find_in_data(data)}

    assert found == {
        (("a", 1, "b"), False, "a JWT"),
        (("sb_secret_madeupmadeup",), True, "a Supabase key"),
        (("secure",), False, "a Supabase key"),
    }


def test_what_pulumi_encrypted_is_skipped() -> None:
    assert list(find_in_data({"key": {"secure": JWT}})) == []


def test_tokens_in_lines() -> None:
    assert list(find_in_lines(f"a: 1\n  # {JWT}\n")) == [(2, 5, "a JWT", JWT)]
    assert list(find_in_lines("a: 1\n")) == []


def test_a_token_does_not_show_itself() -> None:
    assert JWT not in repr(Token("a JWT", JWT, ("a",)))


@given(st.text(), st.sampled_from([JWT, "sb_secret_madeupmadeup", "https://a:made-up@b"]), st.text())
def test_a_token_is_found_wherever_it_stands(before: str, token: str, after: str) -> None:
    text = f"{before} {token} {after}"

    assert may_hold_token(text)
    assert any(token in value or value in token for _, value in find_in_text(text))
