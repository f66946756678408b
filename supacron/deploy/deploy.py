"""Deploys a stack's functions: their secrets first, which a new version may need from its first call on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from supacron.deploy.env_file import env_file
from supacron.deploy.sources import Sources, read_sources
from supacron.deploy.supabase_cli import SupabaseCli, find_cli
from supacron.errors import Refused
from supacron.model.functions import Deployment
from supacron.secret import Secret


class Progress(Protocol):
    """What a deployment tells while it runs."""

    def step(self, title: str) -> None: ...


@dataclass(frozen=True)
class Access:
    """What opens the project's Management API, and the environment that the CLI runs in."""

    token: Secret
    environ: Mapping[str, str]


def with_digests(root: Path, deployment: Deployment) -> Deployment:
    """The same, with the digests of the sources below `root`; raises InvalidInput for what is not there."""
    return deployment.with_sources(dict(read_sources(root, deployment).digests))


def deploy(
    root: Path, deployment: Deployment, values: Mapping[str, Secret], access: Access, progress: Progress
) -> list[str]:
    """Sets the secrets that have a value (by variable) and the settings, then deploys; the names of what was set.

    Raises Refused when the sources are not those of the digests, and SupacronError when the CLI fails.
    """
    sources = read_sources(root, deployment)
    program = find_cli(root, access.environ)
    changed = [slug for slug, function in deployment.functions.items() if function.sources != sources.digests[slug]]
    if changed:
        raise Refused(
            f"the sources of {', '.join(changed)} changed since this deployment was planned; nothing was deployed",
            "Run it again.",
        )
    variables = {name: Secret(text) for name, text in deployment.variables.items()} | dict(values)
    written = env_file(variables)
    with _staged(deployment, sources) as stage:
        cli = SupabaseCli(program, deployment.project_ref, access.token, stage, access.environ, tuple(values.values()))
        if variables:
            progress.step("Setting the function secrets")
            with _secret_file(stage / "secrets.env", written) as file:
                cli.set_secrets(file)
        progress.step("Deploying the functions")
        cli.deploy(sorted(deployment.functions))
    return sorted(variables)


def delete(root: Path, deployment: Deployment, access: Access) -> list[str]:
    """Deletes the functions from the project; those that were there. Raises SupacronError."""
    program = find_cli(root, access.environ)
    with tempfile.TemporaryDirectory(prefix="supacron-") as stage:
        cli = SupabaseCli(program, deployment.project_ref, access.token, Path(stage), access.environ)
        return [slug for slug in sorted(deployment.functions) if cli.delete(slug)]


@contextmanager
def _staged(deployment: Deployment, sources: Sources) -> Iterator[Path]:
    """A folder as the CLI wants it, with the files that were read: what is on disk may change meanwhile."""
    with tempfile.TemporaryDirectory(prefix="supacron-") as name:
        stage = Path(name)
        for path, content in sources.files.items():
            file = stage / "supabase" / "functions" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        (stage / "supabase" / "config.toml").write_text(_config(deployment))
        yield stage


def _config(deployment: Deployment) -> str:
    """With `verify_jwt` said, the CLI sends it, and does not ask the project for what it was."""
    return "".join(
        f"[functions.{slug}]\nverify_jwt = {str(function.verify_jwt).lower()}\n"
        for slug, function in sorted(deployment.functions.items())
    )


@contextmanager
def _secret_file(path: Path, content: Secret) -> Iterator[Path]:
    """A file that only its owner reads, for as long as it is needed."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content.reveal())
    try:
        yield path
    finally:
        path.unlink()
