"""YAML text to plain data, strictly: every surprise is a mistake with its place.

Libyaml's events are read one by one, because that is several times faster than PyYAML's loaders and gives a place to
each duplicate key and ambiguous word. Places of values are looked up later, and only when a problem needs one.
Anchors, aliases and `<<` merges work; tags do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from supacron.errors import Place, Problem
from supacron.load.locate import NodeIndex
from supacron.load.scalars import AmbiguousScalar, resolve_plain
from supacron.load.syntax import syntax_problem
from supacron.model.paths import KeyPath, shorten

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MAX_DEPTH: Final = 64
_MAX_VALUES: Final = 20_000_000
"""Values after aliases are expanded: a few lines of nested aliases can stand for billions."""
_NO_KEY: Final = object()


@dataclass(frozen=True)
class Source:
    """One file (or mapping from elsewhere): its data, its mistakes, and where each value stands."""

    file: str
    data: dict[str, Any]
    text: str | None = None
    problems: tuple[Problem, ...] = ()

    def place(self, path: KeyPath, *, key: bool = False) -> Place | None:
        """Where the value (or its key) stands; of what is absent, where the closest parent stands."""
        return self._index.place(path, key=key) if self._index else None

    @cached_property
    def _index(self) -> NodeIndex | None:
        # A file with a syntax error has no tree; its own problem carries the place.
        if self.text is None or (self.problems and not self.data):
            return None
        return NodeIndex(self.text, self.file)


def read_file(path: Path, file: str | None = None) -> Source:
    """The YAML file at `path`; raises FileNotFoundError and other OSErrors."""
    return parse_bytes(path.read_bytes(), file or str(path))


def parse_bytes(content: bytes, file: str) -> Source:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        place = Place(file, before.count(b"\n") + 1, len(before[line_start:].decode("utf-8", "replace")) + 1)
        return Source(file, {}, None, (Problem("not UTF-8 text", "Save the file as UTF-8.", place),))
    return parse_text(text, file)


def parse_text(text: str, file: str) -> Source:
    """`text` as a Source: never raises, its mistakes are in `problems`."""
    if match := _CONTROL.search(text):
        line = text.count("\n", 0, match.start()) + 1
        place = Place(file, line, match.start() - text.rfind("\n", 0, match.start()))
        message = f"a control character (U+{ord(match[0]):04X})"
        return Source(file, {}, text, (Problem(message, "Remove it.", place),))
    reader = _Reader(file)
    try:
        reader.read(text)
    except yaml.MarkedYAMLError as error:
        return Source(file, {}, text, (*reader.problems, syntax_problem(error, text, file)))
    except _Stop:
        return Source(file, {}, text, tuple(reader.problems))
    if isinstance(reader.root, dict):
        return Source(file, reader.root, text, tuple(reader.problems))
    what = "empty" if reader.root is None else "not a mapping"
    reader.problems.append(Problem(f"the file is {what}", "Write `key: value` lines.", Place(file, 1, 1)))
    return Source(file, {}, text, tuple(reader.problems))


def from_mapping(data: Mapping[str, Any], file: str) -> Source:
    """Data that was parsed elsewhere: it has no places."""
    return Source(file, dict(data))


class _Stop(Exception):
    """The rest of the file cannot be read; the problem is recorded."""


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read."""

    value: dict[Any, Any] | list[Any]
    anchor: str | None
    values_before: int
    key: Any = _NO_KEY
    merges: list[dict[str, Any]] = field(default_factory=list)
    merging: bool = False


class _Reader:
    """Builds the data of one document from libyaml's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.problems: list[Problem] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = 0
        self._documents = 0

    def read(self, text: str) -> None:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._start(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end(event)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                self._documents += 1
                if self._documents > 1:
                    self._stop(event, "a second document in the file", "Keep one document: remove the `---`.")

    def _problem(self, event: Any, message: str, remedy: str) -> None:
        mark = event.start_mark
        self.problems.append(Problem(message, remedy, Place(self.file, mark.line + 1, mark.column + 1)))

    def _stop(self, event: yaml.Event, message: str, remedy: str) -> None:
        self._problem(event, message, remedy)
        raise _Stop

    def _scalar(self, event: Any) -> None:
        value = event.value
        if event.implicit[0] and event.tag is None:
            if value == "<<" and self._expects_key():
                self._stack[-1].merging = True
                return
            try:
                value = resolve_plain(value)
            except AmbiguousScalar as error:
                self._problem(event, error.message, error.remedy)
        elif event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
            self._problem(event, "YAML tags are not supported", "Remove the tag.")
        elif event.style == '"' and (match := _CONTROL.search(value)):
            self._problem(event, f"a control character (U+{ord(match[0]):04X}) in a text", "Remove its escape.")
        if event.anchor is not None:
            self._define(event, event.anchor, value, 1)
        self._add(event, value)

    def _start(self, event: Any, value: dict[Any, Any] | list[Any]) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            self._stop(event, f"nested deeper than {_MAX_DEPTH} levels", "Make it flatter.")
        if event.tag is not None:
            self._problem(event, "YAML tags are not supported", "Remove the tag.")
        self._stack.append(_Frame(value, event.anchor, self._values))

    def _end(self, event: Any) -> None:
        frame = self._stack.pop()
        value = frame.value
        if frame.merges and isinstance(value, dict):
            for merged in frame.merges:
                for key, inherited in merged.items():
                    value.setdefault(key, inherited)
        if frame.anchor is not None:
            self._define(event, frame.anchor, value, self._values - frame.values_before + 1)
        self._add(event, value)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            self._stop(
                event,
                "an alias without its anchor",
                "Quote text that starts with `*`, as in schedule: '*/30 * * * *'; or define the anchor before it.",
            )
        value, size = self._anchors[event.anchor]
        self._values += size
        if self._values > _MAX_VALUES:
            self._stop(event, "aliases that expand to too many values", "Use fewer nested aliases.")
        self._add(event, value)

    def _define(self, event: yaml.Event, anchor: str, value: Any, size: int) -> None:
        if anchor in self._anchors:
            self._problem(event, "this anchor is defined twice", "Give each anchor a name of its own.")
        self._anchors[anchor] = (value, size)

    def _expects_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is _NO_KEY

    def _add(self, event: Any, value: Any) -> None:
        """Put a finished value where it belongs: as a key, as a key's value, in a list, or as the root."""
        self._values += 1
        if not self._stack:
            self.root = value
            return
        frame = self._stack[-1]
        target = frame.value
        if isinstance(target, list):
            target.append(value)
        elif frame.merging:
            self._merge(event, frame, value)
        elif frame.key is _NO_KEY:
            frame.key = self._key(event, target, value)
        else:
            target[frame.key] = value
            frame.key = _NO_KEY

    def _key(self, event: Any, mapping: dict[Any, Any], key: Any) -> str:
        if not isinstance(key, str):
            self._problem(event, "a key that is not text", "Quote it.")
            return str(key)
        if key in mapping:
            self._problem(event, f"the key `{shorten(key)}` stands twice in this mapping", "Keep one of the two.")
        return key

    def _merge(self, event: Any, frame: _Frame, value: Any) -> None:
        frame.merging = False
        merged = value if isinstance(value, list) else [value]
        if all(isinstance(item, dict) for item in merged):
            frame.merges.extend(merged)
        else:
            self._problem(event, "`<<` takes a mapping or a list of mappings", "Point it at a mapping's anchor.")
