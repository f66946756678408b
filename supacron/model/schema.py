"""The JSON Schema of `stacks/<stack>.yaml`, for editors.

`python -m supacron.model.schema` writes it to docs/stack.schema.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from supacron.model.stack_file import StackFile
from supacron.model.units import DURATION_PATTERN, format_duration

SCHEMA_FILE = Path("docs/stack.schema.json")
_TIMES = ("schedule", "at")
_TARGETS = ("function", "url", "sql")


class _WithoutTitles(GenerateJsonSchema):
    """A field's name is its title: repeating it in title case helps nobody."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False


def stack_schema() -> dict[str, Any]:
    """The schema, from the models; what pydantic cannot say is added here."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= StackFile.model_json_schema(by_alias=True, schema_generator=_WithoutTitles)
    schema["title"] = "supacron stack"
    schema["properties"]["secrets"]["additionalProperties"] = False
    for model in (schema, *schema["$defs"].values()):
        for field in model.get("properties", {}).values():
            _plain_default(field)
    schema["$defs"]["Job"]["allOf"] = [{"oneOf": [_given(key) for key in keys]} for keys in (_TIMES, _TARGETS)]
    return schema


def _given(key: str) -> dict[str, Any]:
    return {"required": [key], "properties": {key: {"type": "string"}}}


def _plain_default(field: dict[str, Any]) -> None:
    """A default as people write it; an absent or empty one says nothing."""
    default = field.get("default")
    if default is None or isinstance(default, dict):
        field.pop("default", None)
    elif field.get("pattern") == DURATION_PATTERN:
        field["default"] = format_duration(default)


def schema_text() -> str:
    """The file's content."""
    return json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
