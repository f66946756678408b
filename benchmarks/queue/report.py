"""Figures as they are kept: results.json, and a table in the README."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.queue.cells import Cell

RESULTS = Path(__file__).parent / "results.json"
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
BASE = "pgmq"
OURS = ("supacron", "supacron, one call")
OWN_RATIO = 1.5
SIZED = {"churn": "1,000,000 jobs", "churn-2m": "2,000,000 jobs"}


@dataclass
class Figures:
    """What one cell's rounds found: one figure a round for each queue, in the order of the rounds."""

    found: dict[str, list[float]] = field(default_factory=dict)
    megabytes: dict[str, float] = field(default_factory=dict)

    def median(self, name: str) -> float | None:
        return statistics.median(self.found[name]) if name in self.found else None

    def ratio(self, name: str) -> float | None:
        """The median of the rounds' ratios: a round's figures are seconds apart, so that noise hits them alike."""
        if name not in self.found:
            return None
        return statistics.median(mine / base for mine, base in zip(self.found[name], self.found[BASE], strict=True))


@dataclass
class Results:
    """All cells that were ever measured here, by key; a later run replaces its own."""

    cells: dict[str, Figures] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Results:
        if not RESULTS.exists():
            return cls()
        kept = json.loads(RESULTS.read_text())
        return cls({key: Figures(**each) for key, each in kept["cells"].items()}, kept["machine"])

    def save(self, cells: list[Cell]) -> None:
        """Writes both files."""
        RESULTS.write_text(json.dumps(asdict(self), indent=1) + "\n")
        text = README.read_text()
        before, rest = text.split(BEGIN)
        README.write_text(before + BEGIN + self.markdown(cells) + END + rest.split(END)[1])

    def markdown(self, cells: list[Cell]) -> str:
        known = [cell for cell in cells if cell.key in self.cells]
        names = list(dict.fromkeys(name for cell in known for name in self.cells[cell.key].found if name != BASE))
        lines = [
            f"{self.machine.get('text', '')}\n",
            f"| | {BASE} | " + " | ".join(names) + " | to reach |",
            "|---" * (len(names) + 3) + "|",
            *(row(cell, self.cells[cell.key], names) for cell in known),
        ]
        for cell in known:
            if sizes := self.cells[cell.key].megabytes:
                lines += ["", f"Live tables with their indexes after {SIZED[cell.key]}: "]
                lines[-1] += ", ".join(f"{name} {size:,.0f} MB" for name, size in sizes.items()) + "."
        missed = [line for cell in known if (line := miss(cell, self.cells[cell.key]))] + self._own()
        lines += ["", "Missed: " + ("; ".join(missed) if missed else "nothing") + "."]
        return "\n".join(lines) + "\n"

    def _own(self) -> list[str]:
        """The p95 at a million beside its own at ten thousand."""
        found = []
        for suffix in ("", "-async"):
            if f"p95-1m{suffix}" in self.cells and f"p95-10k{suffix}" in self.cells:
                large, small = (self.cells[f"p95-{size}{suffix}"].median(OURS[0]) for size in ("1m", "10k"))
                if large and small and large / small > OWN_RATIO:
                    found.append(f"p95-1m{suffix} is {large / small:.2f} times its own at 10,000, not {OWN_RATIO}")
        return found


def row(cell: Cell, figures: Figures, names: list[str]) -> str:
    base = figures.median(BASE) or 0.0
    shown = [_ratio(cell, figures, name) for name in names]
    sign = "at most" if cell.less_is_better else "at least"
    target = "" if cell.target is None else f"{sign} {cell.target:g}"
    return f"| {cell.title} | {_figure(base)} {cell.unit} | " + " | ".join(shown) + f" | {target} |"


def _ratio(cell: Cell, figures: Figures, name: str) -> str:
    ratio, median = figures.ratio(name), figures.median(name)
    if ratio is None or median is None:
        return ""
    text = f"{ratio:.2f}"
    if name in OURS and cell.reached(ratio):
        text = f"**{text}**"
    return f"{text} ({_figure(median)})"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def miss(cell: Cell, figures: Figures) -> str | None:
    """In a cell whose target no way of using supacron reaches, or in which another queue is ahead: what is missing."""
    ratios = {name: ratio for name in figures.found if (ratio := figures.ratio(name)) is not None}
    sign = -1 if cell.less_is_better else 1
    ours = max((ratios[name] for name in OURS if name in ratios), key=lambda ratio: sign * ratio, default=None)
    if ours is None:
        return None
    if cell.reached(ours) is False:
        return f"{cell.key} {ours:.2f} of {cell.target:g}"
    others = {name: ratio for name, ratio in ratios.items() if name in ("graphile-worker", "procrastinate")}
    ahead = [name for name, ratio in others.items() if sign * ratio > sign * ours]
    return f"{cell.key} behind {' and '.join(ahead)}" if ahead else None
