"""What a database holds, as far as supacron is concerned. Plain data: read by `supacron.live.read`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from supacron.secret import Secret

Version = tuple[int, ...]
DONE = "done"
WAITING = "waiting"
"""Why cron.job does not have a job (`JobRow.closed`): its time is over, or is still to come."""
_K = TypeVar("_K")
_V = TypeVar("_V")


def frozen(mapping: Mapping[_K, _V]) -> Mapping[_K, _V]:
    """A read-only view of a copy."""
    return MappingProxyType(dict(mapping))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Who we are there, and what the database has. Versions are those of pg_extension; absent means not installed.

    `roles` is None where no database is looked at.
    """

    user: str
    superuser: bool
    server_version: Version
    extensions: Mapping[str, Version]
    available: frozenset[str]
    system_identifier: str
    timeline: int = 1
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RuntimeRow:
    """supacron.runtime."""

    project_ref: str
    system_identifier: str
    tool_version: str
    digest: str
    timeline: int = 1


@dataclass(frozen=True, slots=True)
class StackRow:
    """supacron.stack; durations in milliseconds. `stopped` says who stopped it, when and why; empty while it runs."""

    program: str | None
    project_url: str
    runs_ms: int
    cron_history_ms: int
    repair: int
    destroyed: bool
    on_failover: str = "warn"
    limits: Any = field(default_factory=dict)
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """The stack's newest row in supacron.release; see `supacron.model.desired.Source`.

    `promoted` tells whether any row came from another environment; `digests` are those of the definitions of all rows.
    """

    id: int
    definitions_digest: str | None
    overrides: Mapping[str, Any] | None
    promoted: bool = False
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SecretRow:
    """supacron.secret."""

    name: str
    vault_name: str
    env: str | None
    description: str | None
    rotate_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class VaultSecret:
    """One secret in Vault; `value` is None when this database cannot decrypt it (a dump restored elsewhere)."""

    id: str
    value: Secret | None


JSONB = frozen({"jsonb": True})
"""Metadata of a field whose column is of type jsonb."""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job's definition, column by column, as supacron.job holds it: a field here is a column that is read, compared
    and written. `method` is None for an SQL job, whose SQL is `sql` where something stands between it and pg_cron, else
    `command`. `due`, `interval_ms` and `cron_schedule` follow from the schedule and its zone. A field with a default is
    null in the table unless a job says otherwise.
    """

    schedule: str
    command: str
    enabled: bool
    method: str | None = None
    url: str | None = None
    headers: Any = field(default=None, metadata=JSONB)
    body: Any = field(default=None, metadata=JSONB)
    timeout_ms: int | None = None
    auth: Any = field(default=None, metadata=JSONB)
    description: str | None = None
    owner: str | None = None
    retry: Any = field(default=None, metadata=JSONB)
    overlap: str | None = None
    limits: Any = field(default=None, metadata=JSONB)
    expect: Any = field(default=None, metadata=JSONB)
    parameters: Any = field(default=None, metadata=JSONB)
    catch_up: str | None = None
    due: Any = field(default=None, metadata=JSONB)
    on_failure: Any = field(default=None, metadata=JSONB)
    late_after: int | None = None
    interval_ms: int | None = None
    spread_from: str | None = None
    trigger_roles: Any = field(default=None, metadata=JSONB)
    protect: bool | None = None
    runs_from: str | None = None
    runs_until: str | None = None
    runs_at: str | None = None
    timezone: str | None = None
    cron_schedule: str | None = None
    sql: str | None = None

    @property
    def line(self) -> str:
        """What cron.job.schedule is to be."""
        return self.cron_schedule or self.schedule

    @property
    def statement(self) -> str | None:
        """The SQL of an SQL job."""
        return None if self.method is not None else self.sql or self.command

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that the call, and the call after a failure, send: each once."""
        told = [self.on_failure["secret"]] if self.on_failure and "secret" in self.on_failure else []
        return tuple(dict.fromkeys([*(each["secret"] for each in self.auth or ()), *told]))


@dataclass(frozen=True, slots=True)
class JobRow:
    """supacron.job. `edited` are the fields that somebody changed there outside, as the last apply left them.

    `closed` is WAITING, DONE or None.
    """

    jobid: int | None
    removed: bool
    record: JobRecord
    edited: Mapping[str, Any] = field(default_factory=dict)
    closed: str | None = None

    @property
    def applied(self) -> JobRecord:
        """The definition as the last apply left it."""
        return replace(self.record, **self.edited) if self.edited else self.record


