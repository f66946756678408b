from __future__ import annotations

import pytest

from supacron.validate.environment import check_declared, check_environment

PROJECT = {"projectRef": "abcdefghijklmnopqrst", "projectUrl": "https://abcdefghijklmnopqrst.supabase.co"}


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://abcdefghijklmnopqrst.supabase.co:443",
        "http://localhost:54321",
        "http://[::1]:1",
    ],
)
def test_urls_of_projects(url: str) -> None:
    checked = check_environment({**PROJECT, "projectUrl": url})

    assert (checked.mistakes, checked.warnings) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "https://user@example.com",
        "https://example.com:99999",
        "https://[::1",
        "https://qrstqrstqrstqrstqrst.supabase.co",
    ],
)
def test_urls_that_are_mistakes(url: str) -> None:
    checked = check_environment({**PROJECT, "projectUrl": url})

    assert [found.path for found in checked.mistakes] == [("projectUrl",)]
    assert checked.warnings == []


def test_names_of_secrets_without_their_values() -> None:
    checked = check_environment({**PROJECT, "secrets": {"a": None, "b": {"secure": "v1:x"}}})

    assert checked.secrets == {"a", "b"}
    assert checked.mistakes == []


@pytest.mark.parametrize("value", ["host=h password=made-up", "postgres://a:made-up@h/d"])
def test_a_readable_password_is_not_repeated(value: str) -> None:
    (found,) = check_environment({**PROJECT, "databaseUrl": value}).mistakes

    assert "password" in found.message
    assert "made-up" not in found.message + found.remedy


def test_values_that_nothing_declares() -> None:
    (found,) = check_declared(frozenset({"first_kye", "used"}), {"first_key": None, "used": None})

    assert found.path == ("secrets", "first_kye")
    assert found.remedy.startswith("Did you mean `first_key`?")


def test_what_is_encrypted_stands_in_no_override() -> None:
    overrides = {"jobs": {"a": {"body": {"keys": [1, {"secure": "v1:abc"}], "secure": "word"}}}}
    checked = check_environment({**PROJECT, "overrides": overrides})

    assert [found.path for found in checked.mistakes] == [("overrides", "jobs", "a", "body", "keys", 1)]
