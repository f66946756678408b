"""A worker for the fault tests: drains the queue until it is killed or has nothing left to do.

    python -m tests.queue.worker URL NAME FILE

It appends each id to FILE before it says that the job is done ("ran"), and after the queue accepted that ("done").
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from time import sleep

import psycopg

BATCH = 25
LEASE_SECONDS = 5


def drain(connection: psycopg.Connection, name: str, note: Path) -> None:
    """Works until nothing waits and nothing runs."""
    with note.open("a", buffering=1) as log:
        ids: list[int] = []
        tokens: list[str] = []
        while True:
            log.writelines(f"ran {job}\n" for job in ids)
            row = connection.execute(
                "select accepted, array(select j.id from unnest(jobs) j),"
                " array(select j.claim_token::text from unnest(jobs) j)"
                " from public.complete_and_claim(%s::bigint[], %s::uuid[], %s, null, %s, %s)",
                [ids, tokens, random.randint(1, BATCH), name, LEASE_SECONDS],  # noqa: S311 - any size
            ).fetchone()
            assert row
            accepted, ids, tokens = row
            log.writelines(f"done {job}\n" for job in accepted)
            if not ids:
                connection.execute("select from public.return_stuck_jobs()")
                left = connection.execute(
                    "select exists (select from supacron_queue.ready) or exists (select from supacron_queue.running)"
                ).fetchone()
                if left == (False,):
                    return
                sleep(0.05)


def main() -> int:
    url, name, file = sys.argv[1:]
    while True:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=60) as connection:
                drain(connection, name, Path(file))
                return 0
        except psycopg.OperationalError:
            sleep(0.1)  # the server was killed: it comes back


if __name__ == "__main__":
    sys.exit(main())
