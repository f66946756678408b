from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supacron.audit.credentials import Credential, Severity, find_credentials
from supacron.audit.findings import Audit, DatabasePlace, Fingerprints, Found, in_order, remedy_for
from supacron.errors import Place
from tests.support.tokens import BEARER, SECRET_KEY, token

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def credential(text: str) -> Credential:
    return next(find_credentials(text, NOW)).credential


def found(place: Place | DatabasePlace, text: str = SECRET_KEY, allowed: str | None = None) -> Found:
    return Found(place, credential(text), "sha256:00000000", "Mend it.", allowed)


def test_a_random_key_has_one_fingerprint_for_good() -> None:
    assert Fingerprints().of(credential(SECRET_KEY)) == Fingerprints().of(credential(SECRET_KEY))
    assert Fingerprints().of(credential(SECRET_KEY)).startswith("sha256:")
    assert Fingerprints().of(credential(token("anon"))) != Fingerprints().of(credential(token("service_role")))


@pytest.mark.parametrize(
    "text",
    [f"'{BEARER}letmein-1'", "postgres://a:letmein-1@db.example.net/x", token("anon", signature="c2hvcnQ")],
)
def test_what_could_be_guessed_has_one_for_the_run_only(text: str) -> None:
    one, other = Fingerprints(), Fingerprints()
    assert one.of(credential(text)) == one.of(credential(text))
    assert one.of(credential(text)) != other.of(credential(text))
    assert one.of(credential(text)).startswith("run:")


def test_the_runs_key_is_in_no_representation() -> None:
    fingerprints = Fingerprints(b"the-key-of-this-run")
    assert "the-key" not in repr(fingerprints)


def test_the_worst_comes_first_and_what_is_allowed_last() -> None:
    low, high = found(Place("a", 1, 1), token("anon")), found(Place("b", 1, 1))
    quiet = found(Place("c", 1, 1), allowed="a test key")
    audit = Audit((low, quiet, high))
    assert audit.open == (high, low)
    assert audit.allowed == (quiet,)


def test_the_threshold() -> None:
    audit = Audit((found(Place("a", 1, 1), token("anon")),))
    assert audit.fails(Severity.LOW)
    assert not audit.fails(Severity.MEDIUM)
    assert not Audit((found(Place("a", 1, 1), allowed="a test key"),)).fails(Severity.LOW)


def test_audits_add_up() -> None:
    one = Audit((found(Place("a", 1, 1)),), ("1 file",), (("b", "too large"),))
    both = one + Audit(looked_at=("cron.job",))
    assert (len(both.found), both.looked_at, both.not_looked_at) == (1, ("1 file", "cron.job"), (("b", "too large"),))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (DatabasePlace("cron.job", "nightly", 2, 7), "cron.job: nightly, jobid 7, line 2"),
        (
            DatabasePlace("cron.job_run_details.command", "nightly", 1, 7, 100, 250, 151),
            "cron.job_run_details.command: nightly, jobid 7, runs 100 to 250 (151 rows)",
        ),
        (DatabasePlace("net._http_response", "", 1, None, 5, 5), "net._http_response, ids 5 (1 row)"),
        (DatabasePlace("function", "public.notify()", 4), "function: public.notify(), line 4"),
    ],
)
def test_places_in_words(place: DatabasePlace, text: str) -> None:
    assert str(place) == text


def test_order_of_places() -> None:
    places: list[Place | DatabasePlace] = [
        DatabasePlace("cron.job", "b", 1, 2),
        Place("b.sql", 1, 1),
        Place("a.sql", 10, 1),
        Place("a.sql", 9, 1),
        DatabasePlace("cron.job", "a", 1, 3),
    ]
    shown = [str(each.place) for each in in_order(found(place) for place in places)]
    assert shown == [
        "a.sql:9:1",
        "a.sql:10:1",
        "b.sql:1:1",
        "cron.job: a, jobid 3, line 1",
        "cron.job: b, jobid 2, line 1",
    ]


def test_the_remedy_names_the_place_and_then_the_key() -> None:
    remedy = remedy_for(credential(token("service_role")), "Take it out.")
    assert remedy.startswith("Take it out. Replace the key: it passes row level security.")
    assert remedy_for(credential(f"'{BEARER}letmein-1'"), "Take it out.").endswith("it was readable here.")
