"""Takes literal keys out of cron.job_run_details, batch by batch; every row is kept.

`postgres` may delete from that table but, on some projects, not update it: there the rows move, masked, into
`supacron.scrubbed_run`, in the transaction that deletes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from supacron.audit.credentials import find_credentials, without_credentials
from supacron.operate.database import require_stack, rows, session, set_timeouts
from supacron.operate.target import Target
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

BATCH: Final = 5_000
_TEXTS_AT_A_TIME: Final = 500
_SHORTEST: Final = 8
"""A shorter secret would mask ordinary words."""


@dataclass(frozen=True, slots=True)
class Scrubbing:
    """What was found, and what to do about it: masked texts by digest, never the texts themselves."""

    masked: tuple[tuple[str, str], ...]
    rows: int
    under_way: int
    may_update: bool
    kinds: tuple[str, ...]
    leaking: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "under_way": self.under_way,
            "moves": not self.may_update,
            "kinds": list(self.kinds),
            "still_writing": list(self.leaking),
        }


def look(url: Secret, target: Target, project_ref: str | None, now: datetime) -> Scrubbing:
    """Reads the whole history once. `leaking` are the jobs whose command still holds a key: it will be back."""
    with session(url, target.label, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        values = [value for (value,) in rows(connection, "scrub/vault_values.sql", shortest=_SHORTEST)]
        kinds: set[str] = set()
        masked = []
        for digest, text in _texts(connection):
            kinds.update(located.credential.title for located in find_credentials(text, now))
            clean = _masked(text, values, now)
            if clean != text:
                masked.append((digest, clean))
        counts = [_count(connection, chunk) for chunk in _chunks(masked)]
        ((may_update,),) = rows(connection, "scrub/may_update.sql")
        jobs = rows(connection, "queries/audit_jobs.sql")
    return Scrubbing(
        tuple(masked),
        sum(changeable for changeable, _ in counts),
        sum(under_way for _, under_way in counts),
        may_update,
        tuple(sorted(kinds)),
        tuple(name for name, *_, command in jobs if _masked(command, values, now) != command),
    )


def scrub(
    url: Secret, target: Target, scrubbing: Scrubbing, progress: Callable[[int], None], batch: int = BATCH
) -> int:
    """Masks the texts that `look` found; returns how many rows were changed. Each batch is a transaction of its own.

    `progress` is told the rows done so far. What is done stays done when it is interrupted; run it again for the rest.
    The planner's statistics are made anew at the end: only the database's owner may, for others the server skips it.
    """
    template = "scrub/update_batch.sql" if scrubbing.may_update else "scrub/move_batch.sql"
    done = 0
    with session(url, target.label) as connection:
        connection.commit()
        for chunk in _chunks(scrubbing.masked):
            after: int | None = 0
            while after is not None:
                set_timeouts(connection)
                digests, texts = [digest for digest, _ in chunk], [text for _, text in chunk]
                ((count, after),) = rows(connection, template, digests=digests, texts=texts, after=after, size=batch)
                connection.commit()
                done += count
                progress(done)
        set_timeouts(connection)
        connection.execute(templates.sql("scrub/forget.sql").encode())
        connection.commit()
    return done


def _texts(connection: Connection) -> Iterator[tuple[str, str]]:
    # A cursor of the server's: the history may be larger than this machine's memory.
    with connection.cursor(name="supacron_scrub") as cursor:
        yield from cursor.execute(templates.sql("scrub/texts.sql").encode())


def _masked(text: str, values: Sequence[str], now: datetime) -> str:
    for value in values:
        text = Secret(value).mask_in(text)
    return without_credentials(text, now)


def _count(connection: Connection, chunk: Sequence[tuple[str, str]]) -> tuple[int, int]:
    ((changeable, under_way),) = rows(connection, "scrub/count.sql", digests=[digest for digest, _ in chunk])
    return changeable, under_way


def _chunks(masked: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(masked), _TEXTS_AT_A_TIME):
        yield masked[start : start + _TEXTS_AT_A_TIME]
