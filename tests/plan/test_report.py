"""A plan in words. What comes from a file or a database stays inert in a pull request's comment."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.errors import Problem
from supacron.plan.changes import Action, Change, FieldChange, Kind, Plan
from supacron.plan.report import SHOWN_IN_MARKDOWN, drift_first, field_text, markdown, summary
from supacron.schedule.peak import Peak

UPDATE = Change(Kind.JOB, Action.UPDATE, "a", (FieldChange("timeout_ms", 3000, 60_000),))
DRIFT = Change(Kind.JOB, Action.CREATE, "b", note="it was deleted outside", drift=True)


def test_a_pull_request_sees_the_whole_plan() -> None:
    plan = Plan(
        stack="prod",
        changes=(UPDATE, DRIFT),
        refusals=(Problem("too many", "Do less.", path="limits.remove"),),
        warnings=("a key ends soon",),
        unmanaged=("by-hand",),
        paused={"c": "why (Ada)"},
        collisions=(Peak(3, 0, ("a", "b")),),
    )
    assert (
        markdown(plan)
        == """\
### supacron plan: `prod`

**an apply is refused, for 1 reason**

#### Refused

- `limits.remove: too many`
  - `Do less.`

#### Changed outside, to be repaired

- `+` job `b` `it was deleted outside`

#### To be changed

- `~` job `a`
  - `timeout_ms: 3s -> 1m`

#### Paused

- `c: why (Ada)`

#### Warnings

- `a key ends soon`

#### Jobs that start in the same minute

- `2 jobs start at 03:00 UTC: a, b`

An `H` in place of the minute, as in `H * * * *`, gives each job one of its own (docs/schedules.md).

#### Left alone, made by hand

- `by-hand`
"""
    )


def test_an_empty_plan_says_so() -> None:
    assert markdown(Plan("dev"), "drift").splitlines()[-1] == "**nothing to change**"


def test_drift_comes_first() -> None:
    plan = Plan("dev", (UPDATE, DRIFT))
    assert drift_first(plan) == (DRIFT, UPDATE)
    assert summary(plan) == "1 to update, 1 to create; 1 changed outside"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (FieldChange("schedule", None, "* * * * *"), "schedule: * * * * *"),
        (FieldChange("owner", "me", None), "owner: me -> none"),
        (FieldChange("body", {"b": 1, "a": [True]}, []), 'body: {"a": [true], "b": 1} -> []'),
    ],
)
def test_old_and_new_of_a_field(field: FieldChange, text: str) -> None:
    assert field_text(field) == text


def test_many_changes_and_long_values_are_cut() -> None:
    many = tuple(Change(Kind.JOB, Action.REMOVE, f"j{number}") for number in range(SHOWN_IN_MARKDOWN + 5))
    assert "- and 5 more\n" in markdown(Plan("dev", many))
    long = Change(Kind.JOB, Action.UPDATE, "a", (FieldChange("command", "x" * 9000, "y"),))
    assert len(markdown(Plan("dev", (long,)))) < 500


@given(st.text())
def test_no_text_leaves_its_code_span(text: str) -> None:
    change = Change(Kind.JOB, Action.UPDATE, text, (FieldChange("body", text, text),), note=text)
    shown = markdown(Plan("dev", (change,)))
    assert len(shown.splitlines()) == 8
    for line in shown.splitlines()[6:]:
        # As CommonMark reads code spans: a run of backticks up to the next run of the same length.
        rest = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", line)
        assert re.fullmatch(r" *- ?( job)? *", rest), rest
