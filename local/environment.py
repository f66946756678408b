"""The secrets of the local stack, made once: `.local/env`, of mode 600 and ignored by git, as NAME=value lines.

`python -m local.environment` makes what is missing; a value that stands there is never changed.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import jwt

ENV_FILE = Path(__file__).resolve().parent.parent / ".local" / "env"
JWT_SECRET = "JWT_SECRET"  # noqa: S105 - a name
GENERATED = ("BATCH_PROCESSOR_KEY", JWT_SECRET)
EXAMPLE_FUNCTION = "get_queue_stats"
DEFAULTS = {"SQL_FUNCTIONS": EXAMPLE_FUNCTION}
"""What else the Edge Functions are told."""
KEY_LIFETIME_SECONDS = 10 * 365 * 86_400

Role = Literal["anon", "service_role"]


def read(path: Path = ENV_FILE) -> dict[str, str]:
    """What the file holds; empty when there is none."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def ensure(path: Path = ENV_FILE) -> dict[str, str]:
    """The file's values, after the missing ones of GENERATED and DEFAULTS were added to it."""
    values = read(path)
    missing = {name: secrets.token_urlsafe(32) for name in GENERATED if not values.get(name)}
    missing |= {name: value for name, value in DEFAULTS.items() if name not in values}
    if missing:
        values |= missing
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside it and moved, so that no reader sees half a file; secret from its first byte on.
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in values.items())
        new.replace(path)
    return values


def function_secrets(values: Mapping[str, str]) -> dict[str, str]:
    """The values that Edge Functions see: all but the one that signs keys, as on the platform."""
    return {name: value for name, value in values.items() if name != JWT_SECRET}


def api_key(secret: str, role: Role) -> str:
    """A key of the legacy kind: a JWT, signed by HS256, whose `role` is the database role of its bearer."""
    now = int(time.time())
    claims = {"iss": "supacron-local", "ref": "local", "role": role, "iat": now, "exp": now + KEY_LIFETIME_SECONDS}
    return jwt.encode(claims, secret, algorithm="HS256")


if __name__ == "__main__":
    ensure()
