"""The queue of a stack: what people write under `queue:`, and what is to be applied.

Names are those of supacron_queue.settings and supacron_queue.job_type, which docs/queue.md explains.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from supacron.model.units import Milliseconds

_DAY_MS = 86_400_000


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QueueJobType(_Part):
    """Rules of one job type; what is absent is as for the whole queue."""

    max_attempts: int | None = Field(default=None, ge=1, le=100, description="How often a job is tried.")
    backoff_base: Milliseconds | None = Field(default=None, description="Longest wait after the first failure.")
    backoff_max: Milliseconds | None = Field(default=None, description="Longest wait after any failure.")
    lease: Milliseconds | None = Field(default=None, description="How long a claim holds a job.")
    timeout: Milliseconds | None = Field(default=None, description="How long a handler may take.")
    urgent: bool = Field(default=False, description="Whether priorities 9 and 10 may be used for it, by anybody.")
    clients: bool = Field(default=False, description="Whether signed-in users may enqueue it, for their own tenant.")


class Queue(_Part):
    """public.priority_queue and its functions, in this stack's database."""

    max_attempts: int = Field(default=5, ge=1, le=100, description="How often a job is tried before it is failed.")
    backoff_base: Milliseconds = Field(
        default=10_000, description="Longest wait after the first failure; it doubles with each one more."
    )
    backoff_max: Milliseconds = Field(default=3_600_000, description="Longest wait after any failure.")
    lease: Milliseconds = Field(
        default=300_000, description="How long a claim holds a job, unless its worker sends heartbeats."
    )
    timeout: Milliseconds = Field(default=60_000, description="How long a handler may take.")
    patience: Milliseconds = Field(
        default=300_000, description="A job that is due for longer gets places that are kept for those."
    )
    patience_percent: int = Field(default=20, ge=0, le=100, description="How many of all places are kept for those.")
    tenant_max_running: int | None = Field(
        default=None, ge=1, le=1_000_000, description="At most so many jobs of a tenant run at once; costs speed."
    )
    tenant_claim: str = Field(
        default="app_metadata.tenant_id",
        min_length=1,
        description="Where a user's tenant stands in the JWT: keys with dots between.",
    )
    clients_read: bool = Field(default=False, description="Whether signed-in users see the jobs of their own tenant.")
    urgent_roles: list[str] = Field(
        default_factory=list, description="Roles that may use priorities 9 and 10 for any job type."
    )
    idempotency_window: Milliseconds = Field(
        default=_DAY_MS, description="How long an idempotency key is remembered after its job was enqueued."
    )
    archive_after: Milliseconds = Field(
        default=30 * _DAY_MS, description="How long public.priority_queue shows a job that was completed or cancelled."
    )
    archive_keep: Milliseconds = Field(
        default=90 * _DAY_MS, description="How long any job that ended is kept, dead letters too."
    )
    job_types: dict[str, QueueJobType] = Field(default_factory=dict, description="Job types with rules of their own.")


class DesiredJobType(_Part):
    """Times in milliseconds; None means as in the queue's settings."""

    max_attempts: int | None = None
    backoff_base_ms: int | None = None
    backoff_max_ms: int | None = None
    lease_ms: int | None = None
    timeout_ms: int | None = None
    urgent: bool = False
    clients: bool = False


class DesiredQueue(_Part):
    """The rules, without defaults: a preview shows each that changes, also where a default did."""

    max_attempts: int
    backoff_base_ms: int
    backoff_max_ms: int
    lease_ms: int
    timeout_ms: int
    patience_ms: int
    patience_percent: int
    tenant_max_running: int | None
    tenant_claim: str
    clients_read: bool
    urgent_roles: list[str]
    idempotency_window_ms: int
    archive_after_ms: int
    archive_keep_ms: int
    job_types: dict[str, DesiredJobType]

    @property
    def settings(self) -> dict[str, Any]:
        """The rules but for those of job types."""
        return self.model_dump(exclude={"job_types"})

    @property
    def types(self) -> dict[str, dict[str, Any]]:
        """The rules of job types, by name."""
        return {name: rules.model_dump() for name, rules in self.job_types.items()}


def resolve_queue(queue: Queue) -> DesiredQueue:
    """`queue` with its times named for their unit."""
    return DesiredQueue(
        **{_desired_name(name): value for name, value in queue if name not in ("job_types", "urgent_roles")},
        urgent_roles=sorted(set(queue.urgent_roles)),
        job_types={
            name: DesiredJobType(**{_desired_name(field): value for field, value in rules})
            for name, rules in queue.job_types.items()
        },
    )


_DURATIONS = frozenset({"backoff_base", "backoff_max", "lease", "timeout", "patience", "idempotency_window"}) | {
    "archive_after",
    "archive_keep",
}


def _desired_name(name: str) -> str:
    return f"{name}_ms" if name in _DURATIONS else name
