from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from supacron.model import schema

ROOT = Path(__file__).parents[2]
VALID = sorted(path for path in (ROOT / "stacks").glob("*.yaml") if not path.name.startswith("Pulumi."))
INVALID = ["keys", "types", "targets", "secrets"]


def test_the_committed_schema_is_current() -> None:
    assert (ROOT / schema.SCHEMA_FILE).read_text() == schema.schema_text(), "run: python -m supacron.model.schema"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema.stack_schema())


def test_writing_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()

    assert schema.main() == 0

    assert json.loads((tmp_path / schema.SCHEMA_FILE).read_text()) == schema.stack_schema()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_shipped_stacks_fit_it(path: Path) -> None:
    assert list(Draft202012Validator(schema.stack_schema()).iter_errors(yaml.safe_load(path.read_text()))) == []
    assert path.read_text().startswith("# yaml-language-server: $schema=../docs/stack.schema.json\n")


@pytest.mark.parametrize("name", INVALID)
def test_mistakes_of_form_do_not_fit_it(name: str) -> None:
    cases = ROOT / "tests" / "validate" / "cases" / "mistakes"
    validator = Draft202012Validator(schema.stack_schema())

    assert not validator.is_valid(yaml.safe_load((cases / f"{name}.yaml").read_text()))
    assert validator.is_valid(yaml.safe_load((cases / f"{name}.ok.yaml").read_text()))


def test_durations_are_written_as_people_write_them() -> None:
    retention = schema.stack_schema()["$defs"]["Retention"]["properties"]

    assert retention["runs"]["default"] == "30d"
