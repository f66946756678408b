from __future__ import annotations

import pytest

from supacron.load.locate import NodeIndex

TEXT = """\
base: &base
  schedule: '@daily'
  body: {ids: [1, {a: b}]}
jobs:
  one:
    <<: *base
    function: f
  two:
    <<: [*base]
    schedule: '@hourly'
"""


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        (("base", "schedule"), False, "f:2:13"),
        (("base", "schedule"), True, "f:2:3"),
        (("base", "body"), False, "f:3:3"),
        (("base", "body", "ids", 0), False, "f:3:16"),
        (("base", "body", "ids", 1), False, "f:3:19"),
        (("base", "body", "ids", 1, "a"), False, "f:3:23"),
        (("base", "body", "ids", 7), False, "f:3:10"),
        (("jobs", "one"), False, "f:5:3"),
        (("jobs", "one", "schedule"), False, "f:2:13"),
        (("jobs", "two", "schedule"), False, "f:10:15"),
        (("jobs", "one", "absent"), False, "f:5:3"),
        (("base", "schedule", "deeper"), False, "f:2:3"),
        (("absent", "too"), False, "f:1:1"),
        ((), False, "f:1:1"),
    ],
)
def test_places(path: tuple[str | int, ...], key: bool, place: str) -> None:
    index = NodeIndex(TEXT, "f")

    assert str(index.place(path, key=key)) == place
    assert str(index.place(path, key=key)) == place, "the second look uses what the first one kept"


def test_an_empty_text_has_one_place() -> None:
    assert str(NodeIndex("# nothing", "f").place(("a",))) == "f:1:1"
