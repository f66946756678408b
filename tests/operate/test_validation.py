from __future__ import annotations

from pathlib import Path

import pytest

from supacron.operate.target import Usage
from supacron.operate.validation import chosen_stacks, validate
from tests.support.deployed import Project


def test_a_good_stack_is_valid(written: Project) -> None:
    found = validate(written.stacks, "dev")
    assert (found.valid, found.jobs, found.problems) == (True, 4, ())


def test_every_mistake_is_found(written: Project) -> None:
    (written.stacks / "dev.yaml").write_text("jobs:\n  a: {schedule: '* *', sql: x}\n  b: {shedule: 1}\n")
    found = validate(written.stacks, "dev")
    assert not found.valid
    assert {problem.place.line for problem in found.problems if problem.place} == {2, 3}


def test_functions_that_are_not_there_are_a_mistake(written: Project) -> None:
    ref = "abcdefghijklmnopqrst"
    written.write(
        "functions:\n  deploy:\n    hello: {verify_jwt: false}\n    gone: {verify_jwt: false}\njobs: {}\n",
        url=f"https://{ref}.supabase.co",
        ref=ref,
    )
    (written.root / "functions" / "hello").mkdir(parents=True)
    (written.root / "functions" / "hello" / "index.ts").touch()
    (problem,) = validate(written.stacks, "dev").problems
    assert problem.place is not None
    assert (problem.path, problem.place.line) == ("functions.deploy.gone", 4)
    assert problem.message == "functions/gone/index.ts is not there"


def test_without_a_name_it_is_every_stack(written: Project) -> None:
    (written.stacks / "prod.yaml").write_text("")
    assert chosen_stacks(written.stacks, None) == ["dev", "prod"]
    assert chosen_stacks(written.stacks, "all") == ["dev", "prod"]
    assert chosen_stacks(written.stacks, "prod") == ["prod"]


def test_a_folder_without_stacks_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="no stack in"):
        chosen_stacks(tmp_path, None)


def test_a_time_that_is_past_is_a_warning(written: Project) -> None:
    """Only a database knows whether the job has run."""
    written.write(
        "jobs:\n  once: {at: '2020-01-01', sql: select 1}\n"
        "  ended: {schedule: '0 * * * *', until: '2020-01-01', sql: select 1}\n"
        "  to-come: {at: '2999-01-01', sql: select 1}\n  idle: {at: '2020-01-01', sql: select 1, enabled: false}\n"
    )
    found = validate(written.stacks, "dev")
    assert found.valid
    assert [(each.path, each.place and each.place.line) for each in found.warnings] == [
        ("jobs.once.at", 2),
        ("jobs.ended.until", 3),
    ]
