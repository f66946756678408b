"""How long an apply takes, as a ratio to the bare `cron.schedule` calls through psql in the same run.

    python -m benchmarks.apply [--rounds N]

Both are whole processes. The bare calls are one statement a job, in one transaction: what a careful script would do.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from supacron.model.desired import (
    Desired,
    DesiredAuth,
    DesiredCall,
    DesiredJob,
    DesiredRetention,
    DesiredSecret,
)
from tests.support.database import Database, running_database

BODY = {"batch_size": 20, "job_types": ["transcription", "email_notification"]}


def desired(count: int) -> Desired:
    """`count` HTTP jobs, each with a secret, headers and a body."""
    auth = DesiredAuth(secret="key", header="Authorization", prefix="Bearer ")
    call = DesiredCall(
        method="POST",
        url="https://examplexbenchxproject.supabase.co/functions/v1/batch-processor",
        headers={"Content-Type": "application/json"},
        body=BODY,
        timeout_ms=30_000,
        auth=(auth,),
    )
    return Desired(
        stack="bench",
        project_ref="bench",
        project_url="https://examplexbenchxproject.supabase.co",
        retention=DesiredRetention(runs_ms=30 * 86_400_000, cron_history_ms=7 * 86_400_000),
        secrets={"key": DesiredSecret(vault_name="supacron/bench/key")},
        jobs={
            f"job-{number:05}": DesiredJob(
                schedule=f"{number % 60} {number % 24} * * *",
                enabled=True,
                call=call,
                description="A job of the benchmark",
                owner="bench",
            )
            for number in range(count)
        },
    )


def bare_calls(count: int) -> str:
    """The same schedules as plain SQL, one call a job, with the request written out in each command."""
    calls = [
        (
            f"select cron.schedule('job-{number:05}', '{number % 60} {number % 24} * * *', $$select net.http_post("
            "url := 'https://examplexbenchxproject.supabase.co/functions/v1/batch-processor', "
            'headers := \'{"Content-Type": "application/json"}\'::jsonb, body := \'{"batch_size": 20}\'::jsonb)$$);'
        )
        for number in range(count)
    ]
    return "\n".join(["begin;", *calls, "commit;"])


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure(database: Database, count: int, rounds: int) -> dict[str, float]:
    """Median seconds of: the bare calls, an apply from scratch, an apply that changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "calls.sql"
        script.write_text(bare_calls(count))
        definitions = desired(count).to_json()
        environment = {
            **os.environ,
            "SUPACRON_STACK_DATABASE_URL": database.url,
            "SUPACRON_SECRETS": '{"key": "a-made-up-value"}',
        }

        def bare() -> None:
            subprocess.run(["psql", "-qAtX", "-o", os.devnull, "-f", script, database.url], check=True)

        def apply() -> None:
            subprocess.run(
                [sys.executable, "-m", "supacron", "apply"],
                input=definitions,
                text=True,
                env=environment,
                check=True,
                capture_output=True,
            )

        times: dict[str, list[float]] = {"bare": [], "create": [], "no-op": []}
        for _ in range(rounds):
            database.clean()
            times["bare"].append(timed(bare))
            database.clean()
            times["create"].append(timed(apply))
            times["no-op"].append(timed(apply))
        database.clean()
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1_000, 10_000])
    options = parser.parse_args()
    print("| jobs | bare calls s | apply from scratch s | ratio | apply again s | ratio |")
    print("|---|---|---|---|---|---|")
    with running_database() as database:
        for count in options.counts:
            found = measure(database, count, options.rounds)
            bare, create, again = found["bare"], found["create"], found["no-op"]
            print(
                f"| {count:,} | {bare:.2f} | {create:.2f} | {create / bare:.2f} | {again:.2f} | {again / bare:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
