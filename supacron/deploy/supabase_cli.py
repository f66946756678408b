"""The Supabase CLI: found, run with nothing of the user's own set-up, and never heard without its secrets masked."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from supacron.errors import SupacronError
from supacron.secret import Secret

TOKEN: Final = "SUPABASE_ACCESS_TOKEN"  # noqa: S105 - a name
PROFILE: Final = "SUPABASE_PROFILE"
SECONDS: Final = 600
"""The platform bundles what is uploaded; a CLI that hangs must not."""
_OURS: Final = ("SUPABASE_", "SUPACRON_", "PULUMI_")
_NOISE: Final = re.compile(r"Uploading asset|Deploying Function|Try rerunning|Using workdir|\s*$")
_MOST_LINES: Final = 8
_WORTH_MASKING: Final = 8


def find_cli(root: Path, environ: Mapping[str, str]) -> str:
    """The project's own, else the one on PATH; raises SupacronError when there is none."""
    for own in (root / "node_modules" / ".bin" / "supabase", root / ".tools" / "bin" / "supabase"):
        if own.is_file():
            return str(own.resolve() if own.is_symlink() else own.absolute())
    found = shutil.which("supabase", path=environ.get("PATH"))
    if found is None:
        raise SupacronError(
            "the Supabase CLI is not installed, so the functions cannot be deployed",
            "Run tools/supabase-cli (in a clone of supacron), or `npm install supabase` beside Pulumi.yaml.",
        )
    return found


@dataclass(frozen=True)
class SupabaseCli:
    """One project's functions and function secrets. `stage` holds `supabase/`; `hidden` is masked in what it says."""

    program: str
    project_ref: str
    token: Secret
    stage: Path
    environ: Mapping[str, str]
    hidden: Sequence[Secret] = ()

    def set_secrets(self, file: Path) -> None:
        self._run("set the function secrets", "secrets", "set", "--env-file", str(file))

    def deploy(self, slugs: Sequence[str]) -> None:
        """Those that can be built are live afterwards, even when another cannot."""
        self._run(f"deploy {', '.join(slugs)}", "functions", "deploy", *slugs, "--use-api")

    def delete(self, slug: str) -> bool:
        """False when the project does not have it."""
        try:
            self._run(f"delete {slug}", "functions", "delete", slug)
        except SupacronError as error:
            if "does not exist" in error.message:
                return False
            raise
        return True

    def _run(self, what: str, *arguments: str) -> None:
        command = [self.program, *arguments, "--workdir", str(self.stage), "--yes"]
        try:
            done = subprocess.run(
                command,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SupacronError(
                f"the Supabase CLI did not {what} within {SECONDS} s",
                "See https://status.supabase.com, and try again.",
            ) from None
        if done.returncode != 0:
            said = self._masked(done.stdout)
            raise SupacronError(f"the Supabase CLI could not {what}: {_reason(said)}", _remedy(said))

    def _environment(self) -> dict[str, str]:
        """The caller's, less what is addressed to us, to Pulumi, or to another use of the CLI."""
        kept = {name: value for name, value in self.environ.items() if not name.startswith(_OURS) or name == PROFILE}
        return kept | {
            TOKEN: self.token.reveal(),
            "SUPABASE_PROJECT_ID": self.project_ref,
            "SUPABASE_HOME": str(self.stage / "home"),
            "SUPABASE_NO_KEYRING": "1",
            "SUPABASE_TELEMETRY_DISABLED": "1",
            "SUPABASE_NO_UPDATE_NOTIFIER": "1",
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
        }

    def _masked(self, text: str) -> str:
        for secret in (self.token, *self.hidden):
            for form in _forms(secret):
                text = form.mask_in(text)
        return text


def _forms(secret: Secret) -> list[Secret]:
    """A value as it stands, as an answer in JSON repeats it, and a line of it alone; the longest first."""
    value = secret.reveal()
    lines = value.splitlines()
    forms = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    forms |= {line for line in lines if len(line) >= _WORTH_MASKING} if len(lines) > 1 else set()
    return [Secret(form) for form in sorted(forms, key=len, reverse=True)]


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if not _NOISE.match(line)]
    return "\n    ".join(lines[-_MOST_LINES:]) or "it gave no reason"


def _remedy(said: str) -> str:
    if "access token" in said.lower() or re.search(r"\b401\b|Unauthorized", said):
        return f"Make a token at https://supabase.com/dashboard/account/tokens; see {TOKEN} in docs/functions.md."
    if re.search(r"\b403\b|Forbidden|privileges", said):
        return "The access token's account needs the role of a developer, or more, in the project's organisation."
    return "Nothing of the stack was applied; run it again once that is put right."
