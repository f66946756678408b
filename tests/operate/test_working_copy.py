from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import SupacronError
from supacron.operate.working_copy import write_together


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    same, other, gone, new = (tmp_path / name for name in ("same", "other", "gone", "new"))
    for path in (same, other, gone):
        path.write_text("old")
    other.chmod(0o600)
    assert write_together({same: "old", other: "new", gone: None, new: "new"}) == (other, gone, new)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"same": "old", "other": "new", "new": "new"}
    assert other.stat().st_mode & 0o777 == 0o600


def test_all_or_nothing(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "missing" / "second"
    first.write_text("old")
    with pytest.raises(SupacronError, match="nothing was changed"):
        write_together({first: "new", second: "new"})
    assert [path.name for path in tmp_path.iterdir()] == ["first"]
    assert first.read_text() == "old"
