"""`promotion.yaml`, which lies beside the folder of the stacks: the order of the environments, and their gates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from supacron.errors import InvalidInput, Problem
from supacron.load.yaml_source import Source, read_file
from supacron.model.paths import KeyPath, format_path
from supacron.model.promotion import GATES, PromotionFile
from supacron.validate.findings import did_you_mean

FILE: Final = "promotion.yaml"
_MESSAGES: Final = {
    "missing": ("is missing", "Add it: docs/promotion.md has an example."),
    "too_short": ("names less than two environments", "Write them in order, as in [dev, staging, prod]."),
    "bool_type": ("must be true or false", "Write true or false, without quotes."),
    "int_type": ("must be a whole number", "Write it without quotes."),
    "greater_than_equal": ("must not be negative", "Write 0 or more."),
}


def read_promotion(directory: Path) -> PromotionFile | None:
    """The file beside `directory`, where the stacks are; None when there is none. Raises InvalidInput."""
    path = directory.parent / FILE
    try:
        source = read_file(path)
    except FileNotFoundError:
        return None
    problems = list(source.problems)
    found: PromotionFile | None = None
    if not problems:
        try:
            found = PromotionFile.model_validate(source.data, strict=True)
        except ValidationError as error:
            problems += _problems(error, source)
    problems += _check(found, source) if found else ()
    if problems or found is None:
        raise InvalidInput(problems)
    return found


def _problems(error: ValidationError, source: Source) -> Iterator[Problem]:
    for each in error.errors():
        path: KeyPath = each["loc"]
        if each["type"] == "extra_forbidden":
            known = GATES if len(path) > 2 else PromotionFile.model_fields
            remedy = f"{did_you_mean(str(path[-1]), known)}Known keys: {', '.join(known)}."
            yield _problem(source, path, "unknown key", remedy, key=True)
        elif each["type"] == "value_error":
            yield _problem(source, path, each["msg"].removeprefix("Value error, "), "See docs/promotion.md.")
        else:
            message, remedy = _MESSAGES.get(each["type"], (each["msg"].lower(), "See docs/promotion.md."))
            yield _problem(source, path, message, remedy)


def _check(file: PromotionFile, source: Source) -> Iterator[Problem]:
    for index, name in enumerate(file.order):
        if name in file.order[:index]:
            yield _problem(source, ("order", index), f"{name} stands here twice", "Name each environment once.")
    for name in file.gates:
        if name not in file.order:
            remedy = f"{did_you_mean(name, file.order)}Add it to `order`, or remove its gates."
            yield _problem(source, ("gates", name), f"{name} is not in `order`", remedy, key=True)
        elif name == file.order[0]:
            remedy = "The first environment is edited by hand: remove its gates."
            yield _problem(source, ("gates", name), "nothing is promoted into the first environment", remedy, key=True)


def _problem(source: Source, path: KeyPath, message: str, remedy: str, *, key: bool = False) -> Problem:
    return Problem(message, remedy, source.place(path, key=key), format_path(path))
