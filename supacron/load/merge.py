"""An environment's overrides merged over the stack file.

Mappings merge by key, lists and scalars replace, null removes (a null inside of a list is a value and stays).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supacron.model.paths import KeyPath


def merge(base: Any, override: Any) -> Any:
    """`override` over `base`; neither is changed. Merging the same override again changes nothing."""
    if not isinstance(override, Mapping):
        return override
    merged: dict[str, Any] = dict(base) if isinstance(base, Mapping) else {}
    for key, value in override.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def is_overridden(base: Any, override: Any, path: KeyPath) -> bool:
    """Whether the value at `path` of the merged data came from `override`; a mapping in both counts as the base's."""
    for part in path:
        if not isinstance(override, Mapping):
            return True
        if part not in override:
            return False
        base = base.get(part) if isinstance(base, Mapping) else None
        override = override[part]
    return not (isinstance(override, Mapping) and isinstance(base, Mapping))


def useless_removals(base: Any, override: Any, path: KeyPath = ()) -> list[KeyPath]:
    """Paths of nulls in `override` that remove nothing: most often a misspelt name."""
    if not isinstance(override, Mapping):
        return []
    known: Mapping[str, Any] = base if isinstance(base, Mapping) else {}
    found: list[KeyPath] = []
    for key, value in override.items():
        if value is None and key not in known:
            found.append((*path, key))
        else:
            found.extend(useless_removals(known.get(key), value, (*path, key)))
    return found
