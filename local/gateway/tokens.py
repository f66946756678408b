"""Who calls: the JWT of a request, checked against the local secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt


class MissingToken(Exception):
    """The request carries no token."""


class InvalidToken(Exception):
    """The token is malformed, signed with another secret, or expired."""


def bearer(headers: Mapping[str, str]) -> str | None:
    """The token of `Authorization: Bearer`, None where there is none."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def claims(token: str | None, secret: str) -> dict[str, Any]:
    """The token's claims; raises MissingToken or InvalidToken."""
    if not token:
        raise MissingToken
    try:
        return jwt.decode(token, secret, algorithms=["HS256"], options={"verify_aud": False})
    except jwt.ExpiredSignatureError:
        raise InvalidToken("JWT expired") from None
    except jwt.InvalidTokenError as error:
        raise InvalidToken(f"JWT invalid: {error}") from None
