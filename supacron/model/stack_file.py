"""What people write: `stacks/<stack>.yaml` (what runs), and the keys of `stacks/Pulumi.<stack>.yaml` (where).

These models say only what a file may hold. What the values mean together is checked in `supacron.validate`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, Tag

from supacron.model.alerts import Alert, AlertName, Ping
from supacron.model.functions import Functions
from supacron.model.policy import CatchUp, Expect, Limit, LimitName, OnFailure, Overlap, Retry, TriggerRole
from supacron.model.queue import Queue
from supacron.model.safety import Safety
from supacron.model.units import Milliseconds

MAX_JOB_NAME_BYTES = 63
"""cron.job.jobname is of type `name` in pg_cron before 1.5."""


class Model(BaseModel):
    """Frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


JobName = Annotated[str, Field(min_length=1, description="The name in cron.job: at most 63 bytes.")]
SecretName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Moment = Annotated[str, Field(examples=["2026-12-24T14:30:00+01:00", "2026-12-24 14:30", "2026-12-24"])]


class SecretAllowance(Model):
    """A guard of a secret's value that does not hold here, and why."""

    rule: Literal["other-project", "expired", "wrong-role", "publishable", "shared-value", "not-a-url", "clear-text"]
    reason: str = Field(min_length=1, description="Shown in each plan.")


class JobAllowance(Model):
    """A guard of a job that does not hold here, and why."""

    rule: Literal["other-environment"]
    reason: str = Field(min_length=1, description="Shown with each warning.")


class Auth(Model):
    """Which secret authenticates a call, and in which header it goes."""

    secret: SecretName = Field(description="A name under `secrets:`.")
    scheme: Literal["bearer", "apikey"] | None = Field(
        default=None,
        alias="as",
        description="`bearer` sends `Authorization: Bearer <secret>` (the default); `apikey` sends `apikey: <secret>`.",
    )
    header: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$",
        description="Send the bare secret in this header instead.",
    )


ONE, SEVERAL = "[one]", "[several]"
"""What pydantic puts into an error's path for each form of `auth`."""


def _form_of(auth: object) -> str:
    return SEVERAL if isinstance(auth, list) else ONE


Auths = Annotated[
    Annotated[Auth, Tag(ONE)] | Annotated[list[Auth], Field(min_length=1), Tag(SEVERAL)], Discriminator(_form_of)
]
"""One credential, or several that go with the same call."""


class Job(Model):
    """When it runs (`schedule`, or `at`) and what it invokes: exactly one of `function`, `url` and `sql`."""

    schedule: str | None = Field(
        default=None,
        description="pg_cron's own grammar: five fields, or '30 seconds' (pg_cron 1.5); `H` draws a value.",
    )
    timezone: str | None = Field(
        default=None, description="The IANA time zone of its times, as in Europe/Berlin: UTC unless said."
    )
    at: Moment | None = Field(default=None, description="Instead of `schedule`: run once, in this minute.")
    begins: Moment | None = Field(default=None, alias="from", description="No run is due before this moment.")
    until: Moment | None = Field(default=None, description="No run is due from this moment on.")
    function: str | None = Field(default=None, description="An Edge Function of this project, by name.")
    url: str | None = Field(default=None, description="Any http(s) URL.")
    sql: str | None = Field(default=None, description="SQL that pg_cron runs as it stands.")
    method: Literal["GET", "POST", "DELETE"] | None = Field(default=None, description="POST unless said.")
    headers: dict[str, str] = Field(default_factory=dict)
    body: JsonValue = Field(default=None, description="JSON, sent with POST.")
    timeout: Milliseconds | None = Field(
        default=None, description="How long pg_net waits for the answer: 30s unless said."
    )
    auth: Auths | None = Field(default=None, description="The credential that a call sends, or a list of them.")
    retry: Retry | None = Field(default=None, description="Further attempts after a failure: none unless said.")
    overlap: Overlap | None = Field(
        default=None, description="What happens while the last run is not over: skip (the default), queue one, allow."
    )
    limits: list[LimitName] | None = Field(default=None, description="Names under `limits:` that this job counts for.")
    expect: Expect | None = Field(default=None, description="What an answer must be for the run to be ok.")
    catch_up: CatchUp | None = Field(
        default=None, description="Whether the last run that a pause or an outage kept from leaving is made up for."
    )
    on_failure: OnFailure | None = Field(default=None, description="Who is told of a run that failed for good.")
    trigger_roles: list[TriggerRole] = Field(
        default_factory=list, description="Roles of the database that may run this job through supacron.trigger."
    )
    enabled: bool = True
    description: str | None = None
    owner: str | None = Field(default=None, description="Who to ask about this job.")
    late_after: int | None = Field(
        default=None,
        description="The job is late when it has not succeeded in so many intervals of its schedule: 3 unless said. "
        "0: never.",
    )
    renamed_from: JobName | None = Field(default=None, description="The job's previous name; its history is kept.")
    protect: bool = Field(default=False, description="Refuse to remove this job, by an apply or a destroy.")
    adopt: bool = Field(
        default=False, description="Take over, in place, a job of this name that was made by hand (same jobid)."
    )
    allow: list[JobAllowance] = Field(default_factory=list, description="Guards that do not hold for this job.")


