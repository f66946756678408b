"""Files that a command replaces: never over work that is not committed, and all of them or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from supacron.errors import Refused, SupacronError
from supacron.load.source import digest_of
from supacron.load.yaml_source import read_file
from supacron.operate.provenance import git


def check_replaceable(definition: Path, others: Iterable[Path], live_digest: str | None) -> None:
    """Raises Refused when replacing the files would lose what stands nowhere else.

    live_digest: of the definitions that are live, the only other copy where there is no git.
    """
    known = [_committed(path) for path in (definition, *others)]
    if all(known) or not definition.exists():
        return
    if digest_of(read_file(definition).data) != live_digest:
        raise Refused(
            f"{definition} is in no git repository, and holds something else than what is live; nothing was written",
            "Look at it with `supacron diff live`, or say --force.",
        )


def _committed(path: Path) -> bool:
    """Whether git has what `path` holds; raises Refused when it has something else. False where no git can tell."""
    if not path.exists():
        return True
    status = git(path.parent, "status", "--porcelain", "--ignored", "--", path.name)
    if status is not None and status.strip():
        raise Refused(
            f"{path} holds changes that are not committed; nothing was written", "Commit or undo them, or say --force."
        )
    return status is not None


def write_together(contents: Mapping[Path, str | None]) -> tuple[Path, ...]:
    """Writes each text (None removes the file) where it differs; returns what changed. On an error nothing has."""
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    wanted = {path: None if text is None else text.encode() for path, text in contents.items()}
    changed = tuple(path for path in contents if before[path] != wanted[path])
    done: list[Path] = []
    try:
        for path in changed:
            _replace(path, wanted[path])
            done.append(path)
    except OSError as error:
        for path in done:
            with suppress(OSError):
                _replace(path, before[path])
        reason = error.strerror or "unknown error"
        raise SupacronError(
            f"could not write {path}: {reason}; nothing was changed", "Check its permissions."
        ) from None
    return changed


def _replace(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
