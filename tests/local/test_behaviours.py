"""The written list of behaviours names a test for each of its lines."""

from __future__ import annotations

import re
from pathlib import Path

from local.services import REPOSITORY

HERE = Path(__file__).parent
LINE = re.compile(r"^- .*\(`(?P<file>test_\w+\.py)::(?P<test>test_\w+)`\)$")


def test_every_line_has_its_test() -> None:
    checked, _, _ = (REPOSITORY / "local" / "BEHAVIOURS.md").read_text().partition("## Differences")
    lines = [line for line in checked.splitlines() if line.startswith("- ")]
    assert len(lines) > 40
    for line in lines:
        named = LINE.match(line)
        assert named is not None, line
        assert f"\ndef {named['test']}(" in (HERE / named["file"]).read_text(), line
