"""Tokens in files: what git tracks, or everything below given paths.

`supacron:allow REASON` in a comment silences the findings of its own line, or of the next one when it stands alone on
a line; `supacron:allow-file REASON` those of the whole file. Without a reason neither silences anything.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from supacron.audit.credentials import find_credentials, without_credentials
from supacron.audit.findings import Audit, Fingerprints, Found, in_order, remedy_for
from supacron.errors import Place, SupacronError

MAX_BYTES: Final = 32 * 1024 * 1024
_SNIFF: Final = 8192
_HINT: Final = re.compile(rb"(?i)eyJ|sb_|sbp_|bearer|authorization|://[^\s/]*@|key|secret|token")
_ALLOW: Final = re.compile(r"supacron:allow(?P<file>-file)?(?![\w-])[ \t]*(?P<reason>[^\r\n]*)")
_COMMENT_END: Final = re.compile(r"\s*(?:-->|\*/|\*\)).*$")
_COMMENT_ONLY: Final = re.compile(r"\s*(?:#|--|//|/\*|<!--|\*|;|%|\"+)?\s*$")
_REMEDY: Final = "Take it out of the file (git's history keeps it)."
_NO_REASON: Final = "`supacron:allow` stands here without a reason, so it silences nothing"


def tracked_files(folder: Path) -> list[Path]:
    """What git tracks in `folder` and below; raises SupacronError where there is no git or no repository."""
    git = shutil.which("git")
    if git is None:
        raise SupacronError("git is not on PATH, so nobody knows which files it tracks", "Say --path.")
    done = subprocess.run(
        [git, "-C", str(folder), "ls-files", "-z", "--cached"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SupacronError(f"{folder} is in no git repository", "Say --path, or run it in the repository.")
    return sorted(folder / name for name in done.stdout.split("\0") if name)


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Each file of `paths` and below, without git's own folder; raises SupacronError for what is not there."""
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise SupacronError(f"{path} is not there", "Check the path.")
        if path.is_dir():
            found.update(each for each in path.rglob("*") if each.is_file() and ".git" not in each.parts)
        else:
            found.add(path)
    return sorted(found)


def audit_files(paths: Iterable[Path], fingerprints: Fingerprints, now: datetime) -> Audit:
    """Every token in these files. Binary files hold none; what cannot be read is listed."""
    found: list[Found] = []
    skipped: list[tuple[str, str]] = []
    read = 0
    for path in paths:
        try:
            if path.is_symlink() or not path.is_file():
                continue  # what it points to is tracked itself, or lies outside
            if path.stat().st_size > MAX_BYTES:
                skipped.append((str(path), f"larger than {MAX_BYTES // 1024**2} MiB"))
                continue
            content = path.read_bytes()
        except OSError as error:
            skipped.append((str(path), error.strerror or "it cannot be read"))
            continue
        read += 1
        if b"\0" not in content[:_SNIFF] and _HINT.search(content):
            found.extend(_in_text(content.decode("utf-8", "replace"), str(path), fingerprints, now))
    return Audit(in_order(found), (f"{read} file{'' if read == 1 else 's'}",), tuple(skipped))


def _in_text(text: str, file: str, fingerprints: Fingerprints, now: datetime) -> Iterator[Found]:
    whole_file = next((reason for is_file, reason, _ in _allows(text) if is_file and reason), None)
    previous: tuple[str, bool] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        own = next(((reason, alone) for is_file, reason, alone in _allows(line) if not is_file), None)
        silencer = own or (previous if previous and previous[1] else None)
        previous = own
        for located in find_credentials(line, now):
            credential = located.credential
            reason = whole_file or (silencer[0] if silencer else "")
            yield Found(
                Place(file, number, located.start + 1),
                credential,
                fingerprints.of(credential),
                remedy_for(credential, _REMEDY),
                allowed=without_credentials(reason, now) or None,
                note=_NO_REASON if silencer and not reason else "",
            )


def _allows(text: str) -> Iterator[tuple[bool, str, bool]]:
    """(for the whole file, reason, alone on its line) of each silencer."""
    for match in _ALLOW.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        reason = _COMMENT_END.sub("", match["reason"]).strip()
        yield match["file"] is not None, reason, _COMMENT_ONLY.match(before) is not None
