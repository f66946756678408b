from __future__ import annotations

from supacron.load.emit import replace_entry

TEXT = """\
# head
config:
  a: 1   # one
  b:
    x: {y: 2}
  # about c
  c: 3
other: true
"""


def test_an_entry_is_replaced_and_the_rest_stays() -> None:
    assert replace_entry(TEXT, "config", "b", {"z": [1, "*/5 * * * *"]}) == TEXT.replace(
        "    x: {y: 2}\n", "    z:\n    - 1\n    - '*/5 * * * *'\n"
    )


def test_an_entry_is_added_or_removed() -> None:
    assert replace_entry(TEXT, "config", "d", {"e": "f"}) == TEXT.replace("  c: 3\n", "  c: 3\n  d:\n    e: f\n")
    assert replace_entry(TEXT, "config", "b", {}) == TEXT.replace("  b:\n    x: {y: 2}\n", "")


def test_a_layout_without_lines_of_its_own() -> None:
    assert replace_entry("config: {a: 1}\n", "config", "a", {"b": 2}) is None
    assert replace_entry("a: 1\n", "config", "a", {"b": 2}) is None
