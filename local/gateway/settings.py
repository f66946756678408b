"""What the gateway is told by its environment, and by functions/config.toml."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local import environment
from local.errors import LocalError

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 54321


@dataclass(frozen=True)
class Settings:
    """`database_url` is what functions get as SUPABASE_DB_URL; the gateway logs in as `authenticator` there."""

    port: int
    database_url: str
    authenticator_url: str
    functions: Path
    env_file: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def from_environment(variables: Mapping[str, str] = os.environ) -> Settings:
    """Raises LocalError when the database's URLs are not given."""
    try:
        return Settings(
            port=int(variables.get("SUPACRON_LOCAL_API_PORT", DEFAULT_PORT)),
            database_url=variables["SUPACRON_LOCAL_DATABASE_URL"],
            authenticator_url=variables["SUPACRON_LOCAL_AUTHENTICATOR_URL"],
            functions=Path(variables.get("SUPACRON_LOCAL_FUNCTIONS", REPOSITORY / "functions")),
            env_file=Path(variables.get("SUPACRON_LOCAL_ENV_FILE", environment.ENV_FILE)),
        )
    except KeyError as missing:
        raise LocalError(
            f"{missing} is not set.", "`python -m local up` starts the gateway with all that it needs."
        ) from None


def verifies_jwt(functions: Path, name: str) -> bool:
    """`verify_jwt` of the function, true unless config.toml says otherwise; read anew, so that edits count at once."""
    try:
        settings = tomllib.loads((functions / "config.toml").read_text())
    except FileNotFoundError:
        return True
    verify: bool = settings.get("functions", {}).get(name, {}).get("verify_jwt", True)
    return verify
