"""An audit as data: one JSON document, and SARIF 2.1.0 for the tools that show findings in a pull request."""

from __future__ import annotations

from typing import Any, Final

from supacron import __version__
from supacron.audit.credentials import Severity
from supacron.audit.findings import Audit, DatabasePlace, Found
from supacron.errors import Place

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_SCORES: Final = {Severity.HIGH: "9.0", Severity.MEDIUM: "6.0", Severity.LOW: "3.0"}


def to_json(audit: Audit) -> dict[str, Any]:
    """Findings, what was silenced with which reason, and what was looked at."""
    return {
        "findings": [_found(each) for each in audit.open],
        "allowed": [{**_found(each), "reason": each.allowed} for each in audit.allowed],
        "looked_at": list(audit.looked_at),
        "not_looked_at": [{"what": what, "why": why} for what, why in audit.not_looked_at],
    }


def _found(each: Found) -> dict[str, Any]:
    credential = each.credential
    return {
        "kind": credential.kind,
        "title": credential.title,
        "severity": each.severity.word,
        "place": _place(each.place),
        "fingerprint": each.fingerprint,
        "details": dict(credential.details),
        "remedy": each.remedy,
        "note": each.note or None,
    }


def _place(place: Place | DatabasePlace) -> dict[str, Any]:
    if isinstance(place, Place):
        return {"file": place.file, "line": place.line, "column": place.column}
    return {
        "source": place.source,
        "name": place.name or None,
        "line": place.line if place.first is None else None,
        "jobid": place.jobid,
        "first": place.first,
        "last": place.last,
        "rows": place.rows,
    }


def to_sarif(audit: Audit) -> dict[str, Any]:
    """SARIF: a finding in a file has a place there, one in the database a logical one."""
    results = [_result(each) for each in (*audit.open, *audit.allowed)]
    rules = {each.credential.kind: each for each in reversed(audit.found)}
    driver = {
        "name": "supacron audit",
        "version": __version__,
        "rules": [_rule(kind, each) for kind, each in sorted(rules.items())],
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(kind: str, example: Found) -> dict[str, Any]:
    return {
        "id": kind,
        "shortDescription": {"text": example.credential.title},
        "help": {"text": example.remedy},
        "properties": {"security-severity": _SCORES[example.severity], "tags": ["security"]},
    }


def _result(each: Found) -> dict[str, Any]:
    details = "".join(f", {name} {text}" for name, text in each.credential.details)
    result: dict[str, Any] = {
        "ruleId": each.credential.kind,
        "level": _LEVELS[each.severity],
        "message": {"text": f"{each.credential.title}{details} ({each.fingerprint}). {each.remedy}"},
        "locations": [_location(each.place)],
    }
    # A fingerprint of this run alone would make every upload look like another finding.
    if not each.credential.guessable:
        result["partialFingerprints"] = {"supacronValue/v1": each.fingerprint}
    if each.allowed is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": each.allowed}]
    return result


def _location(place: Place | DatabasePlace) -> dict[str, Any]:
    if isinstance(place, DatabasePlace):
        return {"logicalLocations": [{"fullyQualifiedName": str(place), "kind": "resource"}]}
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": {"uri": place.file.replace("\\", "/")}, "region": region}}
