from __future__ import annotations

from datetime import UTC, datetime

from supacron.audit.claims import ApiKey, read_api_key, time_claim
from supacron.secret import Secret
from tests.support.tokens import PUBLISHABLE_KEY, REF, SECRET_KEY, token


def test_the_forms_that_are_known() -> None:
    expires = datetime.fromtimestamp(4_000_000_000, UTC)
    assert read_api_key(Secret(token("anon"))) == ApiKey("jwt", "anon", REF, expires)
    assert read_api_key(Secret(SECRET_KEY)) == ApiKey("secret", "service_role")
    assert read_api_key(Secret(PUBLISHABLE_KEY)) == ApiKey("publishable", "anon")
    assert read_api_key(Secret("anything else")) is None
    assert read_api_key(Secret("eyJhbGciOiJub25lIn0.e30x.")) is None


def test_somebody_elses_jwt_has_no_project_and_no_role_of_ours() -> None:
    key = read_api_key(Secret(token("admin", iss="https://auth.example", exp=None)))
    assert key == ApiKey("jwt")


def test_a_time_that_is_none() -> None:
    assert time_claim({"exp": 1e300}, "exp") is None
    assert time_claim({"exp": "soon"}, "exp") is None
