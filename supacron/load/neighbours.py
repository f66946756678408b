"""The other environments whose config lies beside a stack's."""

from __future__ import annotations

from pathlib import Path

from supacron.load.yaml_source import read_file
from supacron.validate.neighbours import Neighbour

_PREFIX = "Pulumi."


def read_neighbours(directory: Path, stack: str) -> tuple[Neighbour, ...]:
    """Those that say their project; a file with mistakes is another stack's business."""
    found = []
    for path in sorted(directory.glob(f"{_PREFIX}*.yaml")):
        name = path.stem.removeprefix(_PREFIX)
        if name == stack:
            continue
        try:
            config = read_file(path).data.get("config")
        except OSError:
            continue
        if not isinstance(config, dict):
            continue
        ref, url = config.get("supacron:projectRef"), config.get("supacron:projectUrl")
        if isinstance(ref, str) and isinstance(url, str):
            found.append(Neighbour(name, ref, url))
    return tuple(found)
