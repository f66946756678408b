"""How runs behave, as people write it: retries, limits, what an answer must be, who is told of a failure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, WithJsonSchema

from supacron.model.units import Milliseconds


class Model(BaseModel):
    """Frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_STATUS = r"[1-5]xx|[1-5][0-9]{2}"
Status = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=rf"^({_STATUS})$"),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[1-5]xx$"}], "examples": [200]}),
]
RetriedOutcome = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=rf"^({_STATUS}|timed_out|no_response|failed|bad_answer)$"),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"enum": ["5xx", "4xx", "timed_out", "no_response", "failed", "bad_answer"]}]}
    ),
]
RETRIED = ("5xx", "429", "timed_out", "no_response", "failed")
"""What is tried again unless a job says otherwise: never another 4xx, which the same request would get again."""

LimitName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
TriggerRole = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_$.@-]{0,62}$")]
Overlap = Literal["skip", "queue", "allow"]
CatchUp = Literal["none", "latest"]


class Retry(Model):
    """How often, how soon and after which outcomes a request is made again."""

    attempts: int = Field(ge=1, le=100, description="How many requests in all, the first included.")
    backoff: Milliseconds = Field(
        default=10_000,
        description="At most this long before the second attempt, at random; the most doubles each time.",
    )
    max_backoff: Milliseconds = Field(default=600_000, description="The most never grows beyond this.")
    within: Milliseconds = Field(
        default=3_600_000, description="No attempt leaves later than this after the run was due."
    )
    outcomes: list[RetriedOutcome] = Field(
        default=list(RETRIED), min_length=1, description="Statuses (503, 5xx) and other outcomes that are tried again."
    )


class Expect(Model):
    """What an answer must be for a run to be ok."""

    status: list[Status] | None = Field(
        default=None, min_length=1, description="Statuses (200, 2xx); anything below 400 unless said."
    )
    answer: dict[str, JsonValue] = Field(
        default_factory=dict,
        alias="json",
        description="What stands at a path of the answer, as in `$.ok: true`.",
    )


class OnFailure(Model):
    """Who is told of a run that failed for good: exactly one of the three."""

    url: str | None = Field(default=None, description="A webhook that gets a POST with the run as JSON.")
    secret: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9_]{0,62}$", description="The same, where the URL itself is a secret."
    )
    function: str | None = Field(
        default=None,
        pattern=r"^[a-z_][a-z0-9_]{0,62}\.[a-z_][a-z0-9_]{0,62}$",
        description="An SQL function, as schema.name, that takes one jsonb.",
    )


class Limit(Model):
    """How many requests of some jobs may be under way at once, and how many may leave in a second."""

    concurrency: int | None = Field(default=None, ge=1, le=100_000)
    per_second: float | None = Field(default=None, gt=0, le=10_000)
    target: str | None = Field(
        default=None,
        description="For every job that calls this scheme and host; `project`: the project's own. Without it: for the "
        "jobs that name the limit.",
    )
