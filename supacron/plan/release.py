"""The row of the ledger: what was applied, by whom, from where. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from supacron import __version__
from supacron.live.read import LEDGER
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.plan.changes import Action, Change, Kind, Plan
from supacron.plan.promotion import applied_record
from supacron.plan.record import same_json
from supacron.render import templates


@dataclass(frozen=True, slots=True)
class Provenance:
    """What only the process that applies knows: the file's text, the commit, the person, the machine or CI run.

    `definitions`: the file as it was written; None when there is none. `waived`: gates, and why they do not count.
    """

    definitions: str | None = None
    git_commit: str | None = None
    git_clean: bool | None = None
    applied_by: str | None = None
    applied_from: str | None = None
    ci_run: str | None = None
    waived: Mapping[str, str] = field(default_factory=dict)


UNKNOWN = Provenance()


@dataclass(frozen=True, slots=True)
class Release:
    """How an apply is recorded. `repair` is the counter by which Pulumi saw drift (supacron.stack.repair).

    `digest` is SHA-256 of the SQL as `supacron render` prints it.
    """

    apply_id: str
    repair: int = 0
    digest: str = ""
    provenance: Provenance = UNKNOWN


def ledger_change(desired: Desired, live: LiveState) -> Change | None:
    """What an apply has to do that changes no job: record other definitions which come to the same."""
    source, last = desired.source, live.release
    if source is None or LEDGER not in live.migrations:
        return None
    if last and last.definitions_digest == source.digest and same_json(last.overrides, source.overrides):
        return None
    return Change(Kind.STACK, Action.UPDATE, desired.stack, note="other definitions that come to the same: recorded")


def record_release(desired: Desired, release: Release, plan: Plan) -> str:
    """The SQL that writes the row."""
    source, provenance = desired.source, release.provenance
    record = applied_record(source)
    waived = {**(record.waived if record else {}), **provenance.waived}
    return templates.render(
        "stack/record_release.sql.j2",
        apply_id=release.apply_id,
        stack=desired.stack,
        digest=release.digest,
        tool_version=__version__,
        changes=[change.summary() for change in plan.changes],
        definitions=provenance.definitions,
        overrides=source.overrides if source else None,
        definitions_digest=source.digest if source else None,
        git_commit=provenance.git_commit,
        git_clean=provenance.git_clean,
        applied_by=provenance.applied_by,
        applied_from=provenance.applied_from,
        ci_run=provenance.ci_run,
        promotion=record.model_dump(mode="json", exclude_none=True) if record else None,
        waived=waived or None,
        lifted=list(plan.lifted) or None,
    )
