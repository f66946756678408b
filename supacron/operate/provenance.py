"""Who applies what, from which commit and from where, for the ledger. Nothing here is an input of a Pulumi resource:
it differs from machine to machine.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from supacron.load.source import digest_of
from supacron.load.yaml_source import parse_bytes
from supacron.model.desired import Source
from supacron.operate.environment import waived_gates
from supacron.operate.person import current_person
from supacron.plan.release import Provenance

_CI_RUNS: Final = ("CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL", "BUILDKITE_BUILD_URL")
"""GitLab's, Jenkins', CircleCI's and Buildkite's variable for the page of a run."""
_CI_PEOPLE: Final = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "CIRCLE_USERNAME", "BUILDKITE_BUILD_CREATOR")
_SECONDS: Final = 20


def provenance_of(source: Source | None, folder: Path, environ: Mapping[str, str]) -> Provenance:
    """What this process knows; `folder` is the project's. Whatever cannot be found out is None."""
    commit = git(folder, "rev-parse", "--verify", "HEAD")
    changed = git(folder, "status", "--porcelain") if commit else None
    return Provenance(
        definitions=read_definitions(source, folder),
        git_commit=commit.strip() if commit else None,
        git_clean=None if changed is None else not changed.strip(),
        applied_by=next((environ[name] for name in _CI_PEOPLE if environ.get(name)), None) or current_person(),
        applied_from=platform.node() or None,
        ci_run=_ci_run(environ),
        waived=waived_gates(environ),
    )


def read_definitions(source: Source | None, folder: Path) -> str | None:
    """The text of the stack's file; None when there is none, or when it holds something else than what is applied."""
    if source is None or source.file is None:
        return None
    try:
        read = parse_bytes((folder / source.file).read_bytes(), source.file)
    except OSError:
        return None
    return read.text if not read.problems and digest_of(read.data) == source.digest else None


def git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None where there is no git, no repository, or no such thing in it."""
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "--no-optional-locks", "-C", str(folder), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def _ci_run(environ: Mapping[str, str]) -> str | None:
    parts = [environ.get(name) for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")]
    if all(parts):
        server, repository, run = parts
        return f"{server}/{repository}/actions/runs/{run}"
    return next((environ[name] for name in _CI_RUNS if environ.get(name)), None)