class JobDefaults(Model):
    """Values for every job of the stack that does not say otherwise."""

    timezone: str | None = None
    timeout: Milliseconds | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    auth: Auths | None = None
    retry: Retry | None = None
    overlap: Overlap | None = None
    limits: list[LimitName] | None = None
    catch_up: CatchUp | None = None
    on_failure: OnFailure | None = None
    owner: str | None = None
    late_after: int | None = None


class SecretSlot(Model):
    """A secret that jobs need. Its value comes from encrypted stack config, or from an environment variable."""

    description: str | None = None
    env: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="Take the value from this environment variable instead of stack config.",
    )
    vault_name: str | None = Field(
        default=None, min_length=1, description="The name in Vault: supacron/<stack>/<name> unless said."
    )
    vault: bool = Field(default=True, description="false: for functions only; the value is not put into Vault.")
    role: Literal["service_role", "anon"] | None = Field(
        default=None, description="The role that a Supabase API key must have here."
    )
    rotate_after: Milliseconds | None = Field(
        default=None, description="How old the value may be: `status` and `doctor` warn before, and from then on."
    )
    allow: list[SecretAllowance] = Field(default_factory=list, description="Guards that do not hold for this secret.")


class Retention(Model):
    """How long history is kept."""

    runs: Milliseconds = Field(default=30 * 86_400_000, description="Recorded outcomes (supacron.run).")
    cron_history: Milliseconds = Field(
        default=7 * 86_400_000, description="cron.job_run_details of this stack's jobs, unfinished rows too."
    )


class AuditAllowance(Model):
    """A finding of `supacron audit` in the database that is known, and why it stands."""

    place: str = Field(min_length=1, description="As the audit shows it, as in `function: public.notify()`.")
    reason: str = Field(min_length=1, description="Shown with the finding.")


class AuditPolicy(Model):
    """What `supacron audit` lets stand. In files a comment does that, at the place itself."""

    allow: list[AuditAllowance] = Field(default_factory=list)


class StackFile(Model):
    """`stacks/<stack>.yaml` after the environment's overrides were merged in."""

    version: Literal[1] = 1
    description: str | None = None
    secrets: dict[SecretName, SecretSlot] = Field(default_factory=dict)
    limits: dict[LimitName, Limit] = Field(default_factory=dict, description="Caps and rates that jobs share.")
    defaults: JobDefaults = JobDefaults()
    retention: Retention = Retention()
    on_failover: Literal["warn", "refuse"] = Field(
        default="warn",
        description="What jobs do on another timeline than the last apply saw (a failover, a physical restore): "
        "run, with a warning in `status` and `doctor`, or refuse until the next apply.",
    )
    safety: Safety = Field(default=Safety(), description="What one apply may do at most; see docs/stacks.md.")
    audit: AuditPolicy = AuditPolicy()
    queue: Queue | None = Field(default=None, description="A priority queue in the database; see docs/queue.md.")
    functions: Functions | None = Field(
        default=None, description="Edge Functions that are deployed with the stack; see docs/functions.md."
    )
    alerts: dict[AlertName, Alert] = Field(default_factory=dict)
    ping: Ping | None = None
    jobs: dict[JobName, Job] = Field(default_factory=dict)


class Environment(Model):
    """The `supacron:` keys of `stacks/Pulumi.<stack>.yaml`, without the encrypted ones.

    The encrypted keys are `databaseUrl` and `secrets` (a mapping from secret name to value).
    """

    project_ref: str = Field(alias="projectRef", pattern=r"^[a-z0-9-]{1,64}$")
    project_url: str = Field(alias="projectUrl", pattern=r"^https?://[^\s/?#]+$")
    overrides: dict[str, Any] = Field(default_factory=dict)
