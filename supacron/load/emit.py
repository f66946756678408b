"""Data as YAML text the way a person writes it, and texts in which one entry is replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from supacron.load.scalars import AmbiguousScalar, resolve_plain

_PLAIN: Final = re.compile(r"[A-Za-z](?!.*(?:: | #|:$))[^\n]*|[0-9]+(?:ms|s|m|h|d)")


class _Dumper(yaml.SafeDumper):
    """Block style, text on lines of its own where it has several, quotes wherever a plain word could be misread."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- PyYAML names it
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style: str | None = "'"
    if "\n" in text:
        # A block's own blanks around its text are a matter of indicators; quotes leave no doubt.
        style = "|" if text.strip("\n ") and text[0] not in "\n " and not text.endswith("\n\n") else '"'
    elif _PLAIN.fullmatch(text):
        try:
            style = None if resolve_plain(text) == text else "'"
        except AmbiguousScalar:
            style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def dump(data: Mapping[str, Any]) -> str:
    """`data` as a block."""
    return yaml.dump(
        dict(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1_000_000
    )


def indented(block: str, column: int) -> str:
    # To YAML a line of other blanks than these is text.
    return "".join(f"{' ' * column}{line}" if line.strip(" \r\n") else line for line in block.splitlines(keepends=True))


def line_after(node: yaml.Node) -> int:
    """The line after the last value of a block; the node's own end lies behind the comments that follow it."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    return int(mark.line) if mark.column == 0 else int(mark.line) + 1


def replace_entry(text: str, section: str, key: str, value: Mapping[str, Any]) -> str | None:
    """`text` with `value` as the entry `key` of the block `section`, without the entry where `value` is empty.

    What stands elsewhere stays, byte for byte. None when the text is laid out in a way that it cannot be done.
    """
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    parents = [pair for pair in root.value if pair[0].value == section] if isinstance(root, yaml.MappingNode) else []
    if not parents or not isinstance(parents[0][1], yaml.MappingNode) or parents[0][1].flow_style:
        return None
    block = parents[0][1]
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    column = block.value[0][0].start_mark.column
    written = indented(dump({key: dict(value)}), column) if value else ""
    for name, node in block.value:
        if name.value == key:
            lines[name.start_mark.line : line_after(node)] = [written]
            return "".join(lines)
    lines.insert(line_after(block), written)
    return "".join(lines)
