"""The columns of supacron.job that say what a job is, and its jobs as rows, written as SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType
from typing import Any

from supacron.live.state import JobRecord
from supacron.render.literals import Sql, jsonb, literal


@dataclass(frozen=True, slots=True)
class Column:
    """A column of supacron.job. `needed`: every row has a value, where the others are null unless a job says so."""

    name: Sql
    needed: bool
    quote: Callable[[Any], Sql]


COLUMNS = tuple(
    Column(Sql(field.name), field.default is MISSING, jsonb if field.metadata.get("jsonb") else literal)
    for field in fields(JobRecord)
)
FIELDS = tuple(column.name for column in COLUMNS)


def split_columns(records: Iterable[JobRecord]) -> tuple[list[Column], list[Column]]:
    """The columns that some of `records` need, and those that are null in all of them."""
    rows = list(records)
    used = [c for c in COLUMNS if c.needed or any(getattr(row, c.name) is not None for row in rows)]
    return used, [c for c in COLUMNS if c not in used]


class Records(dict[str, JobRecord]):
    """Jobs as rows of supacron.job, by name. For thousands of them that takes its time: they are made once and handed
    on, and each is written as SQL once."""

    def __init__(self, rows: Mapping[str, JobRecord] = MappingProxyType({})) -> None:
        super().__init__(rows)
        self._written: dict[str, tuple[Sequence[Column], Sql]] = {}

    def sql(self, name: str, columns: Sequence[Column]) -> Sql:
        """The values of one in `columns`. In the template each of them would be a call of its own."""
        known, text = self._written.get(name, ((), Sql()))
        if known != columns:
            record = self[name]
            text = Sql(", ".join([column.quote(getattr(record, column.name)) for column in columns]))
            self._written[name] = (columns, text)
        return text
