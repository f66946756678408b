"""What differs between two releases of a stack, or between a release and the stack's files."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from supacron.errors import SupacronError
from supacron.load.emit import dump
from supacron.load.yaml_source import parse_text, read_file
from supacron.model.paths import KeyPath, format_path
from supacron.operate.database import require_stack, session
from supacron.operate.releases import content_of
from supacron.operate.target import Target, Usage
from supacron.plan.record import same_json
from supacron.secret import Secret

LIVE, FILE = "live", "file"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two: its name, its definitions as text, and its overrides."""

    label: str
    definitions: str
    overrides: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One value, by its path; None is absent."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences as data (overrides under `overrides`), and as a unified diff, where comments count, too."""

    old: str
    new: str
    differences: tuple[Difference, ...]
    lines: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "old": self.old,
            "new": self.new,
            "differences": [{"path": each.path, "old": each.old, "new": each.new} for each in self.differences],
            "diff": "".join(self.lines),
        }


def compare(url: Secret, target: Target, old: str, new: str, *, project_ref: str | None) -> Compared:
    """Two sides, each the number of a release, `live` (the newest) or `file`; raises Usage for anything else."""
    with session(url, target.label, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)

        def side(name: str) -> Side:
            if name == FILE:
                return _of_files(target)
            if name != LIVE and not name.isdecimal():
                raise Usage(f"`{name}` is no release", f"Say a number, `{LIVE}` or `{FILE}`.")
            content = content_of(connection, target.name, None if name == LIVE else int(name))
            return Side(f"release {content.released.id}", content.definitions, content.overrides)

        return compared(side(old), side(new), target.name)


def compared(old: Side, new: Side, stack: str) -> Compared:
    """Pure."""
    left, right = (
        {**parse_text(side.definitions, side.label).data, "overrides": side.overrides} for side in (old, new)
    )
    lines = [
        *_unified(old, new, f"{stack}.yaml", old.definitions, new.definitions),
        *_unified(old, new, f"Pulumi.{stack}.yaml (overrides)", _text(old), _text(new)),
    ]
    return Compared(old.label, new.label, tuple(differences(left, right)), tuple(lines))


def differences(old: Any, new: Any, path: KeyPath = ()) -> Iterator[Difference]:
    """Each value that differs; lists are compared as a whole."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from differences(old.get(key), new.get(key), (*path, key))
    elif not same_json(old, new):
        yield Difference(format_path(path), old, new)


def _of_files(target: Target) -> Side:
    paths = (target.directory / f"{target.name}.yaml", target.directory / f"Pulumi.{target.name}.yaml")
    try:
        definition, config = (read_file(path) for path in paths)
    except OSError as error:
        raise SupacronError(f"cannot read {error.filename}: {error.strerror}", "See: supacron validate") from None
    keys = config.data.get("config")
    overrides = keys.get("supacron:overrides") if isinstance(keys, dict) else None
    return Side(str(paths[0]), definition.text or "", overrides or {})


def _text(side: Side) -> str:
    return dump(side.overrides) if side.overrides else ""


def _unified(old: Side, new: Side, name: str, left: str, right: str) -> Iterator[str]:
    found = difflib.unified_diff(
        left.splitlines(), right.splitlines(), f"{name} {old.label}", f"{name} {new.label}", lineterm=""
    )
    yield from (f"{line}\n" for line in found)
