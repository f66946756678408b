from __future__ import annotations

import pytest

from supacron.load.source import digest_of
from supacron.load.yaml_source import parse_text

TEXT = "jobs:\n  a: {schedule: '0 1 * * *', sql: select 1, enabled: true}\n  b: {schedule: '@daily', sql: select 2}\n"


def digest(text: str) -> str:
    return digest_of(parse_text(text, "file").data)


def test_spelling_does_not_count() -> None:
    other = """\
# A comment.
x: &b
  sql: "select 2"
  schedule: "@daily"
jobs: {b: *b, a: {enabled: true, sql: select 1, schedule: 0 1 * * *}}
""".replace("x: &b\n", "jobs_b: &b\n")
    data = parse_text(other, "file").data
    del data["jobs_b"]
    assert digest_of(data) == digest(TEXT)


@pytest.mark.parametrize("change", [("true", "false"), ("true", "'true'"), ("true", "1"), ("select 2", "select 3")])
def test_each_value_counts(change: tuple[str, str]) -> None:
    assert digest(TEXT.replace(*change)) != digest(TEXT)
