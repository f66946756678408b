from __future__ import annotations

import pytest

from supacron.validate.http import same_origin, sends_in_clear


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("https://a.example/x", "https://a.example", True),
        ("https://a.example:443/x", "https://A.example", True),
        ("http://a.example:80/x", "http://a.example", True),
        ("http://a.example", "https://a.example", False),
        ("https://a.example:8443", "https://a.example", False),
        ("https://a.example.evil.example", "https://a.example", False),
    ],
)
def test_origins(left: str, right: str, same: bool) -> None:
    assert same_origin(left, right) is same


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("https://example.com", False),
        ("http://example.com", True),
        ("http://127.0.0.1:54321", False),
        ("http://[::1]/", False),
        ("http://localhost", False),
        ("http://10.0.0.1", True),
    ],
)
def test_what_leaves_the_machine_unencrypted(url: str, clear: bool) -> None:
    assert sends_in_clear(url) is clear