@dataclass(frozen=True, slots=True)
class CronJob:
    """cron.job."""

    jobid: int
    name: str | None
    schedule: str
    command: str
    active: bool
    username: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A row of supacron.alert or supacron.ping as it is, and what the last apply left there."""

    fields: Mapping[str, Any]
    applied: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remembered:
    """supacron.stack.applied: which rows the last apply left, as far as that tells what is not so any more.

    `deleted` are the kinds and names of rows that are gone; `stack` and `secrets` say what the rows are to say.
    """

    deleted: frozenset[tuple[str, str]] = frozenset()
    stack: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pause:
    """supacron.pause. `automatic`: the collector made it, in a copy of the database; the next apply ends it."""

    paused_by: str
    reason: str
    until: datetime | None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue of the database. `stack` sets its rules, unless it was `released`.

    `rules` are in force, `applied` are those of the last apply; both as DesiredQueue has them.
    """

    stack: str
    released: bool
    tool_version: str
    digest: str
    migrations: frozenset[int]
    intact: bool
    rules: Mapping[str, Any]
    applied: Mapping[str, Any]
    holds_jobs: bool


@dataclass(frozen=True, slots=True)
class LiveState:
    """Everything that a plan looks at. The defaults are an empty database.

    `altered` names what differs where the runtime is not `intact`. `now` is the database's clock. `foreign_values` are
    the stack and the value, by name in Vault, of the secrets that other stacks have in the same database.
    `queue_obstacles` is what stands, in words, where a queue would be made. `trigger_grants` are the roles that may
    call supacron.trigger, besides its owner; `foreign_trigger_roles` those that jobs of other stacks name.
    `zones` are the time zones asked for that the server knows, each with its offsets in the next two years, in minutes
    east of UTC; None where it was not asked.
    """

    capabilities: Capabilities
    migrations: frozenset[int] = frozenset()
    runtime: RuntimeRow | None = None
    intact: bool = True
    altered: tuple[str, ...] = ()
    stack: StackRow | None = None
    other_stacks: frozenset[str] = frozenset()
    destroyed_stacks: frozenset[str] = frozenset()
    secrets: Mapping[str, SecretRow] = field(default_factory=lambda: frozen({}))
    vault: Mapping[str, VaultSecret] = field(default_factory=lambda: frozen({}))
    fingerprint_key: VaultSecret | None = None
    fingerprints: Mapping[str, frozenset[str]] = field(default_factory=lambda: frozen({}))
    jobs: Mapping[str, JobRow] = field(default_factory=lambda: frozen({}))
    foreign_jobs: Mapping[str, str] = field(default_factory=lambda: frozen({}))
    foreign_vault_names: Mapping[str, str] = field(default_factory=lambda: frozen({}))
    foreign_values: Mapping[str, tuple[str, Secret]] = field(default_factory=lambda: frozen({}))
    now: datetime | None = None
    cron: tuple[CronJob, ...] = ()
    release: ReleaseRow | None = None
    pauses: Mapping[str, Pause] = field(default_factory=lambda: frozen({}))
    queue: QueueState | None = None
    queue_obstacles: tuple[str, ...] = ()
    alerts: Mapping[str, Definition] = field(default_factory=lambda: frozen({}))
    ping: Definition | None = None
    remembered: Remembered = field(default_factory=Remembered)
    trigger_grants: frozenset[str] = frozenset()
    foreign_trigger_roles: frozenset[str] = frozenset()
    zones: Mapping[str, frozenset[int]] | None = None

    @property
    def stopped(self) -> str:
        """Who stopped the stack, when and why, so that none of its jobs may run; empty while it runs."""
        return self.stack.stopped if self.stack is not None and not self.stack.destroyed else ""


def empty() -> LiveState:
    """A database with the extensions of today's Supabase and nothing of ours in it; `render` plans against it."""
    return LiveState(
        capabilities=Capabilities(
            user="postgres",
            superuser=False,
            server_version=(17, 0),
            extensions=frozen({"pg_cron": (1, 6), "pg_net": (0, 20), "supabase_vault": (0, 3)}),
            available=frozenset(),
            system_identifier="",
        )
    )
