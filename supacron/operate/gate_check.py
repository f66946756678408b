"""The gates of a promotion once more, before it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from supacron.errors import SupacronError
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.model.promotion import PromotionFile, Record, SourceFacts
from supacron.operate.environment import SOURCE_URL, waived_gates
from supacron.operate.promotion_source import read_facts
from supacron.plan.changes import Plan
from supacron.plan.drift import drifted
from supacron.plan.gates import TargetFacts, secret_faults
from supacron.plan.promotion import applied_record, gate_problems, is_new, promotion_gates
from supacron.plan.secrets import Values
from supacron.secret import Secret


def with_gates(
    plan: Plan,
    desired: Desired,
    live: LiveState,
    file: PromotionFile | None,
    values: Values,
    environ: Mapping[str, str],
) -> Plan:
    """`plan`, refused when it is that of a promotion whose gates do not hold; as it is for anything else.

    How the release does where it comes from is asked again when SUPACRON_SOURCE_DATABASE_URL says where; otherwise
    the record's figures are held against the gates.
    """
    record = applied_record(desired.source)
    if record is None or record.kind != "promotion" or not is_new(desired.source, live):
        return plan
    if file is None:
        return replace(plan, warnings=(*plan.warnings, "promotion.yaml is not there: no gate was checked again"))
    facts, said = _fresh(record, environ)
    # A missing value is a refusal of its own.
    elsewhere = frozenset(desired.secrets)
    target = TargetFacts(
        drift=drifted(desired.stack, live),
        secrets=tuple(secret_faults(desired, live, values, elsewhere, live.now or datetime.now(UTC))),
    )
    found = [*gate_problems(promotion_gates(desired, live, file, waived_gates(environ), target, facts))]
    return replace(
        plan,
        refusals=(*plan.refusals, *(each for each in found if not isinstance(each, str))),
        warnings=(*plan.warnings, said, *(each for each in found if isinstance(each, str))),
    )


def _fresh(record: Record, environ: Mapping[str, str]) -> tuple[SourceFacts | None, str]:
    """What the source's database says now, if it can be asked; and what a person should know about that."""
    url = environ.get(SOURCE_URL)
    if not url:
        why = f"{SOURCE_URL} is not set"
    else:
        try:
            return read_facts(Secret(url), record), f"the gates were checked again in the database of {record.stack}"
        except SupacronError as error:
            why = error.message
    return None, f"how release {record.release} of {record.stack} does was not asked again ({why}): as of {record.at}"
