"""`promotion.yaml` (the order of the environments and their gates), and the record beside a promoted stack's file."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from supacron.model.units import Milliseconds


class Model(BaseModel):
    """Frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def parse_percent(value: object) -> float:
    """`99.5%` as 99.5; raises ValueError for anything else."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", value)) and float(match[1]) <= 100:
        return float(match[1])
    raise ValueError("a share is written as 99% or 99.5%, at most 100%")


class Gates(Model):
    """What must hold before a release moves into an environment."""

    soaked: Milliseconds = Field(default=0, description="How long it was live where it comes from.")
    runs: int = Field(default=0, ge=0, description="How many runs ended there in that time.")
    success_rate: Annotated[float, BeforeValidator(parse_percent)] = Field(
        default=0.0, description="How many of them were ok."
    )
    no_drift: bool = Field(default=True, description="Nothing was changed outside, there and here.")
    no_open_alert: bool = Field(default=True, description="No alert is open there.")
    secrets: bool = Field(default=True, description="Each secret is here, and has not expired.")
    no_literal_difference: bool = Field(
        default=True, description="The stack's file here is as it was promoted: what differs stands in overrides."
    )
    in_order: bool = Field(default=True, description="It comes from the environment before this one.")


GATES: Final = tuple(Gates.model_fields)


class PromotionFile(Model):
    """`promotion.yaml`. The first of `order` is edited by hand; each other one is promoted from the one before it."""

    order: list[str] = Field(min_length=2)
    gates: dict[str, Gates] = Field(default_factory=dict)

    def before(self, stack: str) -> str | None:
        """The environment that `stack` is promoted from; None for the first, and for one that is not in the order."""
        at = self.order.index(stack) if stack in self.order else 0
        return self.order[at - 1] if at else None


class SourceFacts(Model):
    """How a release did where it is live. `alerts` is None where none are kept."""

    soaked_ms: int
    runs: int
    ok: int
    never_ran: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    alerts: tuple[str, ...] | None = None


class Record(Model):
    """`stacks/<stack>.promotion.json`: where the definitions in `stacks/<stack>.yaml` come from.

    `stack` and `release` are the source's; of a rollback they are the stack's own. `waived` are gates, and why.
    """

    kind: Literal["promotion", "rollback"]
    stack: str
    release: int
    digest: str
    git_commit: str | None = None
    by: str
    at: str
    facts: SourceFacts | None = None
    waived: dict[str, str] = Field(default_factory=dict)

    def text(self) -> str:
        """The file's content."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"
