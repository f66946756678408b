"""How long a claim takes while four workers claim and settle: only the claims are timed, by pgbench's own log."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.queue.contenders import Contender
from benchmarks.queue.pgbench import Pgbench

CLIENTS = 4
WARM_UP = 10


def p95(pgbench: Pgbench, each: Contender, batch: int, count: int, *, asynchronous: bool) -> float:
    """Milliseconds, of `count` claims of each worker."""
    turns = 2 if each.settle else 1
    with tempfile.TemporaryDirectory() as folder:
        pgbench.run(
            each.url,
            _script(each.claim[batch], each.settle.get(batch)),
            clients=CLIENTS,
            batch=batch,
            count=(WARM_UP + count) * turns,
            asynchronous=asynchronous,
            log=Path(folder),
        )
        by_client: dict[str, list[float]] = defaultdict(list)
        for file in sorted(Path(folder).iterdir()):
            for line in file.read_text().splitlines():
                client, _number, microseconds, *_ = line.split()
                by_client[client].append(float(microseconds) / 1_000)
    found = sorted(time for times in by_client.values() for time in times[WARM_UP * turns :: turns])
    return found[int(len(found) * 0.95)]


def _script(claim: str, settle: str | None) -> str:
    """A transaction in turn claims and settles, so that the log has a line for each."""
    if settle is None:
        return f"{claim} \\gset\n"
    return f"\\if :claimed\n{settle};\n\\set claimed false\n\\else\n{claim} \\gset\n\\set claimed true\n\\endif\n"
