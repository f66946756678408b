"""dev -> staging -> prod on three clusters, with gates that refuse, one that is waived, a hotfix, and a rollback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supacron.errors import ExitCode
from supacron.model.promotion import GATES
from tests.support.environments import NAMES, Environments, running_clusters

pytestmark = pytest.mark.slow

DEFINITION = """\
# Edited in dev alone.
secrets: {key: {env: E_KEY}}
jobs:
  nightly: {schedule: '15 3 * * *', sql: select 1}  # before anybody is awake
  weekly: {schedule: '0 9 * * 1', sql: select 2}
"""
PROMOTION = {
    "order": list(NAMES),
    "gates": {"staging": {"runs": 1}, "prod": {"runs": 4, "success_rate": "75%", "soaked": "1h"}},
}
KEY = {"E_KEY": "canary-5b1d"}
OVERRIDES = {"prod": {"jobs": {"nightly": {"schedule": "45 4 * * *"}}}}


@pytest.fixture
def environments(tmp_path: Path) -> Iterator[Environments]:
    with running_clusters(len(NAMES)) as clusters:
        made = Environments(tmp_path, dict(zip(NAMES, clusters, strict=True)))
        made.create(PROMOTION, {"dev": DEFINITION}, OVERRIDES)
        yield made


def latest(environments: Environments, name: str) -> dict[str, Any]:
    found = json.loads(environments.supacron("releases", "--json", "--stack", name, target=name).output)
    release: dict[str, Any] = found["releases"][0]
    return release


def gates(output: str) -> dict[str, str]:
    """What the table says of each gate."""
    rows = [line.split(None, 1) for line in output.splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 2 and row[0] in GATES}


def test_from_dev_to_prod_and_back(environments: Environments) -> None:
    environments.up("dev")
    assert latest(environments, "dev")["promotion"] is None
    to_staging(environments)
    to_prod_once_a_gate_is_waived(environments)
    gates_are_checked_again_before_the_apply(environments)
    a_hotfix_has_a_reason(environments)
    back_to_before_the_hotfix(environments)


def to_staging(there: Environments) -> None:
    """A gate that refuses: nothing is written. Once it holds, the file is dev's, comments included."""
    refused = there.supacron("promote", "dev", "staging", source="dev", target="staging")
    assert refused.code == ExitCode.REFUSED, refused.output
    assert re.fullmatch(r"FAILS +0 ended; never ran: nightly, weekly +at least 1", gates(refused.output)["runs"])
    assert re.fullmatch(r"FAILS +key is missing +all there, none expired", gates(refused.output)["secrets"])
    assert there.path("staging.yaml").read_text() == "version: 1\n"
    there.add_runs("dev", "skipped", 1)
    there.add_runs("dev", "ok", 1)
    promoted = there.supacron("promote", "dev", "staging", source="dev", target="staging", extra=KEY)
    assert promoted.code == 0, promoted.output
    assert "+ job nightly" in promoted.output
    assert "canary" not in promoted.output
    assert there.path("staging.yaml").read_text() == DEFINITION
    there.commit()
    there.up("staging")
    dev, staging = latest(there, "dev"), latest(there, "staging")
    assert (staging["definitions_digest"], staging["git_clean"]) == (dev["definitions_digest"], True)
    assert (staging["promotion"]["stack"], staging["promotion"]["release"]) == ("dev", dev["release"])


def to_prod_once_a_gate_is_waived(there: Environments) -> None:
    """An environment is not skipped; figures are told; what does not hold is waived with a reason, for the record."""
    skipped = there.supacron("promote", "dev", "prod", source="dev", target="prod")
    assert "from dev, and staging comes before prod" in gates(skipped.output)["in_order"]
    there.add_runs("staging", "ok", 3)
    there.add_runs("staging", "failed", 1)
    short = there.supacron("promote", "staging", "prod", source="staging", target="prod")
    assert short.code == ExitCode.REFUSED
    assert re.fullmatch(r"ok +75% \(3 of 4\) +at least 75%", gates(short.output)["success_rate"])
    assert gates(short.output)["soaked"].startswith("FAILS")
    waived = ("--waive", "soaked=the key leaked", "--by", "Ada")
    done = there.supacron("promote", "staging", "prod", *waived, source="staging", target="prod", extra=KEY)
    assert done.code == 0, done.output
    there.commit()


def gates_are_checked_again_before_the_apply(there: Environments) -> None:
    asked_again = {"SUPACRON_SOURCE_DATABASE_URL": there.clusters["staging"].url}
    there.query("staging", "select cron.alter_job(jobid, active := false) from cron.job where jobname = 'weekly'")
    status, output = there.pulumi("preview", "prod", asked_again)
    assert status != 0
    assert "gates.no_drift: staging: job weekly (needed: none)" in output
    there.query("staging", "select cron.alter_job(jobid, active := true) from cron.job where jobname = 'weekly'")
    assert "gate soaked waived:" in there.up("prod", asked_again)
    prod = latest(there, "prod")
    assert prod["definitions_digest"] == latest(there, "staging")["definitions_digest"]
    assert (prod["promotion"]["stack"], prod["promotion"]["by"]) == ("staging", "Ada")
    assert prod["waived"] == {"soaked": "the key leaked"}
    scheduled = dict(there.query("prod", "select name, schedule from supacron.job"))
    assert scheduled == {"nightly": "45 4 * * *", "weekly": "0 9 * * 1"}


def a_hotfix_has_a_reason(there: Environments) -> None:
    """prod's file is not edited by hand, but for a reason; the next promotion does not undo that unseen."""
    there.path("prod.yaml").write_text(DEFINITION.replace("select 2", "select 3"))
    there.commit()
    plan = there.supacron("plan", "--stack", "prod", target="prod")
    assert plan.code == ExitCode.REFUSED
    assert "refused gates.no_literal_difference: its file is not what was promoted" in plan.output
    status, output = there.pulumi("up", "prod")
    assert status != 0
    assert "it was edited by hand" in output
    there.up("prod", {"SUPACRON_WAIVE": "no_literal_difference=INC-12"})
    hotfix = latest(there, "prod")
    assert (hotfix["promotion"], hotfix["waived"]) == (None, {"no_literal_difference": "INC-12"})
    again = there.supacron("promote", "staging", "prod", source="staging", target="prod")
    assert gates(again.output)["no_literal_difference"].split()[:2] == ["FAILS", "jobs.weekly.sql"]


def back_to_before_the_hotfix(there: Environments) -> None:
    back = there.supacron("rollback", "--stack", "prod", target="prod")
    assert back.code == 0, back.output
    assert there.path("prod.yaml").read_text() == DEFINITION
    there.commit()
    there.up("prod")
    data = json.loads(there.supacron("releases", "--json", "--stack", "prod", target="prod").output)["releases"]
    last, _, promoted = data
    assert last["sql_digest"] == promoted["sql_digest"]
    assert (last["promotion"]["kind"], last["promotion"]["release"]) == ("rollback", promoted["release"])
    listed = there.supacron("releases", "--stack", "prod", target="prod").output
    assert f"back to {promoted['release']}" in listed
    assert f"staging {promoted['promotion']['release']}" in listed
