"""Jobs that would call the project of another environment: staging that calls production."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from supacron.model.stack_file import Environment, Job, StackFile
from supacron.validate.findings import Finding
from supacron.validate.http import same_origin

RULE: Final = "other-environment"
_REF_LENGTH: Final = 20
"""A hosted project's ref; a shorter word, such as `local`, may stand in any SQL."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another environment of the same folder."""

    stack: str
    project_ref: str
    project_url: str


def check_neighbours(
    definition: StackFile, environment: Environment, neighbours: Iterable[Neighbour]
) -> tuple[list[Finding], list[Finding]]:
    """Mistakes; and as warnings those that the job allows, with the reason."""
    others = [each for each in neighbours if _is_another(each, environment)]
    mistakes, warnings = [], []
    for name, job in definition.jobs.items():
        reason = job.allow[0].reason if job.allow else None
        for finding in _check_job(name, job, others):
            if reason is None:
                mistakes.append(finding)
            else:
                warnings.append(Finding(finding.path, f"{finding.message}; allowed: {reason}", "Nothing to do."))
    return mistakes, warnings


def _is_another(neighbour: Neighbour, environment: Environment) -> bool:
    # Two stacks may share a project, and local ones share an address.
    return neighbour.project_ref != environment.project_ref and not _same(
        neighbour.project_url, environment.project_url
    )


def _check_job(name: str, job: Job, others: Sequence[Neighbour]) -> Iterator[Finding]:
    key = "url" if job.url is not None else "sql"
    for other in others:
        if _calls(job, other):
            yield Finding(
                ("jobs", name, key),
                f"calls project {other.project_ref}, which is that of the stack {other.stack}",
                "Use `function: NAME`, which is this project's, or set the URL in the overrides of each stack. If it "
                f"is meant: `allow: [{{rule: {RULE}, reason: ...}}]` on the job.",
            )
            return


def _calls(job: Job, other: Neighbour) -> bool:
    if job.url is not None:
        return _same(job.url, other.project_url) or f"//{other.project_ref}." in job.url.lower()
    text = (job.sql or "").lower()
    return (len(other.project_ref) == _REF_LENGTH and other.project_ref in text) or other.project_url.lower() in text


def _same(left: str, right: str) -> bool:
    try:
        return same_origin(left, right) and bool(urlsplit(left).hostname)
    except ValueError:
        return False  # reported elsewhere
