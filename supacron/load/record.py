"""The record beside a stack's file that says where its definitions come from."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from supacron.errors import InvalidInput, Place, Problem
from supacron.model.promotion import Record


def record_path(directory: Path, stack: str) -> Path:
    return directory / f"{stack}.promotion.json"


def read_record(directory: Path, stack: str) -> Record | None:
    """The record of the stack; None when there is none. Raises InvalidInput for a file that is no record."""
    path = record_path(directory, stack)
    try:
        return Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        problem = Problem(
            "is not a record of a promotion",
            "`supacron promote` and `supacron rollback` write it: take it from git, or run them again.",
            Place(str(path), 1, 1),
        )
        raise InvalidInput([problem]) from None
