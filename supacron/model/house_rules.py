"""House rules: what every job of an organisation has to keep to, in one YAML file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from supacron.model.units import Milliseconds

Rule = Literal["minimum_interval", "per_minute", "owner", "description", "timeout", "literal_secrets"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HouseAllowance(_Part):
    """A rule that does not hold for a job, and why."""

    job: str = Field(min_length=1)
    rule: Rule
    reason: str = Field(min_length=1)


class HouseRules(_Part):
    """The file of `supacron validate --policy`. What is absent is not asked."""

    version: Literal[1] = 1
    minimum_interval: Milliseconds | None = None
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    require: list[Literal["owner", "description", "timeout"]] = Field(default_factory=list)
    literal_secrets: bool = True
    allow: list[HouseAllowance] = Field(default_factory=list)
