"""What is to be applied: the stack file and its environment, resolved. No secret value is in it.

Its JSON form is the input of the Pulumi command: the same on every machine, sorted, one value a line, so that a
preview's diff reads well.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from supacron.model.alerts import DesiredAlert, DesiredPing
from supacron.model.promotion import Record
from supacron.model.queue import DesiredQueue
from supacron.model.safety import DesiredSafety
from supacron.schedule.window import Window

LATE_AFTER = 3
"""In so many intervals a job has to succeed, unless the stack says otherwise."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DesiredAuth(Model):
    """The secret's name under `Desired.secrets`, the header that carries it, and what stands before it there."""

    secret: str
    header: str
    prefix: str

    def __str__(self) -> str:
        return f"{self.header}: {self.prefix}<{self.secret}>"


def _several(auth: object) -> object:
    """What an earlier release recorded: one mapping, or null. A destroy reads that."""
    if auth is None:
        return ()
    return (auth,) if isinstance(auth, dict) else auth


class DesiredRetry(Model):
    """As supacron.job.retry has it."""

    attempts: int
    backoff_ms: int
    max_backoff_ms: int
    within_ms: int
    on: tuple[str, ...]


class DesiredLimit(Model):
    """How many requests may be under way, and how many may leave in a second; None: any number."""

    concurrency: int | None = None
    per_second: float | None = None


class DesiredCall(Model):
    """An HTTP request. `timeout_ms` is pg_net's timeout_milliseconds. The rest is what its runs do: `limits` are names
    under `Desired.limits`; `expect` and `parameters` are as supacron.job has them.
    """

    method: Literal["GET", "POST", "DELETE"]
    url: str
    headers: dict[str, str]
    body: JsonValue
    timeout_ms: int
    auth: Annotated[tuple[DesiredAuth, ...], BeforeValidator(_several)] = ()
    retry: DesiredRetry | None = None
    overlap: Literal["queue", "allow"] | None = None
    limits: tuple[str, ...] = ()
    expect: dict[str, JsonValue] | None = None
    parameters: tuple[dict[str, JsonValue], ...] = ()
    catch_up: Literal["latest"] | None = None


class DesiredJob(Model):
    """One job: `call` for an HTTP job, `sql` for an SQL job, never both.

    `spread_from` is what was written where the schedule was drawn from an `H`; its times are in `timezone`, None: UTC.
    `runs_from`, `runs_until` and `runs_at` are moments as supacron.job has them; with `runs_at`, `schedule` is the line
    for its minute.
    """

    schedule: str
    spread_from: str | None = None
    timezone: str | None = None
    runs_from: str | None = None
    runs_until: str | None = None
    runs_at: str | None = None
    enabled: bool
    call: DesiredCall | None = None
    sql: str | None = None
    description: str | None = None
    owner: str | None = None
    late_after: int = LATE_AFTER
    renamed_from: str | None = None
    adopt: bool = False
    protect: bool = False
    on_failure: dict[str, str] | None = None
    trigger_roles: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        return Window.read(self.runs_from, self.runs_until, self.runs_at)


class DesiredSecret(Model):
    """A slot: where the value stands in Vault, and which environment variable it comes from (None: stack config).

    `allow` are reasons, by the rule that they lift; see `supacron.plan.guards`.
    """

    vault_name: str
    env: str | None = None
    description: str | None = None
    role: str | None = None
    rotate_after_ms: int | None = None
    allow: dict[str, str] = Field(default_factory=dict)


class DesiredRetention(Model):
    runs_ms: int
    cron_history_ms: int


class Source(Model):
    """What the rest was resolved from, for the ledger.

    `digest` is SHA-256 of the definitions as data, before `overrides`: comments, order and spelling do not matter, and
    environments with the same definitions have the same digest. `file` holds the text, from the project's folder; None
    when there is no file. `promotion` says where the definitions were promoted from.
    """

    digest: str
    overrides: dict[str, JsonValue] = Field(default_factory=dict)
    file: str | None = None
    promotion: Record | None = None


class Desired(Model):
    """Everything that one stack wants of one database."""

    format: Literal[1] = 1
    source: Source | None = None
    program: str | None = None
    stack: str
    project_ref: str
    project_url: str
    retention: DesiredRetention
    on_failover: Literal["warn", "refuse"] = "warn"
    queue: DesiredQueue | None = None
    limits: dict[str, DesiredLimit] = Field(default_factory=dict)
    safety: DesiredSafety | None = None
    secrets: dict[str, DesiredSecret]
    jobs: dict[str, DesiredJob]
    alerts: dict[str, DesiredAlert] = Field(default_factory=dict)
    ping: DesiredPing | None = None

    def to_json(self) -> str:
        """For people, too: one value a line, sorted, so that a preview's diff reads well."""
        plain = self.model_dump(exclude_defaults=True) | {"format": self.format}
        return json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Desired:
        return cls.model_validate_json(text)
