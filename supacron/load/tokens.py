"""Literal tokens in a stack's files, as problems that name the place and never the value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from supacron.errors import Place, Problem
from supacron.load.yaml_source import Source
from supacron.model.paths import KeyPath, format_path
from supacron.secret import MASK
from supacron.validate.tokens import find_in_data, find_in_lines, may_hold_token

_REMEDY: Final = (
    "Declare a name under `secrets:`, send it with `auth: {secret: NAME}`, and set the value with: "
    "pulumi config set --secret --path 'supacron:secrets.NAME'. Replace the key: it was readable here."
)


_ENOUGH: Final = 12
"""Characters by which a token is recognised; fewer of them give nothing away."""


@dataclass(frozen=True)
class TokenProblems:
    """`values` are the tokens themselves, for masking only.

    `places` are where they stand: nothing else is said about a value that must go anyway.
    """

    problems: list[Problem]
    values: frozenset[str]

    @property
    def places(self) -> frozenset[Place | str]:
        return frozenset(problem.place or problem.path for problem in self.problems)


def token_problems(definition: Source, config: Source) -> TokenProblems:
    """Tokens in the values, keys and comments of a stack's file and of the `supacron:` part of its Pulumi config."""
    problems: list[Problem] = []
    values: set[str] = set()
    for source in (definition, config):
        if source.text is not None and not may_hold_token(source.text):
            continue
        for token in find_in_data(source.data):
            values.add(token.value)
            if source is definition or _is_ours(token.path):
                shown = token.path if source is definition else token.path[1:]
                problems.append(_problem(token.kind, source.place(token.path, key=token.at_key), format_path(shown)))
    for source in (definition, config):
        for line, column, kind, value in find_in_lines(source.text or ""):
            if not any(value in known or known in value for known in values):
                values.add(value)
                problems.append(_problem(kind, Place(source.file, line, column), ""))
    return TokenProblems(problems, frozenset(values))


def _is_ours(path: KeyPath) -> bool:
    """Other namespaces are other programs'; plain values of these two keys have a problem and a remedy of their own."""
    key = str(path[1]) if len(path) > 1 else ""
    return key.startswith("supacron:") and key not in ("supacron:databaseUrl", "supacron:secrets")


def mask(text: str, values: Collection[str]) -> str:
    """`text` without the tokens, also where a long one was cut off."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASK)
    for value in values:
        text = re.sub(rf"{re.escape(value[:_ENOUGH])}[^\s`\"']*", MASK, text)
    return text


def mask_tokens(problems: Iterable[Problem], values: frozenset[str]) -> list[Problem]:
    """`problems` without the tokens, wherever a name or a schedule repeated one."""
    return [
        replace(
            problem,
            message=mask(problem.message, values),
            remedy=mask(problem.remedy, values),
            path=mask(problem.path, values),
        )
        for problem in problems
    ]


def _problem(kind: str, place: Place | None, path: str) -> Problem:
    return Problem(f"{kind} in plain text", _REMEDY, place, path)
