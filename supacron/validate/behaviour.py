"""How a job's runs behave: what is written about it checked, and made into what the database holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from supacron.model.desired import DesiredRetry
from supacron.model.paths import KeyPath, shorten
from supacron.model.policy import Expect, Limit, OnFailure, Retry
from supacron.model.stack_file import Job, JobDefaults, StackFile
from supacron.validate.findings import Finding, did_you_mean
from supacron.validate.http import check_url, same_origin
from supacron.validate.json_path import parse_path
from supacron.validate.parameters import check_parameters
from supacron.validate.slots import check_slot

_MAX_WITHIN_MS: Final = 30 * 86_400_000
_LEFT_TO_THE_PROJECT: Final = "project"


def own(job: Job, defaults: JobDefaults, key: str) -> Any:
    """The job's own value, else the stack's default; null in the job means none."""
    return getattr(job if key in job.model_fields_set else defaults, key)


def retry_of(job: Job, defaults: JobDefaults) -> DesiredRetry | None:
    retry: Retry | None = own(job, defaults, "retry")
    if retry is None or retry.attempts == 1:
        return None
    return DesiredRetry(
        attempts=retry.attempts,
        backoff_ms=retry.backoff,
        max_backoff_ms=retry.max_backoff,
        within_ms=retry.within,
        on=tuple(dict.fromkeys(retry.outcomes)),
    )


def limits_for(url: str, job: Job, stack: StackFile, project_url: str) -> tuple[str, ...]:
    """The limits that a call to `url` counts for: those that it names, and those of its target."""
    named = own(job, stack.defaults, "limits") or []
    targeted = [name for name, limit in stack.limits.items() if _targets(limit, url, project_url)]
    return tuple(sorted({*named, *targeted}))


def expect_of(expect: Expect | None) -> dict[str, Any] | None:
    if expect is None:
        return None
    found: dict[str, Any] = {}
    if expect.status is not None:
        found["status"] = [int(status) if status.isdigit() else status for status in expect.status]
    if expect.answer:
        found["json"] = [
            {"at": path, "path": parse_path(path), "equals": value} for path, value in expect.answer.items()
        ]
    return found or None


def on_failure_of(job: Job, defaults: JobDefaults) -> dict[str, str] | None:
    told: OnFailure | None = own(job, defaults, "on_failure")
    return None if told is None else told.model_dump(exclude_none=True)


def _targets(limit: Limit, url: str, project_url: str) -> bool:
    if limit.target is None:
        return False
    return same_origin(url, project_url if limit.target == _LEFT_TO_THE_PROJECT else limit.target)


def check_behaviour(job: Job, stack: StackFile, path: KeyPath) -> Iterator[Finding]:
    """What an HTTP job says about its runs."""
    if job.retry is not None:
        yield from check_retry(job.retry, (*path, "retry"))
    yield from check_limit_names(job.limits, stack.limits, (*path, "limits"))
    for at in job.expect.answer if job.expect else ():
        if parse_path(at) is None:
            remedy = "Write `$`, then `.name`, `[0]` or `['any key']`, as in `$.result.ok`."
            yield Finding((*path, "expect", "json", at), "not a path into an answer", remedy, at_key=True)
    yield from check_parameters(job.body, (*path, "body"))


def check_on_failure(told: OnFailure | None, stack: StackFile, path: KeyPath) -> Iterator[Finding]:
    if told is None:
        return
    given = [key for key in ("url", "secret", "function") if getattr(told, key) is not None]
    if len(given) != 1:
        what = "nobody to tell" if not given else f"{' and '.join(given)} in one place"
        yield Finding(path, what, "Give exactly one of `url`, `secret` and `function`.", at_key=True)
    if told.url is not None:
        yield from check_url(told.url, (*path, "url"))
    if told.secret is not None:
        yield from check_slot(told.secret, stack, (*path, "secret"), kept_out="this secret is not written to Vault")


def check_retry(retry: Retry, path: KeyPath) -> Iterator[Finding]:
    if not 1 <= retry.backoff <= retry.max_backoff:
        yield Finding((*path, "backoff"), "longer than `max_backoff`, or nothing", "Use 1ms to `max_backoff`.")
    if not 1 <= retry.within <= _MAX_WITHIN_MS:
        yield Finding((*path, "within"), "a run is tried for at most 30d", "Use a duration up to 30d, as in 1h.")


def check_limit_names(names: list[str] | None, limits: Mapping[str, Limit], path: KeyPath) -> Iterator[Finding]:
    for index, name in enumerate(names or ()):
        if name not in limits:
            remedy = did_you_mean(name, limits) + f"Declare it, as in `limits: {{{name}: {{concurrency: 2}}}}`."
            yield Finding((*path, index), f"no limit `{shorten(name)}` under `limits:` of the stack", remedy)


def check_limits(limits: Mapping[str, Limit]) -> Iterator[Finding]:
    for name, limit in limits.items():
        path = ("limits", name)
        if limit.concurrency is None and limit.per_second is None:
            yield Finding(path, "limits nothing", "Give `concurrency`, `per_second`, or both.", at_key=True)
        if limit.target is not None and limit.target != _LEFT_TO_THE_PROJECT:
            yield from check_url(limit.target, (*path, "target"))


def unused_limits(stack: StackFile) -> Iterator[Finding]:
    named = {name for job in stack.jobs.values() for name in own(job, stack.defaults, "limits") or ()}
    for name, limit in stack.limits.items():
        if limit.target is None and name not in named:
            remedy = "Remove it, name it in a job's `limits:`, or give it a `target`."
            yield Finding(("limits", name), "no job counts for this limit", remedy, at_key=True)
