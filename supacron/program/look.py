"""A look at the live database while the program runs, so that a preview shows what Pulumi itself cannot see."""

from __future__ import annotations

import os
from dataclasses import dataclass

from supacron.errors import Unreachable
from supacron.live.connect import connect
from supacron.live.read import read_for
from supacron.live.state import LiveState
from supacron.live.versions import other_version
from supacron.model.desired import Desired
from supacron.model.promotion import PromotionFile
from supacron.operate.environment import NO_DATABASE
from supacron.operate.gate_check import with_gates
from supacron.operate.planning import plan_for
from supacron.plan.changes import Plan
from supacron.plan.secrets import Values
from supacron.secret import Secret

PATIENCE = b"set local statement_timeout = '30s'; set local lock_timeout = '10s'"
"""A preview waits for nobody for long: what it cannot see it says."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `repair` is the counter that the command gets; None: the database could not be looked at."""

    plan: Plan | None
    repair: int | None
    trouble: str = ""
    remedy: str = ""


def look(url: Secret | None, desired: Desired, values: Values, promotion: PromotionFile | None = None) -> Look:
    """Plans against the live database, reading only. That it cannot be read is no error: the result says so."""
    if url is None:
        return Look(None, None, "no database is given", NO_DATABASE)
    try:
        live = _read(url, desired)
    except Unreachable as error:
        return Look(None, None, error.message, error.remedy)
    plan = plan_for(url, desired, live, values, os.environ, check_values=True)
    plan = with_gates(plan, desired, live, promotion, values, os.environ)
    counter = live.stack.repair if live.stack else 0
    # Not drift alone: after a restore, or an apply from another state, the registry agrees with cron.job and both
    # differ from what is wanted, while Pulumi's own state sees nothing to do.
    return Look(plan, counter + 1 if plan.changes else counter)


def _read(url: Secret, desired: Desired) -> LiveState:
    import psycopg

    try:
        with connect(url, f"supacron preview {desired.stack}"[:63], attempts=1) as connection:
            connection.read_only = True
            connection.execute(PATIENCE)
            try:
                return read_for(connection, desired)
            except psycopg.Error as error:
                if other := other_version(connection, error):
                    raise Unreachable(other.message, other.remedy) from None
                raise
    except psycopg.Error as error:
        # Not str(error): it may quote what was read.
        raise Unreachable(error.diag.message_primary or type(error).__name__) from None
