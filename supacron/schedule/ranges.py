"""Values of a field as cron writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby


def even_step(values: Sequence[int], period: int) -> int:
    """The step, less than `period`, that gives `values` from 0 on all through it; or 0."""
    step = values[1] - values[0] if len(values) > 1 else 0
    return step if step and period % step == 0 and tuple(values) == tuple(range(0, period, step)) else 0


def step_or_list(values: Sequence[int], period: int) -> str:
    """`values` as a cron field that starts at 0: `*`, a step, or a list."""
    step = even_step(values, period)
    if not step:
        return compact(values)
    return "*" if step == 1 else f"*/{step}"


def compact(values: Sequence[int]) -> str:
    """`values` as a cron list in which three or more in a row are a range."""
    parts: list[str] = []
    for first, last in runs(values):
        parts += [f"{first}-{last}"] if last - first > 1 else [str(value) for value in range(first, last + 1)]
    return ",".join(parts)


def runs(values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of values that follow one another."""
    for _, run in groupby(enumerate(values), lambda pair: pair[1] - pair[0]):
        members = [value for _, value in run]
        yield members[0], members[-1]
