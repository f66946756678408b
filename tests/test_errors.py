"""Errors in the form in which people read them."""

from __future__ import annotations

from supacron.errors import ExitCode, InvalidInput, Place, Problem, Refused, SupacronError, Unreachable


def test_a_problem_has_its_place_its_path_and_its_remedy() -> None:
    problem = Problem("is wrong", "Mend it.", Place("stacks/a.yaml", 3, 7), "jobs.a.schedule")
    assert str(problem) == "stacks/a.yaml:3:7: jobs.a.schedule: is wrong\n    Mend it."
    assert str(Problem("is wrong", "Mend it.")) == "is wrong\n    Mend it."


def test_all_mistakes_are_listed() -> None:
    one, two = Problem("a", "b"), Problem("c", "d")
    assert str(InvalidInput([one, two])) == "a\n    b\nc\n    d\n2 mistakes found; nothing was written."
    assert InvalidInput([one]).message == "1 mistake found; nothing was written."


def test_errors_have_exit_codes() -> None:
    assert str(SupacronError("what", "how")) == "what\n    how"
    assert str(SupacronError("what")) == "what"
    codes = {error.exit_code for error in (SupacronError, InvalidInput, Refused, Unreachable)}
    assert codes == {ExitCode.FAILED, ExitCode.INVALID, ExitCode.REFUSED, ExitCode.UNREACHABLE}
