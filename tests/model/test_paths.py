from __future__ import annotations

import pytest

from supacron.model.paths import KeyPath, format_path, shorten


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("jobs", "batch-30min", "body", "ids", 0), "jobs.batch-30min.body.ids[0]"),
        (("jobs", "a.b c", "schedule"), 'jobs."a.b c".schedule'),
        (("supacron:overrides", "a\nb"), 'supacron:overrides."a\\nb"'),
        (("jobs", ""), 'jobs.""'),
    ],
)
def test_paths_in_messages(path: KeyPath, text: str) -> None:
    assert format_path(path) == text


def test_long_text_is_cut() -> None:
    assert shorten("x" * 61) == "x" * 57 + "..."
    assert shorten("x" * 60) == "x" * 60
