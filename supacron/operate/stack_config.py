"""A stack's encrypted config, through Pulumi. A value goes in by standard input: no command line ever holds it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from supacron.errors import SupacronError
from supacron.load.project import PROJECT_FILE
from supacron.operate.target import Target, project_of
from supacron.secret import Secret

SECONDS: Final = 120
"""A backend in the cloud and a key service may take a while; one that hangs must not."""
_SECRETS: Final = "supacron:secrets"
_ACCESS_TOKEN: Final = "supacron:accessToken"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Pulumi:
    """The program, and the project's folder to run it in."""

    program: str
    project: Path


def find_pulumi(target: Target, environ: Mapping[str, str]) -> Pulumi:
    """Raises SupacronError where the stack's config cannot be reached."""
    program = shutil.which("pulumi", path=environ.get("PATH"))
    if program is None:
        raise SupacronError(
            "pulumi is not on PATH, so the keys cannot be encrypted; nothing was written", "Install Pulumi."
        )
    project = project_of(target)
    if project is None:
        raise SupacronError(
            f"no {PROJECT_FILE} above {target.directory}, so Pulumi cannot encrypt the keys; nothing was written",
            "Run it in the project, or say --directory.",
        )
    return Pulumi(program, project)


def store_keys(target: Target, keys: Mapping[str, Secret], environ: Mapping[str, str]) -> None:
    """`pulumi config set --secret --path supacron:secrets.NAME` for each; raises SupacronError."""
    if not keys:
        return
    pulumi = find_pulumi(target, environ)
    for name, value in keys.items():
        arguments = ["config", "set", "--secret", "--path", f"{_SECRETS}.{name}", "--stack", target.stack]
        _run(pulumi, arguments, target, environ, what=f"store the key {name}", value=value)


def replace_key(target: Target, name: str, value: Secret, environ: Mapping[str, str]) -> Callable[[], None]:
    """Stores one key; returns what puts the stack's config back as it was. Raises SupacronError."""
    path = target.directory / f"Pulumi.{target.name}.yaml"
    before = path.read_bytes()
    store_keys(target, {name: value}, environ)
    return lambda: _write(path, before)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def read_keys(target: Target, environ: Mapping[str, str]) -> dict[str, Secret]:
    """The decrypted `supacron:secrets`; raises SupacronError."""
    values = _decrypted(target, environ).get(_SECRETS, {}).get("objectValue") or {}
    return {name: Secret(value) for name, value in values.items() if isinstance(value, str) and value}


def read_access_token(target: Target, environ: Mapping[str, str]) -> Secret | None:
    """The decrypted `supacron:accessToken`, None where there is none; raises SupacronError."""
    value = _decrypted(target, environ).get(_ACCESS_TOKEN, {}).get("value")
    return Secret(value) if value else None


def _decrypted(target: Target, environ: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    arguments = ["config", "--show-secrets", "--json", "--stack", target.stack]
    text = _run(find_pulumi(target, environ), arguments, target, environ, what=f"decrypt the config of {target.name}")
    entries: dict[str, dict[str, Any]] = json.loads(text)
    return entries


def _run(
    pulumi: Pulumi,
    arguments: Sequence[str],
    target: Target,
    environ: Mapping[str, str],
    *,
    what: str,
    value: Secret | None = None,
) -> str:
    """What Pulumi printed; `value` goes to its standard input and is masked in what it says."""
    given = value.reveal() if value is not None else ""
    try:
        done = subprocess.run(
            [pulumi.program, "--non-interactive", *arguments],
            cwd=pulumi.project,
            env=dict(environ),
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SupacronError(
            f"pulumi did not {what} within {SECONDS} s", "Check its backend (`pulumi whoami -v`)."
        ) from None
    if done.returncode != 0:
        said = value.mask_in(done.stderr) if value is not None else done.stderr
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        reason = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")
        raise SupacronError(f"pulumi does not {what}: {reason.removeprefix('error:').strip()}", _remedy(reason, target))
    return done.stdout


def _remedy(reason: str, target: Target) -> str:
    if "no stack named" in reason:
        return f"Make the stack first: pulumi stack init {target.stack}"
    if "passphrase" in reason:
        return "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE)."
    return f"Try `pulumi stack --stack {target.stack}`."
