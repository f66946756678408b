"""Reading does not depend on how the role or the database is set up."""

from __future__ import annotations

import pytest

from supacron.live.connect import connect
from supacron.live.read import read_for
from supacron.plan.plan import make_plan
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import apply_here, http_job, stack

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", ["supacron, cron, net, public", "pg_catalog", "public, extensions"])
def test_another_search_path_is_no_drift(database: Database, path: str) -> None:
    wanted = stack({"one": http_job().model_copy(update={"timezone": "Europe/Berlin"})})
    apply_here(database, wanted)
    url = Secret(f"{database.url}?options=-c%20search_path%3D{path.replace(', ', '%2C')}")
    with connect(url, "test") as connection:
        live = read_for(connection, wanted)
    assert live.intact
    assert live.zones == {"Europe/Berlin": frozenset({60, 120})}
    assert make_plan(wanted, live, {}).changes == ()
