"""The Pulumi project that a stack's files belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from supacron.load.yaml_source import read_file

PROJECT_FILE: Final = "Pulumi.yaml"


def project_folder(directory: Path) -> Path | None:
    """The nearest folder, `directory` or one above it, that has a Pulumi.yaml."""
    start = directory.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / PROJECT_FILE).is_file()), None)


def project_name(directory: Path) -> str:
    """The project's name, as Pulumi takes it from the file; empty where there is no such file, or no name in it."""
    folder = project_folder(directory)
    name = read_file(folder / PROJECT_FILE).data.get("name") if folder is not None else None
    return name if isinstance(name, str) else ""
