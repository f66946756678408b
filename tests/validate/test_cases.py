"""Whole stacks with mistakes: `NAME.yaml` (and `NAME.config.yaml`) give exactly what `NAME.txt` says.

`NAME.ok.yaml` is the same without the mistakes: nothing is said about it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import InvalidInput, Problem
from supacron.load.files import Loaded, load_stack

CASES = Path(__file__).parent / "cases"
CONFIG = """\
config:
  supacron:projectRef: abcdefghijklmnopqrst
  supacron:projectUrl: https://abcdefghijklmnopqrst.supabase.co
"""


def names(kind: str) -> list[str]:
    return sorted(path.stem for path in (CASES / kind).glob("*.txt"))


def load(tmp_path: Path, kind: str, name: str) -> Loaded:
    config = CASES / kind / f"{name}.config.yaml"
    (tmp_path / "case.yaml").write_bytes((CASES / kind / f"{name}.yaml").read_bytes())
    (tmp_path / "Pulumi.case.yaml").write_text(config.read_text() if config.exists() else CONFIG)
    return load_stack(tmp_path, "case")


def golden(problems: tuple[Problem, ...], tmp_path: Path) -> str:
    return "".join(f"{problem}\n" for problem in problems).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize("name", names("mistakes"))
def test_every_mistake_is_reported(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path, "mistakes", name)

    assert golden(caught.value.problems, tmp_path) == (CASES / "mistakes" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", names("warnings"))
def test_every_warning_is_given(tmp_path: Path, name: str) -> None:
    warnings = load(tmp_path, "warnings", name).warnings

    assert golden(warnings, tmp_path) == (CASES / "warnings" / f"{name}.txt").read_text()


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in ("mistakes", "warnings") for name in names(kind)])
def test_nothing_is_said_about_the_twin(tmp_path: Path, kind: str, name: str) -> None:
    assert load(tmp_path, kind, f"{name}.ok").warnings == ()


def test_no_case_is_forgotten() -> None:
    for kind in ("mistakes", "warnings"):
        inputs = {path.name.split(".")[0] for path in (CASES / kind).glob("*.yaml")}
        assert inputs == set(names(kind))


def test_no_token_is_repeated() -> None:
    text = (CASES / "mistakes" / "tokens.txt").read_text()

    assert not [token for token in ("madeup", "made-up", "letmein", "eyJ", "somebodyelse") if token in text]
