"""Sets a new cluster up like the database of a Supabase project, from the files in sql/."""

from __future__ import annotations

from pathlib import Path

import psycopg

from local.errors import LocalError

SQL = Path(__file__).parent / "sql"
ROOMS = ("roles", "extensions", "cron", "vault", "net")


def files() -> list[Path]:
    """The SQL files, in the order in which they are run."""
    return [path for room in ROOMS for path in sorted((SQL / room).glob("*.sql"))]


def set_up(superuser_url: str) -> None:
    """Runs every file in one transaction: all or nothing.

    Raises LocalError naming the file that failed.
    """
    with psycopg.connect(superuser_url) as connection:
        for path in files():
            try:
                connection.execute(path.read_bytes())
            except psycopg.Error as error:
                raise LocalError(f"{path.relative_to(SQL.parent)} failed: {error}") from error
