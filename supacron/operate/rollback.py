"""Writes a stack's files back as an earlier release had them. The database is changed by the next `pulumi up`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supacron.errors import SupacronError
from supacron.load.emit import replace_entry
from supacron.load.files import build_sources
from supacron.load.neighbours import read_neighbours
from supacron.load.record import read_record, record_path
from supacron.load.yaml_source import parse_text, read_file
from supacron.model.promotion import Record
from supacron.operate.database import require_stack, rows, session
from supacron.operate.releases import Content, content_of
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.operate.working_copy import check_replaceable, write_together
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

OVERRIDES = "supacron:overrides"


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The release whose definitions the files hold now, the one that is live, and which files that changed."""

    release: int
    live: int
    written: tuple[Path, ...]

    def to_json(self) -> dict[str, Any]:
        return {"release": self.release, "live": self.live, "written": [str(path) for path in self.written]}


def rollback(
    url: Secret,
    target: Target,
    release: int | None,
    *,
    by: str,
    force: bool,
    project_ref: str | None,
    progress: Callable[[str], None] = lambda _: None,
) -> RolledBack:
    """Writes the definitions and overrides of `release`, or of the last one that had others than what is live.

    Raises Refused when a file holds uncommitted work (unless `force`), InvalidInput when the release's definitions are
    not valid any more; nothing is written then.
    """
    with session(url, target.label, progress, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        live = content_of(connection, target.name, None)
        chosen = content_of(connection, target.name, release or _before(connection, target.name))
    definition = target.directory / f"{target.name}.yaml"
    config = target.directory / f"Pulumi.{target.name}.yaml"
    record = record_path(target.directory, target.name)
    if not force:
        check_replaceable(definition, (config, record), live.released.definitions_digest)
    contents: dict[Path, str | None] = {
        definition: chosen.definitions,
        config: config_text(config, chosen.overrides),
        record: _record(target, chosen, live, by),
    }
    build_sources(
        target.name,
        parse_text(chosen.definitions, f"{definition} (release {chosen.released.id})"),
        parse_text(contents[config] or "", str(config)),
        read_neighbours(target.directory, target.name),
    )
    return RolledBack(chosen.released.id, live.released.id, write_together(contents))


def config_text(path: Path, overrides: dict[str, Any]) -> str:
    """The file's text with these overrides; where they are what it has, it stays as it is."""
    source = read_file(path)
    text, config = source.text or "", source.data.get("config")
    if source.problems or not isinstance(config, dict):
        raise SupacronError(f"{path} cannot be read; nothing was written", "See: supacron validate")
    if (config.get(OVERRIDES) or {}) == overrides:
        return text
    wanted = {key: value for key, value in config.items() if key != OVERRIDES}
    new = replace_entry(text, "config", OVERRIDES, overrides)
    found = parse_text(new or "", str(path))
    if found.problems or found.data.get("config") != (wanted | {OVERRIDES: overrides} if overrides else wanted):
        raise SupacronError(
            f"{path} is laid out in a way that its overrides cannot be replaced; nothing was written",
            "Write each key of `config:` on lines of its own.",
        )
    return new or ""


def _before(connection: Connection, stack: str) -> int:
    found = rows(connection, "queries/release_before.sql", stack=stack)
    if not found:
        raise SupacronError(
            f"{stack} has no earlier release with other definitions", f"See: supacron releases --stack {stack}"
        )
    return int(found[0][0])


def _record(target: Target, chosen: Content, live: Content, by: str) -> str | None:
    """For a stack that is promoted to: the file is not edited by hand, and this says why it differs."""
    released = chosen.released
    if read_record(target.directory, target.name) is None and not (released.promotion or live.released.promotion):
        return None
    return Record(
        kind="rollback",
        stack=target.name,
        release=released.id,
        digest=released.definitions_digest or "",
        git_commit=released.git_commit,
        by=by,
        at=iso(datetime.now(UTC).replace(microsecond=0)) or "",
    ).text()
