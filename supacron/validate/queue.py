"""The rules of a stack's queue: what the database would refuse, and what nobody can have meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from supacron.model.paths import KeyPath, shorten
from supacron.model.queue import Queue, QueueJobType
from supacron.model.units import format_duration
from supacron.validate.findings import Finding

_SECOND: Final = 1_000
_DAY: Final = 86_400_000
_YEARS: Final = 36_500 * _DAY
_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "backoff_base": (1, 30 * _DAY),
    "backoff_max": (1, 365 * _DAY),
    "lease": (_SECOND, 30 * _DAY),
    "timeout": (1, 30 * _DAY),
    "patience": (_SECOND, 365 * _DAY),
    "idempotency_window": (0, _YEARS),
    "archive_after": (60 * _SECOND, _YEARS),
    "archive_keep": (60 * _SECOND, _YEARS),
}
"""The shortest and the longest time of each rule."""
MAX_TYPE_LENGTH: Final = 100
MAX_ROLE_BYTES: Final = 63


def check_queue(data: Mapping[str, Any], queue: Queue | None) -> Iterator[Finding]:
    """`data` is the stack file's, `queue` what was read from it."""
    if queue is None:
        if "queue" in data and data["queue"] is None:
            remedy = "Write `queue: {}` for a queue with the usual rules, or remove the key."
            yield Finding(("queue",), "`queue:` says nothing", remedy, at_key=True)
        return
    path: KeyPath = ("queue",)
    yield from _check_durations(queue, path)
    yield from _check_backoff(queue.backoff_base, queue.backoff_max, "backoff_max" in queue.model_fields_set, path)
    if queue.archive_keep < queue.archive_after:
        key = "archive_keep" if "archive_keep" in queue.model_fields_set else "archive_after"
        yield Finding(
            (*path, key),
            f"jobs would be shown for {format_duration(queue.archive_after)} (archive_after) and kept for "
            f"{format_duration(queue.archive_keep)} (archive_keep)",
            "Keep them at least as long as they are shown.",
        )
    if queue.tenant_claim.split(".")[0] == "user_metadata":
        yield Finding(
            (*path, "tenant_claim"),
            "users can write their own user_metadata, and so choose their tenant",
            "Name a claim that only the server sets, as in app_metadata.tenant_id.",
        )
    yield from _check_text(queue.tenant_claim, (*path, "tenant_claim"), "not the name of a claim")
    for number, role in enumerate(queue.urgent_roles):
        where: KeyPath = (*path, "urgent_roles", number)
        if not role or len(role.encode("utf-8", "surrogatepass")) > MAX_ROLE_BYTES:
            yield Finding(where, "not the name of a role", "Name a database role, as in service_role.")
        else:
            yield from _check_text(role, where, "not the name of a role")
    for name, rules in queue.job_types.items():
        yield from _check_type(name, rules, queue, (*path, "job_types", name))


def warn_queue(queue: Queue | None) -> Iterator[Finding]:
    """What is odd, but can be meant."""
    if queue is None:
        return
    for number, role in enumerate(queue.urgent_roles):
        if role in ("anon", "authenticated"):
            yield Finding(
                ("queue", "urgent_roles", number),
                f"each caller of the role {role} may use the priorities that are kept for emergencies",
                "Say `urgent: true` at the job types that are emergencies instead.",
            )


def _check_type(name: str, rules: QueueJobType, queue: Queue, path: KeyPath) -> Iterator[Finding]:
    # As supacron_queue.check_job has it: the search for job types needs something below and above each.
    if not "!" <= name < "~" or len(name) > MAX_TYPE_LENGTH or not name.isprintable():
        remedy = f"Use 1 to {MAX_TYPE_LENGTH} characters, such as transcription; the first a letter, digit or sign."
        yield Finding(path, f"`{shorten(name)}` cannot be a job type", remedy, at_key=True)
    yield from _check_durations(rules, path)
    base = queue.backoff_base if rules.backoff_base is None else rules.backoff_base
    most = queue.backoff_max if rules.backoff_max is None else rules.backoff_max
    if rules.backoff_base is not None or rules.backoff_max is not None:
        yield from _check_backoff(base, most, rules.backoff_max is not None, path)


def _check_durations(rules: Queue | QueueJobType, path: KeyPath) -> Iterator[Finding]:
    for key, (shortest, longest) in _BOUNDS.items():
        value = getattr(rules, key, None)
        if value is not None and not shortest <= value <= longest:
            span = f"{format_duration(shortest)} to {format_duration(longest)}"
            yield Finding((*path, key), f"`{key}` is {span}", "Use a duration in between.")


def _check_backoff(base: int, most: int, most_said: bool, path: KeyPath) -> Iterator[Finding]:
    if most < base:
        yield Finding(
            (*path, "backoff_max" if most_said else "backoff_base"),
            f"the longest wait ({format_duration(most)}, backoff_max) is shorter than the first "
            f"({format_duration(base)}, backoff_base)",
            "Let backoff_max be at least backoff_base.",
        )


def _check_text(text: str, path: KeyPath, message: str) -> Iterator[Finding]:
    if not text.isprintable() or text != text.strip():
        yield Finding(path, message, "Use printable text without blanks around it.")
