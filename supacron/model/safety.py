"""What one apply may do at most to a stack, unless it is told otherwise for once."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from supacron.model.units import Milliseconds


class Brake(StrEnum):
    """The limits by the name that lifts one of them once: SUPACRON_ALLOW=remove,change."""

    REMOVE = "remove"
    CHANGE = "change"
    INTERVAL = "interval"
    MINUTE = "minute"
    DATA = "data"
    PROTECT = "protect"


class Safety(BaseModel):
    """`safety:` in a stack's file. null lifts a limit for good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remove_percent: int | None = Field(
        default=25, ge=0, le=100, description="How many of the stack's jobs one apply may remove."
    )
    change_percent: int | None = Field(
        default=50, ge=0, le=100, description="How many of the stack's jobs one apply may change."
    )
    always: int = Field(
        default=5, ge=0, le=1_000_000, description="So many jobs may be removed, or changed, whatever the percentages."
    )
    interval: Milliseconds | None = Field(
        default=10_000, description="No new or changed schedule may run a job more often than this."
    )
    per_minute: int | None = Field(default=30, ge=1, le=1_000_000, description="How many jobs may start in one minute.")
    keep_data: bool = Field(default=True, description="Whether a shorter retention, which deletes history, is refused.")


class DesiredSafety(BaseModel):
    """The same, resolved; the interval in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remove_percent: int | None = 25
    change_percent: int | None = 50
    always: int = 5
    interval_ms: int | None = 10_000
    per_minute: int | None = 30
    keep_data: bool = True


def resolve_safety(safety: Safety) -> DesiredSafety:
    """What people wrote, as it is applied."""
    values = safety.model_dump()
    return DesiredSafety(interval_ms=values.pop("interval"), **values)
