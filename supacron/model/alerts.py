"""What people write under `alerts:` and `ping:`: whom to tell of what, and when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from supacron.model.units import Milliseconds, parse_duration

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS

AlertName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Backlog(Part):
    """More than `over` jobs wait in the queue."""

    over: int = Field(description="So many may wait.")


class OldestPending(Part):
    """A job of the queue that is due waits for longer than `over`."""

    over: Milliseconds = Field(description="So long may it wait.")


class StuckJobs(Part):
    """More than `over` jobs of the queue run for longer than `running_for`."""

    over: int = Field(default=0, description="So many may.")
    running_for: Milliseconds = Field(default=_HOUR_MS, description="How long a job may run.")


class DeadLetters(Part):
    """More than `over` jobs of the queue failed for good within `window`."""

    over: int = Field(default=0, description="So many may.")
    window: Milliseconds = Field(default=_DAY_MS, description="How far back to look.")


class QueueFailures(Part):
    """More than `over_percent` of the queue's jobs that ended within `window` failed for good."""

    over_percent: int = Field(description="So many of a hundred may fail.")
    window: Milliseconds = Field(default=_HOUR_MS, description="How far back to look.")
    at_least: int = Field(default=1, description="Of fewer jobs the rate says nothing.")


class RunFailures(Part):
    """More than `over_percent` of the jobs' runs within `window` failed."""

    over_percent: int = Field(description="So many of a hundred may fail.")
    window: Milliseconds = Field(default=_HOUR_MS, description="How far back to look.")
    at_least: int = Field(default=1, description="Of fewer runs the rate says nothing.")
    jobs: list[str] | None = Field(default=None, description="Which jobs; all of the stack unless said.")


class LateJobs(Part):
    """A job has not succeeded in `late_after` intervals of its schedule."""

    jobs: list[str] | None = Field(default=None, description="Which jobs; all of the stack unless said.")


class SecretExpiry(Part):
    """A secret expires, or is to be replaced by its `rotate_after`, within `within`."""

    within: Milliseconds = Field(default=14 * _DAY_MS, description="How long before.")


class Condition(Part):
    """What is wrong while the alert is open: exactly one of these."""

    backlog: Backlog | None = None
    oldest_pending: OldestPending | None = None
    stuck_jobs: StuckJobs | None = None
    dead_letters: DeadLetters | None = None
    queue_failures: QueueFailures | None = None
    run_failures: RunFailures | None = None
    late_jobs: LateJobs | None = None
    secret_expiry: SecretExpiry | None = None


QUEUE_KINDS = frozenset({"backlog", "oldest_pending", "stuck_jobs", "dead_letters", "queue_failures"})
"""The conditions that only a stack with a queue can have."""


class Alert(Part):
    """Whom to tell of what: once when it starts, again while it lasts, once when it ends."""

    when: Condition = Field(description="What is looked at every minute.")
    webhook: str = Field(description="The secret, a name under `secrets:`, whose value is the URL to post to.")
    format: Literal["slack", "json"] = Field(default="json", description="What is posted; see docs/alerts.md.")
    start_after: Milliseconds = Field(
        default=0, alias="for", description="The condition must hold for so long before the alert starts."
    )
    clear_for: Milliseconds = Field(
        default=300_000, description="The condition must be gone for so long before the alert ends."
    )
    repeat: Milliseconds = Field(
        default=4 * _HOUR_MS, description="Post it again so often while it is open; 0s: never."
    )
    description: str | None = Field(default=None, description="Posted with it: what to do about it.")


class Ping(Part):
    """A dead-man's switch: a URL that hears from the collector while all is well, and tells when it hears nothing."""

    url: str = Field(description="The secret, a name under `secrets:`, whose value is the URL to call (GET).")
    every: Milliseconds = Field(default=60_000, description="How often: every minute, or less often.")


def durations(part: Part) -> frozenset[str]:
    """The names of the fields that hold milliseconds."""
    return frozenset(
        name
        for name, field in type(part).model_fields.items()
        if any(isinstance(each, BeforeValidator) and each.func is parse_duration for each in field.metadata)
    )


class DesiredAlert(BaseModel):
    """An alert as it is to be applied: a row of supacron.alert. `condition` holds durations in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    condition: dict[str, int | list[str]]
    webhook: str
    format: Literal["slack", "json"]
    description: str | None = None
    start_after_ms: int
    end_after_ms: int
    repeat_every_ms: int | None


class DesiredPing(BaseModel):
    """A row of supacron.ping."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: str
    every_ms: int
