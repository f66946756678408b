"""Runs pgbench, and reads what it found."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.queue.contenders import NO_TOKEN

ASYNCHRONOUS = "-c synchronous_commit=off"


@dataclass(frozen=True)
class Pgbench:
    """`program` is that of the server's own installation."""

    program: Path

    def run(
        self,
        url: str,
        script: str,
        *,
        clients: int,
        batch: int = 1,
        count: int | None = None,
        seconds: float | None = None,
        asynchronous: bool = False,
        log: Path | None = None,
    ) -> float:
        """Transactions a second: `count` a client, or as many as there are in `seconds`; `log` gets a line for each."""
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
                    "--define=claimed=false",
                    *([] if log is None else ["--log", f"--log-prefix={log / 'log'}"]),
                    *length,
                    url,
                ],
                check=False,
                text=True,
                capture_output=True,
                env=os.environ | ({"PGOPTIONS": ASYNCHRONOUS} if asynchronous else {}),
            )
        found = re.search(r"tps = ([0-9.]+)", output.stdout)
        if output.returncode or found is None or "number of failed transactions: 0 " not in output.stdout + " ":
            raise RuntimeError(output.stdout + output.stderr)
        return float(found[1])
