from __future__ import annotations

import pytest

from supacron.operate.outcomes import in_words, remedy


@pytest.mark.parametrize(
    ("outcome", "status", "error", "words"),
    [
        (None, None, None, "no answer yet"),
        ("waiting", None, None, "no answer yet"),
        ("ok", 204, None, "ok, HTTP 204"),
        ("ok", None, None, "ok"),
        ("http_error", 401, None, "refused or failed with HTTP 401"),
        ("failed", None, "Couldn't connect to server", "failed: Couldn't connect to server"),
        ("failed", None, None, "failed"),
    ],
)
def test_outcomes_in_words(outcome: str | None, status: int | None, error: str | None, words: str) -> None:
    assert in_words(outcome, status, error) == words


def test_a_lost_request_and_a_slow_answer_are_told_apart() -> None:
    assert "never sent" in in_words("no_response", None, None)
    assert "timeout" in in_words("timed_out", None, None)


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (401, "the key of secret batch_key"),
        (403, "the key of secret batch_key"),
        (404, "http://x/f"),
        (405, "method"),
        (429, "longer interval"),
        (400, "body"),
        (500, "logs"),
        (546, "logs"),
    ],
)
def test_each_status_has_its_remedy(status: int, part: str) -> None:
    assert part in remedy("http_error", status, secrets=["batch_key"], url="http://x/f")


def test_a_refused_call_without_a_key_is_told_to_send_one() -> None:
    assert "auth:" in remedy("http_error", 401, secrets=[], url="http://x/f")


@pytest.mark.parametrize("outcome", ["timed_out", "no_response", "failed"])
def test_every_bad_outcome_has_a_remedy(outcome: str) -> None:
    assert remedy(outcome, None, secrets=[], url=None)


@pytest.mark.parametrize("outcome", ["ok", None, "waiting"])
def test_a_good_or_unknown_outcome_needs_none(outcome: str | None) -> None:
    assert remedy(outcome, None, secrets=[], url=None) == ""
