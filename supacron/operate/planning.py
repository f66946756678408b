"""What an apply would do now, found by reading the database only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from supacron.live.connect import project_ref_of
from supacron.live.read import read_for, read_live
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.model.promotion import PromotionFile
from supacron.operate.database import require_stack, session
from supacron.operate.environment import allowed, drops_data, secret_values, waived_gates
from supacron.operate.gate_check import with_gates
from supacron.operate.target import Target
from supacron.plan.changes import Plan
from supacron.plan.drift import find_drift
from supacron.plan.plan import make_plan
from supacron.plan.secrets import Values
from supacron.secret import Secret


def plan_for(
    url: Secret,
    desired: Desired,
    live: LiveState,
    values: Values,
    environ: Mapping[str, str],
    *,
    allow: Collection[str] | None = None,
    check_values: bool = False,
) -> Plan:
    """The plan for `desired` on what was read, with what the environment allows, waives and drops.

    allow: the brakes that are lifted this time; None: those of SUPACRON_ALLOW.
    check_values: whether every value is at hand, so that a missing one is a refusal.
    """
    return make_plan(
        desired,
        live,
        values,
        url_ref=project_ref_of(url),
        check_values=check_values,
        drop_jobs=drops_data(environ),
        waived=waived_gates(environ),
        allow=allowed(environ) if allow is None else allow,
    )


def plan_now(
    url: Secret,
    desired: Desired,
    environ: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
    promotion: PromotionFile | None = None,
    *,
    allow: Collection[str] = (),
) -> Plan:
    """The plan for `desired`; raises Unreachable.

    Values that come from environment variables are compared with Vault; those in encrypted config are not at hand.
    """
    label = f"supacron plan {desired.stack}"[:63]
    with session(url, label, progress, read_only=True) as connection:
        live = read_for(connection, desired)
    values = secret_values(desired, environ)
    plan = plan_for(url, desired, live, values, environ, allow=allow)
    return with_gates(plan, desired, live, promotion, values, environ)


def drift_now(
    url: Secret, target: Target, *, project_ref: str | None, progress: Callable[[str], None] = lambda _: None
) -> Plan:
    """What was changed outside since the last apply; raises Refused when the database does not have the stack."""
    with session(url, target.label, progress, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        return find_drift(target.name, read_live(connection, target.name, []))
