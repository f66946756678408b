"""Made-up keys for tests. They are put together here, so that no file of the repository holds one in one piece."""

from __future__ import annotations

import base64
import json
from typing import Any

REF = "abcdefghijklmnopqrst"
SIGNATURE = "bm90LWEtcmVhbC1zaWduYXR1cmUtYXQtYWxsLTAwMDAwMDAw"
SECRET_KEY = "sb_" + "secret_" + "MadeUp0123456789abcdefghij_xyz"
PUBLISHABLE_KEY = "sb_" + "publishable_" + "MadeUp0123456789abcdefghij_xyz"
ACCESS_TOKEN = "sbp_" + "0123456789abcdef" * 2 + "01234567"
BEARER = "Bearer "


def token(role: Any = "anon", *, signature: str = SIGNATURE, **claims: Any) -> str:
    """A JWT like Supabase's legacy keys, with a signature that is none."""
    payload = {"iss": "supabase", "ref": REF, "iat": 1_700_000_000, "exp": 4_000_000_000}
    if role is not None:
        payload["role"] = role
    payload |= claims
    return jwt(payload, signature)


def jwt(payload: dict[str, Any], signature: str) -> str:
    return ".".join([_part({"alg": "HS256", "typ": "JWT"}), _part(payload), signature])


def _part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode().rstrip("=")
