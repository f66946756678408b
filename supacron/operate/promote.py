"""Takes what is live in one environment to the next: checks the gates, plans, and writes the next one's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supacron.errors import SupacronError
from supacron.live.read import read_live
from supacron.live.state import LiveState
from supacron.load.files import Loaded, build_sources
from supacron.load.neighbours import read_neighbours
from supacron.load.project import project_name
from supacron.load.promotion import FILE, read_promotion
from supacron.load.record import read_record, record_path
from supacron.load.source import digest_of
from supacron.load.yaml_source import parse_text, read_file
from supacron.model.promotion import Gates, PromotionFile, Record
from supacron.operate.database import rows, session
from supacron.operate.differences import differences
from supacron.operate.environment import secret_values
from supacron.operate.planning import plan_for
from supacron.operate.promotion_source import Live
from supacron.operate.stack_config import read_keys
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.operate.working_copy import check_replaceable, write_together
from supacron.plan.changes import Plan
from supacron.plan.drift import drifted
from supacron.plan.gates import GateResult, TargetFacts, check_gates, secret_faults
from supacron.plan.promotion import order_faults
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promotion came to: the gates, the plan against the target, and the files that were written."""

    source: str
    target: str
    release: int
    digest: str
    gates: tuple[GateResult, ...]
    plan: Plan
    written: tuple[Path, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.plan.refusals and all(gate.holds for gate in self.gates)

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "release": self.release,
            "definitions_digest": self.digest,
            "holds": self.holds,
            "gates": [gate.to_json() for gate in self.gates],
            "plan": self.plan.to_json(),
            "written": [str(path) for path in self.written],
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom, which gates are not to count and why, whether to write at all, and whether over uncommitted work."""

    by: str
    waived: Mapping[str, str]
    dry_run: bool = False
    force: bool = False


def promotion_file(directory: Path) -> PromotionFile:
    """`promotion.yaml`; raises SupacronError when there is none."""
    found = read_promotion(directory)
    if found is None:
        raise SupacronError(
            f"{directory.parent / FILE} is not there: the order of the environments is not known",
            "Write `order: [dev, staging, prod]` into it; docs/promotion.md has the gates.",
        )
    return found


def promote(
    url: Secret,
    target: Target,
    source: str,
    live: Live,
    asked: Asked,
    environ: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
) -> Promotion:
    """Writes the definitions of `live`, and a record of it, as those of `target`, if every gate holds.

    Raises InvalidInput when they are not valid there, Refused when a file holds uncommitted work.
    """
    file = promotion_file(target.directory)
    released = live.content.released
    record = Record(
        kind="promotion",
        stack=source,
        release=released.id,
        digest=released.definitions_digest or "",
        git_commit=released.git_commit,
        by=asked.by,
        at=iso(datetime.now(UTC).replace(microsecond=0)) or "",
        facts=live.facts,
    )
    definition = target.directory / f"{target.name}.yaml"
    loaded = _load(target, live, definition, record)
    with session(url, target.label, progress, read_only=True) as connection:
        slots = [slot.vault_name for slot in loaded.desired.secrets.values()]
        there = read_live(connection, target.name, slots)
        edited = tuple(_edited(connection, target, definition, there))
    values = _values(loaded, there, target, environ)
    plan = plan_for(url, loaded.desired, there, values, environ)
    facts = TargetFacts(
        drift=drifted(target.name, there),
        secrets=tuple(
            secret_faults(loaded.desired, there, values, loaded.configured_secrets, there.now or datetime.now(UTC))
        ),
        differences=edited,
        order=tuple(order_faults(file, source, target.name)),
    )
    gates = check_gates(file.gates.get(target.name, Gates()), live.facts, facts, asked.waived)
    found = Promotion(source, target.name, released.id, record.digest, gates, plan)
    if asked.dry_run or not found.holds:
        return found
    if not asked.force:
        live_digest = there.release.definitions_digest if there.release else None
        check_replaceable(definition, [record_path(target.directory, target.name)], live_digest)
    used = {gate.name: gate.waived for gate in gates if gate.waived is not None}
    written = write_together(
        {
            definition: live.content.definitions,
            record_path(target.directory, target.name): record.model_copy(update={"waived": used}).text(),
        }
    )
    return Promotion(source, target.name, released.id, record.digest, gates, plan, written)


def _load(target: Target, live: Live, definition: Path, record: Record) -> Loaded:
    config = target.directory / f"Pulumi.{target.name}.yaml"
    if not config.is_file():
        raise SupacronError(f"{config} is not there", f"Make the environment first: supacron init {target.name}")
    return build_sources(
        target.name,
        parse_text(live.content.definitions, f"{definition} (release {record.release} of {record.stack})"),
        read_file(config),
        read_neighbours(target.directory, target.name),
        record,
        project_name(target.directory),
    )


def _values(loaded: Loaded, live: LiveState, target: Target, environ: Mapping[str, str]) -> dict[str, Secret]:
    """Those of environment variables; of encrypted config only where Vault has none yet, and Pulumi can decrypt it."""
    values = secret_values(loaded.desired, environ)
    wanted = {
        name
        for name, slot in loaded.desired.secrets.items()
        if name in loaded.configured_secrets and slot.vault_name not in live.vault
    }
    if not wanted:
        return values
    try:
        keys = read_keys(target, environ)
    except SupacronError:
        return values  # it is there; whether it has expired shows when it is applied
    return {**values, **{name: keys[name] for name in wanted if name in keys}}


def _edited(connection: Connection, target: Target, definition: Path, live: LiveState) -> list[str]:
    """Where the target's file differs from what was promoted, or is live, there: what a promotion would undo unseen."""
    record, last = read_record(target.directory, target.name), live.release
    base = record.digest if record else last.definitions_digest if last and last.promoted else None
    if base is None or not definition.exists():
        return []
    source = read_file(definition)
    if digest_of(source.data) == base:
        return []
    found = rows(connection, "queries/definitions.sql", stack=target.name, digest=base) if last else []
    if not found:
        return [f"{definition} was edited by hand"]
    before = parse_text(found[0][0], "the release").data
    return [each.path for each in differences(before, source.data)]
