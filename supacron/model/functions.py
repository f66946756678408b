"""The Edge Functions of a stack: what people write under `functions:`, and what is to be deployed of it."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SLUG: Final = r"^[A-Za-z][A-Za-z0-9_-]{0,99}$"
VARIABLE: Final = r"^[A-Za-z_][A-Za-z0-9_]{0,255}$"


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Function(Model):
    """One function, by the name of its folder."""

    # It has no default on purpose: the platform's own, true, refuses a caller without a JWT, such as a schedule.
    verify_jwt: bool | None = Field(
        default=None, description="Must be said: whether the platform asks callers for a JWT of the project."
    )


class Functions(Model):
    """Edge Functions that are deployed with the stack, before its schedules are applied."""

    directory: str = Field(
        default="functions", description="Where their folders lie, from the folder of Pulumi.yaml (or of `stacks`)."
    )
    deploy: dict[str, Function] = Field(
        default_factory=dict,
        description="Which folders to deploy.",
        json_schema_extra={"propertyNames": {"pattern": SLUG}},
    )
    secrets: dict[str, str] = Field(
        default_factory=dict,
        description="Function secrets: a variable's name, and the secret under `secrets:` that is its value.",
        json_schema_extra={"propertyNames": {"pattern": VARIABLE}},
    )
    variables: dict[str, str] = Field(
        default_factory=dict,
        description="Settings that are not secret, for all functions.",
        json_schema_extra={"propertyNames": {"pattern": VARIABLE}},
    )


class DeployedFunction(Model):
    """`sources` is a digest of all that the function is made of."""

    verify_jwt: bool
    sources: str = ""


class FunctionSecret(Model):
    """Where a variable's value comes from: the slot, and its environment variable (None: stack config)."""

    secret: str
    env: str | None = None


class Deployment(Model):
    """What is to be deployed to one project; no secret value is in it.

    Its JSON form is the input of the Pulumi command: the same on every machine, sorted, one value a line.
    """

    format: Literal[1] = 1
    stack: str
    project_ref: str
    directory: str
    functions: dict[str, DeployedFunction]
    secrets: dict[str, FunctionSecret]
    variables: dict[str, str]

    def with_sources(self, digests: dict[str, str]) -> Deployment:
        """The same, with the digest of each function's sources."""
        functions = {
            slug: DeployedFunction(verify_jwt=function.verify_jwt, sources=digests[slug])
            for slug, function in self.functions.items()
        }
        return self.model_copy(update={"functions": functions})

    def to_json(self) -> str:
        return json.dumps(self._plain(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def _plain(self) -> dict[str, Any]:
        return self.model_dump(exclude_defaults=True) | {"format": self.format}

    @classmethod
    def from_json(cls, text: str) -> Deployment:
        return cls.model_validate_json(text)
