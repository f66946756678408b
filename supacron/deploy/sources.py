"""The files that functions are made of, read once: what has the digest is what is sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from supacron.errors import InvalidInput, Problem
from supacron.model.functions import Deployment

ENTRY: Final = "index.ts"
_LEFT_OUT: Final = re.compile(r"\..*|node_modules|_testing|.*[._]test\.[cm]?[jt]sx?|config\.toml")
"""Names of files and folders that no function needs where it runs; a change of them is no change of a function."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Contents by path from the functions' directory, and the digest of each function."""

    files: Mapping[str, bytes]
    digests: Mapping[str, str]


def read_sources(root: Path, deployment: Deployment) -> Sources:
    """What `deployment` names below `root`, the project's folder; raises InvalidInput for what is not there."""
    directory = root / deployment.directory
    try:
        found = {path.relative_to(directory).as_posix(): path.read_bytes() for path in _walk(directory)}
    except FileNotFoundError:
        remedy = "Set `functions.directory`: a path from the folder of Pulumi.yaml."
        raise InvalidInput([_problem("directory", f"{deployment.directory} is not there", remedy)]) from None
    except OSError as error:
        message = f"{error.filename} cannot be read: {error.strerror or 'unknown error'}"
        raise InvalidInput([_problem("directory", message, "Check the path and its permissions.")]) from None
    missing = [slug for slug in deployment.functions if f"{slug}/{ENTRY}" not in found]
    if missing:
        remedy = f"Write it, or take the function out of `functions.deploy`.{_known(found)}"
        raise InvalidInput(
            [
                _problem(f"deploy.{slug}", f"{deployment.directory}/{slug}/{ENTRY} is not there", remedy)
                for slug in missing
            ]
        )
    files = {path: content for path, content in found.items() if _owner(path) in {None, *deployment.functions}}
    digests = {slug: _digest(files, slug) for slug in deployment.functions}
    return Sources(files, digests)


def _walk(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        if _LEFT_OUT.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _owner(path: str) -> str | None:
    """The function whose folder it is in; None for what they share: files beside the folders, and `_folders`."""
    first, *rest = PurePosixPath(path).parts
    return first if rest and not first.startswith("_") else None


def _digest(files: Mapping[str, bytes], slug: str) -> str:
    """Of names and contents, so that it is the same wherever the files lie."""
    digest = hashlib.sha256()
    for path in sorted(files):
        if _owner(path) in (None, slug):
            digest.update(f"{len(path.encode())} {len(files[path])} {path}\n".encode() + files[path])
    return f"sha256:{digest.hexdigest()}"


def _known(found: Iterable[str]) -> str:
    slugs = sorted(path.removesuffix(f"/{ENTRY}") for path in found if re.fullmatch(rf"[^_/][^/]*/{ENTRY}", path))
    return f" Functions here: {', '.join(slugs)}." if slugs else ""


def _problem(key: str, message: str, remedy: str) -> Problem:
    return Problem(message, remedy, path=f"functions.{key}")
