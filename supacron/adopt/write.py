"""Adds jobs and secrets to a stack's YAML text: what stands there already is not touched, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from supacron.errors import Refused
from supacron.load.emit import dump, indented, line_after
from supacron.load.yaml_source import parse_text

_INDENT: Final = 2
NEW_FILE: Final = """\
# yaml-language-server: $schema=../docs/stack.schema.json
# What runs in the stack `{stack}`. Where it runs stands in Pulumi.{stack}.yaml.
version: 1
"""
NEW_CONFIG: Final = """\
# Where the stack `{stack}` runs. What is secret is set encrypted, never written here in plain text:
#   pulumi config set --stack {stack} --secret supacron:databaseUrl
config:
  supacron:projectRef: '{ref}'
  supacron:projectUrl: '{url}'
"""


def snippet(secrets: Mapping[str, Any], jobs: Mapping[str, Any]) -> str:
    """Both as a YAML text of its own."""
    sections = {name: dict(section) for name, section in (("secrets", secrets), ("jobs", jobs)) if section}
    return dump(sections)


def add(text: str, file: str, sections: Mapping[str, Mapping[str, Any]]) -> str:
    """`text` with more in its top-level `sections`; raises Refused where its layout leaves no place to add them."""
    wanted = {name: section for name, section in sections.items() if section}
    new = text
    for name, section in wanted.items():
        new = _add_section(new, file, name, section)
    before, after = parse_text(text, file), parse_text(new, file)
    expected = dict(before.data)
    for name, section in wanted.items():
        expected[name] = {**(before.data.get(name) or {}), **section}
    if after.problems or after.data != expected:
        raise _no_place(file)
    return new


def _add_section(text: str, file: str, name: str, section: Mapping[str, Any]) -> str:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    keys = {key.value: (key, value) for key, value in root.value} if isinstance(root, yaml.MappingNode) else {}
    if name not in keys:
        at = keys["jobs"][0].start_mark.line if name == "secrets" and "jobs" in keys else len(lines)
        block = dump({name: dict(section)})
        lines.insert(at, f"{block}\n" if at < len(lines) else f"\n{block}")
        return "".join(lines)
    key, value = keys[name]
    if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style:
        column, at = value.value[0][0].start_mark.column, line_after(value)
    elif isinstance(value, yaml.ScalarNode) and value.value == "":
        column, at = key.start_mark.column + _INDENT, key.start_mark.line + 1
    else:
        raise _no_place(file)
    lines.insert(at, indented(dump(section), column))
    return "".join(lines)


def _no_place(file: str) -> Refused:
    return Refused(
        f"{file} is laid out in a way that nothing can be added to it; nothing was written.",
        "Run it with --dry-run, which prints what to add, and add that by hand.",
    )
