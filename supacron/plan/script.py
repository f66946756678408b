"""A stack as one SQL script, for review: what an apply runs on a database that has nothing of supacron's. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from supacron import __version__
from supacron.live.state import LiveState, empty, frozen
from supacron.model.desired import Desired
from supacron.plan.changes import Kind, Plan
from supacron.plan.columns import Records
from supacron.plan.plan import make_plan
from supacron.plan.refusals import EXTENSION_SCHEMAS
from supacron.plan.step import Step
from supacron.plan.steps import steps


class Part(StrEnum):
    """Which part of the script."""

    ALL = "all"
    RUNTIME = "runtime"
    QUEUE = "queue"
    JOBS = "jobs"


def script(desired: Desired, part: Part = Part.ALL, records: Records | None = None) -> str:
    """The SQL; equal definitions give equal text. No secret value is in it: the jobs raise until Vault has them."""
    live = _bare()
    # Whether it may be applied is nothing to the script.
    free = desired.model_copy(update={"safety": None})
    plan = make_plan(free, live, {}, check_values=False, records=records)
    # No step copies values in: without values there is none to copy.
    chosen = steps(plan, desired, live, {})
    if part is not Part.ALL:
        # The runtime comes first and the queue next, so what they take alone is the head of the whole.
        runtime = len(steps(_only(plan, Kind.EXTENSION, Kind.RUNTIME), desired, live, {}))
        queue = len(steps(_only(plan, Kind.EXTENSION, Kind.RUNTIME, Kind.QUEUE), desired, live, {}))
        first, end = {Part.RUNTIME: (0, runtime), Part.QUEUE: (runtime, queue), Part.JOBS: (queue, None)}[part]
        chosen = chosen[first:end]
    return "".join([_header(desired, part), *_texts(chosen)])


def _only(plan: Plan, *kinds: Kind) -> Plan:
    return replace(plan, changes=tuple(change for change in plan.changes if change.kind in kinds))


def script_digest(desired: Desired, records: Records | None = None) -> str:
    """SHA-256 of the script as `supacron render` prints it, which knows no Pulumi project."""
    text = script(desired.model_copy(update={"program": None}), records=records)
    return hashlib.sha256(text.encode()).hexdigest()


def _bare() -> LiveState:
    """Without extensions, so that the script creates those that it needs unless they are there."""
    live = empty()
    capabilities = replace(live.capabilities, extensions=frozen({}), available=frozenset(EXTENSION_SCHEMAS))
    return replace(live, capabilities=capabilities)


def _header(desired: Desired, part: Part) -> str:
    secrets = ", ".join(sorted(slot.vault_name for slot in desired.secrets.values()))
    lines = [
        f"stack {desired.stack}, project {desired.project_ref}, {part}; supacron {__version__}",
        "For a database without this stack. Run it in one transaction: psql -v ON_ERROR_STOP=1 --single-transaction",
    ]
    if secrets and part is not Part.RUNTIME:
        lines.append(f"Secret values are not in it. In Vault the jobs need: {secrets}")
    return "".join(f"-- {_one_line(line)}\n" for line in lines)


def _texts(chosen: Iterable[Step]) -> Iterable[str]:
    for step in chosen:
        yield f"\n-- {_one_line(step.title)}\n"
        for statement in step.statements:
            text = statement.sql.strip()
            yield f"{text if text.endswith(';') else text + ';'}\n"


def _one_line(text: str) -> str:
    # A line break would end the comment.
    return text if text.isprintable() else ascii(text)[1:-1]
