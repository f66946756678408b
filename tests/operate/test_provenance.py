from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import SupacronError
from supacron.operate.environment import waived_gates
from supacron.operate.provenance import provenance_of


@pytest.mark.parametrize(
    ("environ", "run", "person"),
    [
        (
            {
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_RUN_ID": "7",
                "GITHUB_ACTOR": "ada",
            },
            "https://github.com/o/r/actions/runs/7",
            "ada",
        ),
        ({"CI_JOB_URL": "https://gitlab.com/j/1", "GITLAB_USER_LOGIN": "bob"}, "https://gitlab.com/j/1", "bob"),
    ],
)
def test_from_ci(tmp_path: Path, environ: dict[str, str], run: str, person: str) -> None:
    found = provenance_of(None, tmp_path, environ)
    assert (found.ci_run, found.applied_by, found.git_commit, found.git_clean) == (run, person, None, None)


def test_from_a_machine(tmp_path: Path) -> None:
    found = provenance_of(None, tmp_path, {})
    assert found.ci_run is None
    assert found.applied_by
    assert found.applied_from


def test_waivers() -> None:
    assert waived_gates({}) == {}
    given = "runs=few jobs; soaked = a=b;"
    assert waived_gates({"SUPACRON_WAIVE": given}) == {"runs": "few jobs", "soaked": "a=b"}
    with pytest.raises(SupacronError, match="no gate `run`"):
        waived_gates({"SUPACRON_WAIVE": "run=x"})
    with pytest.raises(SupacronError, match="without a reason"):
        waived_gates({"SUPACRON_WAIVE": "runs="})
