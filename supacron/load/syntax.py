"""libyaml's syntax errors in plain words, with the remedy."""

from __future__ import annotations

from typing import Final

import yaml

from supacron.errors import Place, Problem

_QUOTE: Final = "Quote the text: '...'."
_AT_THE_START: Final = ("unexpected end of stream", "could not find expected ':'")
"""Libyaml notices these only later; the useful place is where the text started."""
_TRANSLATIONS: Final = (
    (
        "alphabetic or numeric character",
        "text that starts with `*` or `&` must be quoted",
        "Quote it, as in schedule: '*/30 * * * *'.",
    ),
    (
        "mapping values are not allowed",
        "a colon stands where no key can be",
        "Quote text that holds a colon and a blank; else check the indentation.",
    ),
    (
        "did not find expected key",
        "the indentation does not fit what stands before it",
        "Keys of one mapping start in the same column; text that starts with a quote must end with it.",
    ),
    ("could not find expected ':'", "a key without a colon", "Write `key: value`, or quote text that spans lines."),
    ("unexpected end of stream", "a quoted text that is never closed", "Add the closing quote."),
    (
        "did not find expected ',' or",
        "a list or mapping in brackets that is not closed",
        "Add the comma or the bracket.",
    ),
    ("did not find expected '-' indicator", "a list item without its dash", "Start each item with `- `, aligned."),
    ("did not find expected <document start>", "something stands behind the end of the document", "Remove it."),
    ("escape c", "an unknown escape in double quotes", "Use single quotes, or double each backslash."),
    ("block sequence entries are not allowed", "a list cannot start here", "Start the list on a line of its own."),
    ("cannot start any token", "this character cannot start unquoted text", _QUOTE),
    ("tab", "a tab in the indentation", "Indent with blanks."),
)


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """`error` as a Problem; the text of the file is never repeated in it."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem("this is not YAML", "Check the file with a YAML linter.", Place(file, 1, 1))
    problem = error.problem or ""
    if error.context_mark is not None and any(part in problem for part in _AT_THE_START):
        mark = error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1)
    if text[mark.index : mark.index + 1] == "\t":
        return Problem("a tab where YAML allows only blanks", "Indent with blanks.", place)
    for part, message, remedy in _TRANSLATIONS:
        if part in problem:
            return Problem(message, remedy, place)
    return Problem(f"not YAML: {problem}", "Check the indentation and the quotes around this place.", place)
