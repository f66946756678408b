"""What an apply checks of a stack that is promoted to: its file is what was promoted, and the gates still hold. Pure.

A stack is promoted to from its first promotion on; before that its file is edited by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from supacron.errors import Problem
from supacron.live.state import LiveState
from supacron.model.desired import Desired, Source
from supacron.model.promotion import Gates, PromotionFile, Record, SourceFacts
from supacron.plan.gates import GateResult, TargetFacts, check_gates

FILE_GATE: Final = "no_literal_difference"


def is_new(source: Source | None, live: LiveState) -> bool:
    """Whether these definitions are others than those that are live."""
    return source is not None and (live.release is None or live.release.definitions_digest != source.digest)


def applied_record(source: Source | None) -> Record | None:
    """The record, where the definitions are those that it speaks of."""
    record = source.promotion if source else None
    return record if source and record and record.digest == source.digest else None


def origin_problems(desired: Desired, live: LiveState, waived: Mapping[str, str]) -> Iterator[Problem | str]:
    """A problem (or, waived, a warning) when the file of a stack that is promoted to was edited by hand."""
    source, last = desired.source, live.release
    record = source.promotion if source else None
    if not is_new(source, live) or (record is None and not (last and last.promoted)):
        return
    found = applied_record(source)
    if found is None:
        where = f"release {record.release} of {record.stack}" if record else "a record that is not there"
        message = f"its file is not what was promoted ({where}): it was edited by hand"
    elif found.kind == "rollback" and not (last and found.digest in last.digests):
        message = "its record speaks of a rollback, and this database never had these definitions"
    else:
        return
    if reason := waived.get(FILE_GATE):
        yield f"gate {FILE_GATE} waived: {message}: {reason}"
        return
    yield Problem(
        message,
        f"Take the file from git, and make the change where files are edited by hand; {how_to_waive(FILE_GATE)}",
        path=f"gates.{FILE_GATE}",
    )


def promotion_gates(
    desired: Desired,
    live: LiveState,
    file: PromotionFile,
    waived: Mapping[str, str],
    target: TargetFacts,
    fresh: SourceFacts | None = None,
) -> tuple[GateResult, ...]:
    """The gates of a promotion that is to be applied; none when there is nothing to check.

    fresh: what the source's database says now; else it is what the record says of then.
    """
    record = applied_record(desired.source)
    if record is None or record.kind != "promotion" or not is_new(desired.source, live):
        return ()
    return check_gates(
        file.gates.get(desired.stack, Gates()),
        fresh or record.facts or SourceFacts(soaked_ms=0, runs=0, ok=0),
        replace(target, order=tuple(order_faults(file, record.stack, desired.stack))),
        {**record.waived, **waived},
    )


def gate_problems(results: tuple[GateResult, ...]) -> Iterator[Problem | str]:
    """A problem for each gate that does not hold, a warning for each that was waived."""
    for gate in results:
        if gate.passed:
            continue
        text = f"{gate.figure} (needed: {gate.needed})"
        if gate.waived is not None:
            yield f"gate {gate.name} waived: {text}: {gate.waived}"
        else:
            yield Problem(text, f"See that it holds; {how_to_waive(gate.name)}", path=f"gates.{gate.name}")


def order_faults(file: PromotionFile, source: str, target: str) -> Iterator[str]:
    """What is wrong with promoting from `source` to `target`."""
    expected = file.before(target)
    if expected is None:
        yield f"nothing is promoted into {target}"
    elif expected != source:
        yield f"from {source}, and {expected} comes before {target}"


def how_to_waive(gate: str) -> str:
    return f"or waive it once, for the record: SUPACRON_WAIVE='{gate}=REASON' pulumi up"
