"""Brings a database to what a stack wants."""

from __future__ import annotations

import secrets as random
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supacron import __version__
from supacron.apply.reload import many, may_be_missed, reload_schedules
from supacron.apply.transaction import LOCK_WAIT_SECONDS, Progress, run_locked, run_steps
from supacron.errors import Refused
from supacron.live.connect import project_ref_of
from supacron.live.read import read_for, read_live
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.plan.changes import Plan
from supacron.plan.destroy import destroy_steps
from supacron.plan.plan import make_plan
from supacron.plan.refusals import another_program, identity, newer_runtime
from supacron.plan.release import UNKNOWN, Provenance, Release
from supacron.plan.safety import protected_jobs
from supacron.plan.script import script_digest
from supacron.plan.secrets import Values
from supacron.plan.steps import steps
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did: the plan it carried out, and whether it wrote anything."""

    plan: Plan
    wrote: bool


class PlanRefused(Refused):
    """The plan may not be carried out; every reason is listed."""

    def __init__(self, plan: Plan) -> None:
        count = len(plan.refusals)
        super().__init__(f"refused for {count} reason{'' if count == 1 else 's'}; nothing was written")
        self.plan = plan

    def __str__(self) -> str:
        return "\n".join([*map(str, self.plan.refusals), self.message])


def apply(  # noqa: PLR0913 -- each is a choice of its own, and has a name
    url: Secret,
    desired: Desired,
    values: Values,
    *,
    progress: Progress,
    repair: int = 0,
    drop_jobs: bool = False,
    allow: Collection[str] = (),
    provenance: Provenance = UNKNOWN,
    lock_wait_seconds: float = LOCK_WAIT_SECONDS,
) -> Applied:
    """Applies `desired` in one transaction; applying it again changes nothing.

    drop_jobs: whether a queue that is no longer wanted goes with the jobs in it.
    allow: the brakes that are lifted this time.
    Raises PlanRefused before anything is written, Unreachable, or SupacronError when a statement fails.
    """
    apply_id = str(uuid.uuid4())
    new_key = Secret(random.token_hex(32))
    plans: list[Plan] = []

    def work(connection: Connection) -> Applied:
        live = read_for(connection, desired)
        plan = make_plan(
            desired,
            live,
            values,
            url_ref=project_ref_of(url),
            drop_jobs=drop_jobs,
            waived=provenance.waived,
            allow=allow,
        )
        plans.append(plan)
        if plan.refusals:
            raise PlanRefused(plan)
        digest = script_digest(desired, plan.records) if plan.changes or repair else ""
        release = Release(apply_id, repair, digest, provenance)
        todo = steps(plan, desired, live, values, new_key=new_key, release=release)
        run_steps(connection, todo, _known_secrets(live, values, new_key), progress)
        return Applied(plan, wrote=bool(todo))

    def was_done(connection: Connection) -> Applied | None:
        if not plans or not _release_exists(connection, apply_id):
            return None
        return Applied(plans[-1], wrote=True)

    def after(connection: Connection, applied: Applied) -> None:
        if applied.wrote and may_be_missed(applied.plan):
            reload_schedules(connection, progress)

    return run_locked(
        url,
        f"supacron apply {desired.stack}"[:63],
        work,
        was_done=was_done,
        progress=progress,
        after=after,
        lock_wait_seconds=lock_wait_seconds,
    )


def destroy(url: Secret, desired: Desired, *, with_data: bool, progress: Progress, allow: Collection[str] = ()) -> bool:
    """Removes the stack of `desired` from the database; tells whether there was anything to do.

    Raises PlanRefused when the database is another project's, or a job is protected (unless `allow` lifts that).
    """
    unscheduled: list[int] = []

    def work(connection: Connection) -> bool:
        live = read_live(connection, desired.stack, [])
        wrong = (
            *identity(desired, live, project_ref_of(url)),
            *another_program(desired, live),
            *newer_runtime(live, __version__),
            *protected_jobs(desired.stack, live, allow),
        )
        if wrong:
            raise PlanRefused(Plan(stack=desired.stack, refusals=wrong))
        todo = destroy_steps(desired.stack, live, with_data=with_data)
        run_steps(connection, todo, [], progress)
        unscheduled.append(len(live.jobs))
        return bool(todo)

    def after(connection: Connection, done: bool) -> None:
        # With data the schema goes with the last stack.
        if done and (with_data or many(unscheduled[-1])):
            reload_schedules(connection, progress)

    return run_locked(
        url,
        f"supacron destroy {desired.stack}"[:63],
        work,
        # Destroying twice is harmless: a lost connection needs no look at what was done.
        was_done=lambda _: None,
        progress=progress,
        after=after,
    )


def _known_secrets(live: LiveState, values: Values, new_key: Secret) -> list[Secret]:
    held = [*live.vault.values(), *([live.fingerprint_key] if live.fingerprint_key else [])]
    return [*values.values(), new_key, *(entry.value for entry in held if entry.value is not None)]


def _release_exists(connection: Connection, apply_id: str) -> bool:
    if connection.execute(b"select to_regclass('supacron.release') is not null").fetchone() != (True,):
        return False
    row = connection.execute(templates.sql("apply/release_exists.sql").encode(), {"apply_id": apply_id}).fetchone()
    return row == (True,)
