"""A few jobs for an empty queue, so that the first run of batch-processor has something to work off.

`python -m local.example` puts them into the queue of SUPACRON_DATABASE_URL. Each calls an SQL function, which the
functions of the local stack may do (SQL_FUNCTIONS).
"""

from __future__ import annotations

import os
import sys

import psycopg

from local.environment import EXAMPLE_FUNCTION

ENQUEUE = """
select count(public.enqueue_job('sql_function', jsonb_build_object('function', %s::text), n))
from generate_series(3, 5) n
where not exists (select from public.priority_queue)
"""


def main() -> int:
    with psycopg.connect(os.environ["SUPACRON_DATABASE_URL"]) as connection:
        row = connection.execute(ENQUEUE, [EXAMPLE_FUNCTION]).fetchone()
    if row and row[0]:
        print(f"{row[0]} example jobs are in the queue")
    return 0


if __name__ == "__main__":
    sys.exit(main())
