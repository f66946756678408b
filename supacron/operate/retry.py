"""One more attempt of a run that failed for good."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

from supacron.errors import SupacronError
from supacron.operate.database import require_stack, rows, session
from supacron.operate.target import Target
from supacron.operate.trigger import TriggeredRun, follow, read_run
from supacron.secret import Secret


def retry(
    url: Secret,
    target: Target,
    run: int,
    *,
    by: str,
    project_ref: str | None,
    wait_seconds: float,
    progress: Callable[[str], None] = lambda _: None,
) -> Generator[str | TriggeredRun]:
    """Yields the job's name; then the run, again and again until its outcome is known or `wait_seconds` are over.

    Raises Refused for a database of another stack; SupacronError for a run that is not there or did not fail.
    """
    with session(url, target.label, progress) as connection:
        require_stack(connection, url, target.name, project_ref)
        found = rows(connection, "operate/retry.sql", run=run, by=by, stack=target.name)
        if not found:
            raise SupacronError(f"the stack {target.stack} has no run {run}", "`supacron runs --failed` shows them.")
        # It leaves now if its turn has come.
        rows(connection, "operate/collect.sql")
        state = read_run(connection, run)
        connection.commit()
        yield found[0][0]
        yield state
        if state.outcome is None:
            yield from follow(connection, run, time.monotonic() + wait_seconds)
