"""The migrations of the runtime and of the queue: numbered, run once, in order; they keep data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from supacron.render import templates


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    template: str


def migrations(of: Literal["runtime", "queue"] = "runtime") -> tuple[Migration, ...]:
    """All migrations, from `templates/<of>/migrations/NNNN_name.sql`, in order."""
    found = []
    for template in templates.names(f"{of}/migrations/*.sql"):
        number, _, name = template.rsplit("/", 1)[1].removesuffix(".sql").partition("_")
        found.append(Migration(int(number), name, template))
    return tuple(found)
