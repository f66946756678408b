"""Stand-in for pg_net's background worker: sends what is queued in net.http_request_queue.

Like the original it takes a batch in one transaction, sends all of it at once through libcurl, and commits the answers
when the slowest has ended. It differs in being a client of the database: pg_stat_activity shows it by its application
name, not by a backend type, and NOTIFY wakes it in place of a latch.
"""

from __future__ import annotations

import os
import sys
import time
from typing import NoReturn

import psycopg

from local.curl_batch import Request, send
from local.installation import ServerUser

APPLICATION_NAME = "pg_net 0.20 (stand-in) worker"
BATCH_SIZE = 200
TIME_TO_LIVE = "6 hours"
PAUSE_SECONDS = 1.0

EXPIRE = """
    with expired as (
      select ctid from net._http_response where created < now() - %s::interval order by created limit %s
    )
    delete from net._http_response as r using expired where r.ctid = expired.ctid
"""
TAKE = """
    with batch as (
      select id from net.http_request_queue order by id limit %s
    )
    delete from net.http_request_queue as q using batch where q.id = batch.id
    returning q.id, q.method, q.url, q.timeout_milliseconds,
      array(select key || ': ' || value from jsonb_each_text(q.headers)), q.body
"""
STORE = """
    insert into net._http_response (id, status_code, content_type, headers, content, timed_out, error_msg)
    values (%s, %s, %s, %s, %s, %s, %s)
"""


class RestartRequested(Exception):
    """net.worker_restart() was called."""


def is_up(url: str) -> bool:
    """Whether a worker is connected to the database at `url`."""
    with psycopg.connect(url) as connection:
        query = "select from pg_stat_activity where application_name = %s"
        return connection.execute(query, [APPLICATION_NAME]).fetchone() is not None


def work_once(connection: psycopg.Connection) -> bool:
    """One batch; whether there was anything to do.

    It is one transaction: when it cannot commit, the requests are queued still and are sent again.
    """
    expired = connection.execute(EXPIRE, [TIME_TO_LIVE, BATCH_SIZE]).rowcount
    with connection.transaction():
        requests = [Request(*row) for row in connection.execute(TAKE, [BATCH_SIZE]).fetchall()]
        responses = send(requests)
        connection.cursor().executemany(STORE, [response.row() for response in responses])
    return bool(requests or expired)


def wait(connection: psycopg.Connection, seconds: float | None) -> None:
    """Waits for a wake-up call, `seconds` at most. Raises RestartRequested."""
    for notification in connection.notifies(timeout=seconds, stop_after=1):
        if notification.channel == "pg_net_restart":
            raise RestartRequested


def work(connection: psycopg.Connection) -> NoReturn:
    """Works for ever: through what is queued at the start, then at each wake-up call."""
    while True:
        while work_once(connection):
            # The original also takes a breath between batches, to spare the processor.
            wait(connection, PAUSE_SECONDS)
        wait(connection, None)


def serve(url: str) -> NoReturn:
    """Connects and works, again and again: after a restart of the server too."""
    while True:
        try:
            with psycopg.connect(url, autocommit=True, application_name=APPLICATION_NAME) as connection:
                connection.execute("listen pg_net_wake")
                connection.execute("listen pg_net_restart")
                work(connection)
        except (psycopg.Error, RestartRequested) as reason:
            print(f"connecting anew: {reason}", file=sys.stderr, flush=True)
            time.sleep(PAUSE_SECONDS)


def main() -> None:
    url = os.environ.pop("SUPACRON_LOCAL_SUPERUSER_URL")
    user = ServerUser.current()
    if user.switch:
        # Only now: the user may not be able to read the folder that the modules were loaded from.
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)
    serve(url)


if __name__ == "__main__":
    main()
