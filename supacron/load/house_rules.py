"""Reads the file of house rules."""

from __future__ import annotations

from pathlib import Path

from supacron.errors import InvalidInput, Problem
from supacron.load.yaml_source import read_file
from supacron.model.house_rules import HouseRules
from supacron.model.paths import format_path
from supacron.validate.shape import check_shape


def read_house_rules(path: Path) -> HouseRules:
    """The rules; raises InvalidInput with every mistake in the file, or because it cannot be read."""
    try:
        source = read_file(path)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise InvalidInput([Problem(f"{path} cannot be read: {reason}", "Check the path of --policy.")]) from None
    rules, findings = check_shape(HouseRules, source.data)
    problems = [
        *source.problems,
        *(
            Problem(each.message, each.remedy, source.place(each.path, key=each.at_key), format_path(each.path))
            for each in findings
            if source.data
        ),
    ]
    if problems or rules is None:
        raise InvalidInput(problems)
    return rules
