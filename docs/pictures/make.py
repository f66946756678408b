"""Makes the pictures of the README by running the commands: `make up`, then `.venv/bin/python docs/pictures/make.py`.

Each command runs on a terminal of its own; what it writes there becomes an SVG, colours and all.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def run(command: list[str], columns: int) -> str:
    """What `command` writes to a terminal of `columns` characters, escape sequences included."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    with subprocess.Popen(command, cwd=ROOT, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        chunks = []
        while True:
            try:
                chunk = os.read(master, 65_536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            chunks.append(chunk)
        process.wait()
    return b"".join(chunks).decode().replace("\r\n", "\n")


def picture(name: str, title: str, text: str, columns: int) -> None:
    console = Console(record=True, width=columns, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    console.print(Text.from_ansi(text.strip("\n")))
    svg = console.export_svg(title=title)
    # The reader's own monospace font will do: nothing is fetched.
    svg = FONT.sub("", svg).replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono")
    (ROOT / "docs" / "pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")


def preview() -> str:
    """A preview of a changed schedule, of a copy of the project: this one's files stay as they are."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "supacron"
        copy.mkdir()
        for name in ("Pulumi.yaml", "__main__.py"):
            shutil.copy(ROOT / name, copy)
        shutil.copytree(ROOT / "stacks", copy / "stacks")
        (copy / ".venv").symlink_to(ROOT / ".venv")
        definition = copy / "stacks" / "local.yaml"
        definition.write_text(definition.read_text().replace("*/30 * * * *", "*/15 * * * *"))
        command = ["tools/with-env", "local", "pulumi", "-C", str(copy), "preview", "--stack", "local"]
        text = run([*command, "--non-interactive", "--color", "always"], 110)
    kept = [line for line in text.splitlines() if "pulumi-resource-command" not in line and folder not in line]
    return "\n".join(kept)


def main() -> None:
    picture("preview", "pulumi preview --stack local", preview(), 110)
    picture(
        "status",
        "supacron status --stack local",
        run(["tools/with-env", "local", "supacron", "status", "--stack", "local"], 130),
        130,
    )


if __name__ == "__main__":
    main()
