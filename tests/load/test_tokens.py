from __future__ import annotations

import pytest

from supacron.load.tokens import mask, token_problems
from supacron.load.yaml_source import from_mapping, parse_text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: 1 # sb_secret_madeupmadeup", ["f:1:8"]),
        ("a: sb_secret_madeupmadeup # sb_secret_madeupmadeup", ["f:1:4"]),
        ("sb_secret_madeupmadeup: 1", ["f:1:1"]),
        ('a: "sb\\x5fsecret_madeupmadeup"', ["f:1:4"]),
        ("a: |\n  first\n  sb_secret_madeupmadeup", ["f:1:4"]),
    ],
)
def test_places_in_a_text(text: str, places: list[str]) -> None:
    found = token_problems(parse_text(text, "f"), from_mapping({}, "g"))

    assert [str(problem.place) for problem in found.problems] == places


def test_other_programs_config_is_theirs() -> None:
    config = {"config": {"other:key": "sb_secret_madeupmadeup", "supacron:databaseUrl": "postgres://a:made-up@b/"}}

    assert token_problems(from_mapping({}, "f"), from_mapping(config, "g")).problems == []


def test_masking_reaches_a_token_that_was_cut_off() -> None:
    token = "sb_secret_madeupmadeup"

    assert mask(f"key `{token[:15]}...` and '{token}' here", [token]) == "key `********` and '********' here"
