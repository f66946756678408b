"""From the jobs of a live database to a stack's files. Reads, converts, and writes files; the database is not changed.

`pulumi up` then takes the jobs over in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from supacron.adopt.convert import Adopted, LiveJob, Refusal, Setting, convert, slots_of
from supacron.adopt.read import CronRow, read_jobs, read_signatures, read_vault
from supacron.adopt.slots import Slots
from supacron.adopt.write import NEW_CONFIG, NEW_FILE, add, snippet
from supacron.errors import SupacronError
from supacron.load.files import NAMESPACE, build_sources, short_name
from supacron.load.yaml_source import parse_text
from supacron.model.stack_file import Environment, StackFile
from supacron.operate.target import Target, Usage
from supacron.secret import Secret
from supacron.validate.findings import did_you_mean
from supacron.validate.names import RESERVED_PREFIX

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

Store = Callable[[Mapping[str, Secret]], None]
"""Encrypts keys, by slot, into the stack's config."""
_RESCHEDULE: Final = "Schedule it again with a name (cron.schedule(name, schedule, command)) and unschedule this one."


@dataclass(frozen=True)
class Project:
    """Where the stack runs, as far as the command line or the database's URL says."""

    ref: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Adoption:
    """What was found out, and what is to be written: texts by path, and keys by slot."""

    adopted: tuple[Adopted, ...]
    refused: tuple[Refusal, ...]
    skipped: tuple[tuple[str, str], ...]
    slots: Slots
    files: Mapping[Path, str]
    snippet: str

    @property
    def keys(self) -> dict[str, Secret]:
        return {slot: key for key, slot in self.slots.literals.items()}


def adopt(connection: Connection, target: Target, names: Sequence[str], project: Project, now: datetime) -> Adoption:
    """The jobs of these names, or every job that nobody manages, for the stack's files.

    Raises SupacronError for a name that no job has, Refused, InvalidInput for mistakes in the files that are there.
    """
    rows = _chosen(read_jobs(connection), names)
    paths = _Paths.of(target)
    definition, environment, config = _stack(paths, project)
    signatures = read_signatures(connection)
    project_url = Secret(environment.project_url)
    in_urls = read_vault(connection, [row.command for row in rows], signatures)
    vault = {name: value for name, value in in_urls.items() if value == project_url}
    setting = Setting(short_name(target.stack), definition, environment, signatures, vault, now)
    slots = slots_of(setting.stack, definition)
    adopted: list[Adopted] = []
    refused: list[Refusal] = []
    skipped: list[tuple[str, str]] = []
    for row in rows:
        if reason := _managed(row, definition):
            skipped.append((_label(row), reason))
            continue
        result = _not_adoptable(row) or convert(_live(row), setting, slots)
        (refused if isinstance(result, Refusal) else adopted).append(result)  # type: ignore[arg-type]
    jobs = {each.live.name: each.job for each in adopted}
    return Adoption(
        tuple(adopted),
        tuple(refused),
        tuple(skipped),
        slots,
        _files(paths, config, slots.yaml(), jobs, setting.stack) if jobs else {},
        snippet(slots.yaml(), jobs),
    )


def write(adoption: Adoption, store: Store) -> None:
    """The config's file first, since the keys go into it; then the keys; then what uses them."""
    *first, last = sorted(adoption.files, key=lambda path: not path.name.startswith("Pulumi."))
    for path in first:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(adoption.files[path], encoding="utf-8")
    store(adoption.keys)
    last.parent.mkdir(parents=True, exist_ok=True)
    last.write_text(adoption.files[last], encoding="utf-8")


@dataclass(frozen=True)
class _Paths:
    definition: Path
    config: Path

    @classmethod
    def of(cls, target: Target) -> _Paths:
        name = short_name(target.stack)
        return cls(target.directory / f"{name}.yaml", target.directory / f"Pulumi.{name}.yaml")


