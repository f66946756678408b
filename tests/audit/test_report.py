from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from supacron.audit.files import audit_files
from supacron.audit.findings import Audit, DatabasePlace, Fingerprints, Found
from supacron.audit.report import to_json, to_sarif
from tests.support.tokens import BEARER, SECRET_KEY, token

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VALUES = (SECRET_KEY, token("service_role"), "letmein-1")


def report(tmp_path: Path) -> Audit:
    """One open finding of each kind of place, one that is allowed."""
    path = tmp_path / "a.sql"
    path.write_text(f"select '{token('service_role')}';\nselect '{BEARER}letmein-1'; -- supacron:allow made up\n")
    files = audit_files([path], Fingerprints(), NOW)
    place = DatabasePlace("cron.job_run_details.command", "nightly", 1, 7, 1, 9, 9)
    credential = files.found[0].credential
    return files + Audit((Found(place, credential, "sha256:00000000", "Mend it."),), ("cron.job",), (("x", "gone"),))


def test_json(tmp_path: Path) -> None:
    data = to_json(report(tmp_path))
    first, second = data["findings"]
    assert first["place"] == {"file": str(tmp_path / "a.sql"), "line": 1, "column": 9}
    assert (first["kind"], first["severity"], first["details"]["role"]) == ("service-role-jwt", "high", "service_role")
    assert second["place"] == {
        "source": "cron.job_run_details.command",
        "name": "nightly",
        "line": None,
        "jobid": 7,
        "first": 1,
        "last": 9,
        "rows": 9,
    }
    assert [each["reason"] for each in data["allowed"]] == ["made up"]
    assert data["looked_at"] == ["1 file", "cron.job"]
    assert data["not_looked_at"] == [{"what": "x", "why": "gone"}]


def test_sarif(tmp_path: Path) -> None:
    (run,) = to_sarif(report(tmp_path))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["bearer-token", "service-role-jwt"]
    in_file, in_database, allowed = run["results"]
    assert in_file["level"] == "error"
    assert in_file["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 9}
    assert in_file["partialFingerprints"]["supacronValue/v1"].startswith("sha256:")
    name = in_database["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    assert name == "cron.job_run_details.command: nightly, jobid 7, runs 1 to 9 (9 rows)"
    assert allowed["suppressions"] == [{"kind": "inSource", "justification": "made up"}]
    assert "partialFingerprints" not in allowed


def test_no_value_in_either(tmp_path: Path) -> None:
    both = json.dumps([to_json(report(tmp_path)), to_sarif(report(tmp_path))])
    assert not [value for value in VALUES if value in both]
