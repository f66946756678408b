from __future__ import annotations

import pytest
import yaml

from supacron.load.syntax import syntax_problem
from supacron.load.yaml_source import parse_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: */30 * * * *", "1:5: text that starts with `*` or `&` must be quoted"),
        ("a: @daily", "1:4: this character cannot start unquoted text"),
        ("a:\n\tb: 1", "2:1: a tab where YAML allows only blanks"),
        ("a: 'x", "1:4: a quoted text that is never closed"),
        ("a: [1, 2", "2:1: a list or mapping in brackets that is not closed"),
        ("a: b: c", "1:5: a colon stands where no key can be"),
        ("a: 1\nb", "2:1: a key without a colon"),
        ("key: - a", "1:6: a list cannot start here"),
        ("a:\n  - 1\n b", "3:2: the indentation does not fit what stands before it"),
        ('a: "\\q"', "1:5: an unknown escape in double quotes"),
        ("a: 1\n...\nb: 2", "3:1: something stands behind the end of the document"),
        ("%YAML 3.0\n---\na: 1", "1:1: not YAML: found incompatible YAML document"),
    ],
)
def test_syntax_errors_in_plain_words(text: str, expected: str) -> None:
    (problem,) = parse_text(text, "f").problems

    assert str(problem).split("\n")[0] == f"f:{expected}"
    assert problem.remedy


def test_an_error_without_a_mark() -> None:
    problem = syntax_problem(yaml.MarkedYAMLError(problem="odd"), "", "f")

    assert str(problem.place) == "f:1:1"
