"""Where a stack is: the folder with its files, its project, and its database."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from supacron.errors import SupacronError
from supacron.load.project import PROJECT_FILE, project_folder
from supacron.operate.environment import USER_URL
from supacron.secret import Secret

STACKS = "stacks"
PULUMI_SECONDS = 60
"""A backend in the cloud and a key service may take a while; one that hangs must not."""
DATABASE_KEY = "supacron:databaseUrl"


class Usage(SupacronError):
    """The command line does not say enough."""

    exit_code = SupacronError.exit_code.USAGE


@dataclass(frozen=True, slots=True)
class Target:
    """A stack by its name (perhaps `org/project/stack`), and the folder that holds its two files."""

    directory: Path
    stack: str

    @property
    def name(self) -> str:
        """The stack's own name, by which its files and the database know it."""
        return self.stack.rsplit("/", 1)[-1]

    @property
    def label(self) -> str:
        """How a connection of ours names itself in pg_stat_activity; the server cuts at 63 bytes."""
        return f"supacron {self.name}"[:63]


def find_directory(given: Path | None, start: Path) -> Path:
    """The folder of the stacks' files: as given, else `stacks/` beside the nearest Pulumi.yaml above `start`.

    Without any Pulumi.yaml it is `stacks/` in `start`, there or not.
    """
    if given is not None:
        return given
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return _shortest(folder / STACKS, start)
    return Path(STACKS)


def _shortest(path: Path, start: Path) -> Path:
    # Messages and editors like `stacks/prod.yaml` better than the whole path.
    return path.relative_to(start) if path.is_relative_to(start) else path


def stacks_in(directory: Path) -> list[str]:
    """The stacks that have a file in `directory`."""
    return sorted(path.stem for path in directory.glob("*.yaml") if not path.name.startswith("Pulumi."))


def choose(directory: Path, stack: str | None) -> Target:
    """The stack that is meant; raises Usage, naming those that exist, when none was said."""
    if stack:
        return Target(directory, stack)
    known = stacks_in(directory)
    remedy = f"Say --stack with one of: {', '.join(known)}" if known else "Write one with: supacron init ENV"
    raise Usage("which stack?", f"{remedy} (or set SUPACRON_STACK).")


def project_of(target: Target) -> Path | None:
    """The folder of the Pulumi project that the stack belongs to: the nearest one with a Pulumi.yaml."""
    return project_folder(target.directory)


def root_of(target: Target) -> Path:
    """Where the relative paths of a stack's file begin: the project's folder, else the one above the stacks' files."""
    return project_of(target) or target.directory.resolve().parent


def database_url(target: Target, environ: Mapping[str, str]) -> Secret:
    """The stack's database: SUPACRON_DATABASE_URL, else what `pulumi config get` says in the project's folder.

    Raises SupacronError in words; what Pulumi printed on standard output is in no message.
    """
    if value := environ.get(USER_URL):
        return Secret(value)
    project = project_of(target)
    if project is None:
        raise SupacronError(
            f"no {PROJECT_FILE} above {target.directory}, so Pulumi cannot be asked for the database",
            f"Set {USER_URL}, or say --directory.",
        )
    return _from_pulumi(target.stack, project, environ)


def _from_pulumi(stack: str, project: Path, environ: Mapping[str, str]) -> Secret:
    pulumi = shutil.which("pulumi", path=environ.get("PATH"))
    if pulumi is None:
        raise SupacronError("pulumi is not on PATH, and no database is given", f"Install Pulumi, or set {USER_URL}.")
    try:
        done = subprocess.run(
            [pulumi, "--non-interactive", "config", "get", DATABASE_KEY, "--stack", stack],
            cwd=project,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PULUMI_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SupacronError(
            f"pulumi did not tell the database of {stack} within {PULUMI_SECONDS} s",
            f"Check its backend (`pulumi whoami -v`), or set {USER_URL}.",
        ) from None
    value = done.stdout.strip()
    if done.returncode == 0 and value:
        return Secret(value)
    raise _refused(stack, done.stderr)


def _refused(stack: str, stderr: str) -> SupacronError:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    reason = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")
    reason = reason.removeprefix("error:").strip()
    if "not found for stack" in reason or not lines:
        return SupacronError(
            f"the stack {stack} has no database",
            f"Run `pulumi config set --stack {stack} --secret {DATABASE_KEY}`, or set {USER_URL}.",
        )
    if "no stack named" in reason:
        remedy = f"Make it with `pulumi stack init {stack}`, or set {USER_URL}."
    elif "passphrase" in reason:
        remedy = f"Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE), or set {USER_URL}."
    elif "PULUMI_ACCESS_TOKEN" in reason or "login" in reason:
        remedy = f"Log in to the state backend (`pulumi login`), or set {USER_URL}."
    else:
        remedy = f"Try `pulumi stack --stack {stack}`, or set {USER_URL}."
    return SupacronError(f"pulumi does not tell the database of {stack}: {reason}", remedy)
