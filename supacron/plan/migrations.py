"""The runtime's migrations: numbered, run once, in order; they keep data."""

from __future__ import annotations

from dataclasses import dataclass

from supacron.render import templates


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    template: str


def migrations() -> tuple[Migration, ...]:
    """All migrations, from `templates/runtime/migrations/NNNN_name.sql`, in order."""
    found = []
    for template in templates.names("runtime/migrations/*.sql"):
        number, _, name = template.rsplit("/", 1)[1].removesuffix(".sql").partition("_")
        found.append(Migration(int(number), name, template))
    return tuple(found)
