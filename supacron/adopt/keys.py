"""Puts keys into a stack's encrypted config. A value goes through standard input: no command line ever holds it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from supacron.errors import SupacronError
from supacron.operate.target import PROJECT_FILE, Target
from supacron.secret import Secret

SECONDS: Final = 120
"""A backend in the cloud and a key service may take a while; one that hangs must not."""


def store_keys(target: Target, keys: Mapping[str, Secret], environ: Mapping[str, str]) -> None:
    """`pulumi config set --secret --path supacron:secrets.NAME` for each; raises SupacronError."""
    if not keys:
        return
    pulumi = shutil.which("pulumi", path=environ.get("PATH"))
    if pulumi is None:
        raise SupacronError(
            "pulumi is not on PATH, so the keys cannot be encrypted; nothing was written", "Install Pulumi."
        )
    start = target.directory.resolve()
    project = next((folder for folder in (start, *start.parents) if (folder / PROJECT_FILE).is_file()), None)
    if project is None:
        raise SupacronError(
            f"no {PROJECT_FILE} above {target.directory}, so Pulumi cannot encrypt the keys; nothing was written",
            "Run it in the project, or say --directory.",
        )
    for name, value in keys.items():
        _store(pulumi, project, target, name, value, environ)


def _store(pulumi: str, project: Path, target: Target, name: str, value: Secret, environ: Mapping[str, str]) -> None:
    arguments = ["config", "set", "--secret", "--path", f"supacron:secrets.{name}", "--stack", target.stack]
    try:
        done = subprocess.run(
            [pulumi, "--non-interactive", *arguments],
            cwd=project,
            env=dict(environ),
            input=value.reveal(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SupacronError(
            f"pulumi did not store the key {name} within {SECONDS} s", "Check its backend (`pulumi whoami -v`)."
        ) from None
    if done.returncode != 0:
        lines = [line.strip() for line in value.mask_in(done.stderr).splitlines() if line.strip()]
        reason = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")
        raise SupacronError(
            f"pulumi does not store the key {name}: {reason.removeprefix('error:').strip()}", _remedy(reason, target)
        )


def _remedy(reason: str, target: Target) -> str:
    if "no stack named" in reason:
        return f"Make the stack first: pulumi stack init {target.stack}"
    if "passphrase" in reason:
        return "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE)."
    return f"Try `pulumi stack --stack {target.stack}`."
