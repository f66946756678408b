"""What an API key says about itself. Nothing is verified or sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from supacron.secret import Secret

_ISSUER_REF: Final = re.compile(r"https?://([a-z0-9]{20})\.supabase\.(?:co|in)\b")
_JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key whose form is known. `role` and `project` are empty where it does not say; only a JWT expires."""

    kind: Literal["jwt", "secret", "publishable"]
    role: str = ""
    project: str = ""
    expires_at: datetime | None = None


def read_api_key(value: Secret) -> ApiKey | None:
    """The key that `value` is; None for a value of any other form."""
    text = value.reveal().strip()
    if text.startswith("sb_secret_"):
        return ApiKey("secret", role="service_role")
    if text.startswith("sb_publishable_"):
        return ApiKey("publishable", role="anon")
    claims = claims_of(text) if _JWT.fullmatch(text) else None
    if claims is None:
        return None
    # Anybody's JWT may have a `ref`, or a role of its own.
    issuer = text_claim(claims, "iss")
    ours = issuer == "supabase" or _ISSUER_REF.match(issuer) is not None
    return ApiKey(
        "jwt",
        role=text_claim(claims, "role") if ours else "",
        project=project_of(claims) if ours else "",
        expires_at=time_claim(claims, "exp"),
    )


def claims_of(jwt_text: str) -> dict[str, Any] | None:
    """A JWT's payload; None when it does not decode."""
    import jwt

    try:
        decoded = jwt.decode(jwt_text, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    return dict(decoded)


def project_of(claims: dict[str, Any]) -> str:
    """The project's ref: its own claim in an API key, part of the issuer in a user's token; empty when not said."""
    if ref := text_claim(claims, "ref"):
        return ref
    match = _ISSUER_REF.match(text_claim(claims, "iss"))
    return match[1] if match else ""


def text_claim(claims: dict[str, Any], name: str) -> str:
    """A claim for showing: a token of somebody else's making can hold anything."""
    claim = claims.get(name)
    return claim[:100] if isinstance(claim, str) and claim.isprintable() else ""


def time_claim(claims: dict[str, Any], name: str) -> datetime | None:
    """A claim of seconds since 1970; None when it is absent or no such number."""
    claim = claims.get(name)
    try:
        return datetime.fromtimestamp(float(claim), UTC) if isinstance(claim, int | float) else None
    except (OverflowError, OSError, ValueError):
        return None
