"""A stack before and after in YAML, the changes and the SQL that lead from one to the other; each with a no-op twin.

A case is a folder of `cases/`: `after.yaml`, `before.yaml` (absent: an empty database), `plan.txt` and `steps.sql`.
With UPDATE_GOLDEN=1 in the environment the last two are written anew, for review.
"""

from __future__ import annotations

import os
from pathlib import Path

import pglast
import pytest

from supacron.live.state import LiveState, empty
from supacron.load.files import build
from supacron.model.desired import Desired
from supacron.plan.changes import Kind, Plan
from supacron.plan.plan import make_plan
from supacron.plan.step import Step
from supacron.plan.steps import steps
from tests.support.states import applied

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
CONFIG = {"projectRef": "examplexgoldxproject", "projectUrl": "https://examplexgoldxproject.supabase.co"}


def desired(case: str, which: str) -> Desired:
    return build("golden", FOLDER / case / which, CONFIG).desired


def before(case: str) -> LiveState:
    return applied(desired(case, "before.yaml")) if (FOLDER / case / "before.yaml").exists() else empty()


def text_of(plan: Plan) -> str:
    lines = []
    for change in plan.changes:
        lines.append(str(change))
        lines.extend(f"    {field.name}: {field.old!r} -> {field.new!r}" for field in change.fields)
    return "\n".join(lines) + "\n"


def script_of(found: tuple[Step, ...]) -> str:
    """The steps of the stack itself: what installs the runtime and the queue is the templates' own text."""
    templates = ("make the schema", "migration", "install functions", "record the queue")
    kept = [step for step in found if not step.title.startswith(templates)]
    return "\n".join(f"-- {step.title}\n" + "\n".join(part.sql for part in step.statements) for step in kept)


def check(path: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("case", CASES)
def test_changes_and_sql(case: str) -> None:
    wanted, live = desired(case, "after.yaml"), before(case)
    plan = make_plan(wanted, live, {}, check_values=False)
    assert not plan.refusals
    check(FOLDER / case / "plan.txt", text_of(plan))
    script = script_of(steps(plan, wanted, live, {}))
    check(FOLDER / case / "steps.sql", script)
    assert pglast.parse_sql(script)


@pytest.mark.parametrize("case", CASES)
def test_once_applied_nothing_is_left_to_do(case: str) -> None:
    wanted = desired(case, "after.yaml")
    live = applied(wanted)
    plan = make_plan(wanted, live, {}, check_values=False)
    assert plan.changes == ()
    assert steps(plan, wanted, live, {}) == ()


@pytest.mark.parametrize("case", CASES)
def test_the_order_in_the_file_does_not_matter(case: str) -> None:
    wanted, live = desired(case, "after.yaml"), before(case)
    turned = wanted.model_copy(
        update={
            "jobs": dict(reversed(wanted.jobs.items())),
            "secrets": dict(reversed(wanted.secrets.items())),
        }
    )
    plans = [make_plan(each, live, {}, check_values=False) for each in (wanted, turned)]
    assert plans[0] == plans[1]
    assert steps(plans[0], wanted, live, {}) == steps(plans[1], turned, live, {})
    assert wanted.to_json() == turned.to_json()


def test_every_kind_of_change_has_a_case() -> None:
    seen = set()
    for case in CASES:
        plan = make_plan(desired(case, "after.yaml"), before(case), {}, check_values=False)
        seen |= {(change.kind, change.action) for change in plan.changes}
    assert {str(action) for kind, action in seen if kind is Kind.JOB} == {"create", "rename", "update", "remove"}
    for kind in (Kind.SECRET, Kind.ALERT, Kind.QUEUE):
        assert {str(action) for seen_kind, action in seen if seen_kind is kind} == {"create", "update", "remove"}
