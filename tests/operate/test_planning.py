from __future__ import annotations

import pytest

from supacron.errors import Unreachable
from supacron.load.files import load_stack
from supacron.operate.planning import plan_now
from supacron.plan.changes import Plan
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.deployed import DEFINITION, KEY, Project, url_of

pytestmark = pytest.mark.slow


def plan(database: Database, project: Project, environ: dict[str, str] | None = None) -> Plan:
    return plan_now(url_of(database), load_stack(project.stacks, "dev").desired, environ or {})


def test_what_is_applied_needs_no_change(project: Project, database: Database) -> None:
    assert plan(database, project, {"E_KEY": KEY}).changes == ()


def test_a_new_value_of_a_variable_is_a_change(project: Project, database: Database) -> None:
    found = plan(database, project, {"E_KEY": "another"})
    assert [str(change) for change in found.changes] == ["~ secret key (new value) [drift]"]
    assert "another" not in str(found.to_json())


def test_an_absent_variable_is_no_change(project: Project, database: Database) -> None:
    assert plan(database, project).changes == ()


def test_old_and_new_values_are_there(project: Project, database: Database) -> None:
    project.write(DEFINITION.replace("15 3 * * *", "45 3 * * *"), url="http://127.0.0.1:9")
    changed = {change.name: change for change in plan(database, project).changes}
    (schedule,) = [field for field in changed["nightly"].fields if field.name == "schedule"]
    assert (schedule.old, schedule.new) == ("15 3 * * *", "45 3 * * *")


def test_an_empty_database_is_planned_too(written: Project, database: Database) -> None:
    assert {change.action for change in plan(database, written).changes} == {"create"}


def test_nothing_is_written(written: Project, database: Database) -> None:
    plan(database, written)
    with database.connect() as connection:
        assert connection.execute("select to_regnamespace('supacron')").fetchone() == (None,)


def test_a_database_that_does_not_let_us_in_is_unreachable(written: Project, database: Database) -> None:
    desired = load_stack(written.stacks, "dev").desired
    with pytest.raises(Unreachable, match="no_such_database"):
        plan_now(Secret(f"{database.url.rpartition('/')[0]}/no_such_database"), desired, {})
