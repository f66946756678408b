"""Which inputs differ from the recorded state, named as the engine shows them (`environment.NAME`, `triggers[0]`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.provider import PropertyDiff, PropertyDiffKind

REPLACES = "triggers"
"""The input whose every change replaces the resource."""

_LIST = (list, tuple)
_REPLACING = {
    PropertyDiffKind.ADD: PropertyDiffKind.ADD_REPLACE,
    PropertyDiffKind.DELETE: PropertyDiffKind.DELETE_REPLACE,
    PropertyDiffKind.UPDATE: PropertyDiffKind.UPDATE_REPLACE,
}


def differences(
    old: Mapping[str, PropertyValue], new: Mapping[str, PropertyValue], inputs: Sequence[str], ignored: Sequence[str]
) -> dict[str, PropertyDiff]:
    """From path to kind of difference; empty when nothing changed. `ignored` are names from `ignoreChanges`."""
    found: dict[str, PropertyDiff] = {}
    for name in inputs:
        if name in ignored:
            continue
        for path, kind in _compare(name, old.get(name), new.get(name)):
            found[path] = PropertyDiff(_REPLACING[kind] if name == REPLACES else kind, input_diff=False)
    return found


def _compare(path: str, old: PropertyValue | None, new: PropertyValue | None) -> Iterator[tuple[str, PropertyDiffKind]]:
    before, after = _plain(old), _plain(new)
    if before is None or after is None:
        if before is not after:
            yield path, PropertyDiffKind.ADD if before is None else PropertyDiffKind.DELETE
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _compare(f"{path}.{key}", before.get(key), after.get(key))
    elif isinstance(before, _LIST) and isinstance(after, _LIST):
        for index in range(max(len(before), len(after))):
            yield from _compare(f"{path}[{index}]", _at(before, index), _at(after, index))
    elif before != after:
        yield path, PropertyDiffKind.UPDATE


def _plain(value: PropertyValue | None) -> object:
    """The value itself: that it is secret, or depends on another resource, is no difference."""
    return None if value is None else value.value


def _at(values: Sequence[PropertyValue], index: int) -> PropertyValue | None:
    return values[index] if index < len(values) else None
