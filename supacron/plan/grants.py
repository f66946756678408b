"""Which roles may call supacron.trigger: those that jobs name, of this stack or of another one in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from supacron.errors import Problem
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.plan.changes import Action, Change, FieldChange, Kind, Plan
from supacron.plan.step import Step, step
from supacron.render import templates
from supacron.validate.findings import did_you_mean

GRANTS = "trigger grants"
"""The name of the change that grants and revokes."""


def missing_roles(desired: Desired, live: LiveState) -> Iterator[Problem]:
    """A problem for each role that a job names and the database has not."""
    known = live.capabilities.roles
    for name, job in desired.jobs.items():
        for role in job.trigger_roles:
            if known is not None and role not in known:
                yield Problem(
                    f"this database has no role `{role}`",
                    f"{did_you_mean(role, known)}Create it, as in `create role {role}`, or correct the name.",
                    path=f"jobs.{name}.trigger_roles",
                )


def grant_changes(desired: Desired, live: LiveState) -> Iterator[Change]:
    """Where other roles may call it than are to."""
    wanted = _wanted(desired, live)
    if wanted != live.trigger_grants:
        roles = FieldChange("roles", sorted(live.trigger_grants), sorted(wanted))
        yield Change(Kind.RUNTIME, Action.UPDATE, GRANTS, (roles,))


def grant_steps(plan: Plan, desired: Desired, live: LiveState) -> Iterator[Step]:
    names = {change.name for change in plan.of(Kind.RUNTIME)}
    wanted, revoked = _wanted(desired, live), live.trigger_grants - _wanted(desired, live)
    # What installs the runtime takes back what it finds granted.
    if GRANTS in names or ("supacron" in names and wanted):
        yield _step("let roles trigger jobs", granted=wanted, revoked=revoked)


def grant_end(live: LiveState) -> Iterator[Step]:
    """What a destroy takes back; where something was changed outside, that stays to be seen."""
    revoked = live.trigger_grants - live.foreign_trigger_roles
    if revoked:
        yield _step("let no role trigger its jobs", revoked=revoked, record=live.intact)


def _wanted(desired: Desired, live: LiveState) -> frozenset[str]:
    named = {role for job in desired.jobs.values() for role in job.trigger_roles}
    # The owner needs no grant.
    return (live.foreign_trigger_roles | named) - {live.capabilities.user}


def _step(title: str, *, granted: Collection[str] = (), revoked: Collection[str] = (), record: bool = True) -> Step:
    sql = templates.render(
        "stack/grant_trigger.sql.j2", granted=sorted(granted), revoked=sorted(revoked), record=record
    )
    return step(title, sql)
