"""Parameters in a body: `{"$run": "scheduled_for"}` stands for a value that only a run knows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from supacron.model.paths import KeyPath, shorten
from supacron.validate.findings import Finding, did_you_mean

KEY: Final = "$run"
WORDS: Final = ("scheduled_for", "run_id", "attempt", "last_success", "environment", "job")


def parameters_of(body: Any) -> tuple[dict[str, Any], ...]:
    """Each parameter in `body` as supacron.job.parameters has it: the path to it, and which value."""
    return tuple({"path": [str(part) for part in path], "value": value} for path, value in _find(body, ()))


def check_parameters(body: Any, path: KeyPath) -> Iterator[Finding]:
    for here, word in _find(body, ()):
        place = (*path, *here)
        if word not in WORDS:
            remedy = did_you_mean(word, WORDS) if isinstance(word, str) else ""
            message = f"`{shorten(str(word))}` is nothing that a run knows"
            yield Finding((*place, KEY), message, f"{remedy}Known are: {', '.join(WORDS)}.")
        elif len(_at(body, here)) > 1:
            yield Finding(
                (*place, KEY), f"`{KEY}` stands for the whole value", "Remove the keys beside it.", at_key=True
            )


def _find(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, dict):
        if KEY in value:
            yield path, value[KEY]
            return
        for key, item in value.items():
            yield from _find(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _find(item, (*path, index))


def _at(value: Any, path: KeyPath) -> Any:
    for part in path:
        value = value[part]
    return value
