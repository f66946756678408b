"""Runs pgbench, and reads what it found."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.queue.contenders import NO_TOKEN


@dataclass(frozen=True)
class Run:
    """`per_second` counts transactions; `latencies` are those of whole transactions, in milliseconds."""

    per_second: float
    latencies: tuple[float, ...] = ()

    def quantile(self, part: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


@dataclass(frozen=True)
class Pgbench:
    """`program` is that of the server's own installation; `asynchronous` switches synchronous_commit off."""

    program: Path
    url: str
    asynchronous: bool = False

    def run(
        self,
        script: str,
        *,
        clients: int,
        batch: int = 1,
        count: int | None = None,
        seconds: float | None = None,
        log: bool = False,
    ) -> Run:
        """`count` transactions a client, or as many as there are in `seconds`."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "script.sql"
            file.write_text(script)
            length = [f"--transactions={count}"] if count is not None else [f"--time={max(1, round(seconds or 1))}"]
            output = subprocess.run(
                [
                    self.program,
                    "--no-vacuum",
                    "--protocol=prepared",
                    f"--client={clients}",
                    f"--jobs={min(clients, 2)}",
                    f"--file={file}",
                    f"--define=b={batch}",
                    f"--define=n={batch}",
                    "--define=ids={}",
                    f"--define=token={NO_TOKEN}",
                    *length,
                    *(["--log", f"--log-prefix={folder}/log"] if log else []),
                    self.url,
                ],
                check=False,
                text=True,
                capture_output=True,
                env=os.environ | ({"PGOPTIONS": "-c synchronous_commit=off"} if self.asynchronous else {}),
            )
            found = re.search(r"tps = ([0-9.]+)", output.stdout)
            if output.returncode or found is None or "number of failed transactions: 0 " not in output.stdout + " ":
                raise RuntimeError(output.stdout + output.stderr)
            latencies = [
                int(line.split()[2]) / 1_000
                for each in Path(folder).glob("log*")
                for line in each.read_text().splitlines()
            ]
        return Run(float(found[1]), tuple(latencies))