def _stack(paths: _Paths, project: Project) -> tuple[StackFile, Environment, str]:
    """The stack as its files say it, and the config's text; what is missing of it is begun."""
    name = paths.definition.stem
    config = _config(paths, project)
    definition = _text(paths.definition)
    loaded = build_sources(
        name,
        parse_text(definition if definition is not None else NEW_FILE.format(stack=name), str(paths.definition)),
        parse_text(config, str(paths.config)),
    )
    return loaded.definition, loaded.environment, config


def _config(paths: _Paths, project: Project) -> str:
    """The config's text with the project in it: `pulumi stack init` leaves a file that does not name one."""
    text = _text(paths.config)
    data = parse_text(text, str(paths.config)).data if text is not None else {}
    section = data.get("config")
    known = section if isinstance(section, dict) else {}
    wanted = {f"{NAMESPACE}projectRef": project.ref, f"{NAMESPACE}projectUrl": project.url}
    missing = {key: value for key, value in wanted.items() if key not in known}
    if not missing:
        return text or ""
    if None in missing.values():
        message = f"nothing tells which project the stack {paths.definition.stem} is for"
        raise Usage(message, "Say --project-ref.")
    if text is None:
        return NEW_CONFIG.format(stack=paths.definition.stem, ref=project.ref, url=project.url)
    return add(text, str(paths.config), {"config": missing})


def _files(
    paths: _Paths, config: str, secrets: Mapping[str, Any], jobs: Mapping[str, Any], stack: str
) -> dict[Path, str]:
    """The new texts, by path; raises Refused, InvalidInput."""
    text = _text(paths.definition)
    before = text if text is not None else NEW_FILE.format(stack=stack)
    new = add(before, str(paths.definition), {"jobs": jobs, "secrets": secrets})
    build_sources(stack, parse_text(new, str(paths.definition)), parse_text(config, str(paths.config)))
    return {paths.definition: new} | ({paths.config: config} if _text(paths.config) != config else {})


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _chosen(rows: Iterable[CronRow], names: Sequence[str]) -> list[CronRow]:
    found = list(rows)
    if not names:
        return [row for row in found if not (row.name or "").startswith(RESERVED_PREFIX)]
    known = [row.name for row in found if row.name]
    for name in names:
        if name not in known:
            shown = f"cron.job has: {', '.join(known[:20])}{', ...' if len(known) > 20 else ''}." if known else ""
            raise SupacronError(f"no job is named {name!r}", f"{did_you_mean(name, known)}{shown}")
    return [row for row in found if row.name in names]


def _label(row: CronRow) -> str:
    return row.name or f"jobid {row.jobid}"


def _managed(row: CronRow, definition: StackFile) -> str:
    """Why there is nothing to do about a job."""
    if row.stack is not None:
        return f"the stack {row.stack} manages it"
    if row.name in definition.jobs:
        hint = "`pulumi up` takes it over" if definition.jobs[row.name].adopt else "set `adopt: true` on it"
        return f"it stands in the stack's file; {hint}"
    return ""


def _not_adoptable(row: CronRow) -> Refusal | None:
    if row.name is None:
        reason = "it has no name, and pg_cron cannot give it one in place"
        return Refusal(_label(row), row.jobid, reason, _RESCHEDULE)
    if row.name.startswith(RESERVED_PREFIX):
        reason = f"names that start with `{RESERVED_PREFIX}` are kept for supacron's own jobs"
        return Refusal(row.name, row.jobid, reason, "Schedule it under another name, and unschedule this one.")
    if not row.here:
        reason = f"it runs in the database {row.database}"
        return Refusal(
            row.name, row.jobid, reason, "Connect to that database; pg_cron's functions are called from here."
        )
    if not row.mine:
        reason = f"it belongs to the role {row.username}, and only that role may change it"
        return Refusal(row.name, row.jobid, reason, f"Connect as {row.username}, or schedule it as this role.")
    return None


def _live(row: CronRow) -> LiveJob:
    return LiveJob(row.jobid, row.name or "", row.schedule, row.command, row.active)
