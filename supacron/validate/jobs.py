"""What a job's values mean together: schedule, target, body, headers, time-out, secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import Auth, Job, StackFile
from supacron.schedule.grammar import parse
from supacron.schedule.model import Schedule, ScheduleError
from supacron.schedule.spread import spread
from supacron.validate.behaviour import check_behaviour, check_on_failure, on_failure_of
from supacron.validate.findings import Finding
from supacron.validate.http import check_function_name, check_headers, check_url, same_origin, sends_in_clear
from supacron.validate.names import check_job_name
from supacron.validate.resolve import auth_header, auths_of, listed, method_of
from supacron.validate.slots import check_slot
from supacron.validate.timezones import check_job_timezone, timezone_of, zone_of
from supacron.validate.windows import check_window

_TARGETS: Final = ("function", "url", "sql")
_CALL_ONLY: Final = (
    *("method", "headers", "body", "timeout", "auth"),
    *("retry", "overlap", "limits", "expect", "catch_up", "trigger_roles"),
)
_MAX_TIMEOUT_MS: Final = 2**31 - 1
_EDGE_FUNCTION_LIMIT_MS: Final = 150_000
_MAX_LATE_AFTER: Final = 1000
_ADVISED_LIMIT_MS: Final = 600_000


@lru_cache(maxsize=4096)
def _parse(text: str) -> Schedule | ScheduleError:
    try:
        return parse(text)
    except ScheduleError as error:
        return error


def _resolved(text: str, project: str, name: str) -> Schedule | ScheduleError:
    try:
        return _parse(spread(text, project, name))
    except ScheduleError as error:
        return error


def check_job(
    name: str, job: Job, raw: Mapping[str, Any], stack: StackFile, project_url: str | None, project: str = ""
) -> tuple[list[Finding], list[Finding]]:
    """Mistakes and warnings of one job of a Pulumi project; `raw` is the data that `job` was read from."""
    path: KeyPath = ("jobs", name)
    mistakes = list(check_job_name(name, path, at_key=True))
    warnings: list[Finding] = []
    schedule = _resolved(job.schedule, project, name) if job.schedule is not None else None
    if isinstance(schedule, ScheduleError):
        mistakes.append(Finding((*path, "schedule"), schedule.message, schedule.remedy))
        schedule = None
    elif schedule is not None:
        remedy = "Check that this is what you mean."
        warnings.extend(Finding((*path, "schedule"), text, remedy) for text in schedule.warnings)
        zone = timezone_of(job, stack.defaults)
        schedule = replace(schedule, zone=zone)
    mistakes.extend(check_job_timezone(job, stack.defaults, path))
    mistakes.extend(check_window(job, raw, schedule, path, zone_of(job, stack.defaults)))
    mistakes.extend(check_late_after(job.late_after, (*path, "late_after")))
    targets = [key for key in _TARGETS if raw.get(key) is not None]
    if len(targets) != 1:
        what = "nothing to invoke" if not targets else f"{' and '.join(targets)} in one job"
        mistakes.append(Finding(path, what, "Give exactly one of `function`, `url` and `sql`.", at_key=True))
    if targets == ["sql"]:
        mistakes.extend(_check_sql(job, raw, path))
    elif "sql" not in targets:
        mistakes.extend(_check_call(job, stack, path, project_url))
        warnings.extend(_warn_call(job, stack, path))
    mistakes.extend(check_on_failure(job.on_failure, stack, (*path, "on_failure")))
    return mistakes, warnings


def _check_sql(job: Job, raw: Mapping[str, Any], path: KeyPath) -> Iterator[Finding]:
    if not (job.sql or "").strip():
        yield Finding((*path, "sql"), "no SQL", "Write the statement that pg_cron runs.")
    for key in _CALL_ONLY:
        if raw.get(key) is not None:
            yield Finding((*path, key), f"`{key}` has no meaning in an SQL job", "Remove it.", at_key=True)


def _check_call(job: Job, stack: StackFile, path: KeyPath, project_url: str | None) -> Iterator[Finding]:
    method = method_of(job)
    if job.function is not None:
        yield from check_function_name(job.function, (*path, "function"))
    if job.url is not None:
        yield from check_url(job.url, (*path, "url"))
    if job.body is not None and method != "POST":
        remedy = "Remove it, use POST, or put the values into the URL's query."
        yield Finding((*path, "body"), f"a body cannot go with {method}", remedy, at_key=True)
    yield from check_headers(job.headers, (*path, "headers"), posts=method == "POST")
    if job.timeout is not None:
        yield from check_timeout(job.timeout, (*path, "timeout"))
    yield from _check_auth_use(job, stack, path, project_url)
    yield from check_behaviour(job, stack, path)
    for index, role in enumerate(job.trigger_roles):
        if role.lower() == "public":
            remedy = "Name a role: `authenticated` is everybody who is signed in."
            yield Finding((*path, "trigger_roles", index), "PUBLIC is everybody, and no role", remedy)


def _check_auth_use(job: Job, stack: StackFile, path: KeyPath, project_url: str | None) -> Iterator[Finding]:
    yield from check_auth(job.auth, stack, (*path, "auth"))
    auths = auths_of(job, stack.defaults)
    if not auths:
        return
    inherited = job.auth is None
    sent = {auth_header(auth)[0].lower() for auth in auths} - {"authorization", "apikey"}
    for name in {**stack.defaults.headers, **job.headers}:
        if name.lower() in sent:
            where = path if name not in job.headers else (*path, "headers", name)
            yield Finding(where, f"`auth` sends the header {shorten(name)}, too", "Keep one of the two.", at_key=True)
    if inherited and job.url is not None and (project_url is None or not same_origin_or_invalid(job.url, project_url)):
        yield Finding(
            (*path, "url"),
            f"`defaults.auth` would send the secret `{auths[0].secret}` to a host that is not the project's",
            "Say it in the job: `auth: {secret: NAME}`, or `auth: null` to send none.",
        )


def same_origin_or_invalid(url: str, project_url: str) -> bool:
    """Whether both have one origin; a URL that is none counts as such, since it is reported elsewhere."""
    try:
        return same_origin(url, project_url)
    except ValueError:
        return True


def _warn_call(job: Job, stack: StackFile, path: KeyPath) -> Iterator[Finding]:
    if "anon" in job.trigger_roles:
        where = (*path, "trigger_roles", job.trigger_roles.index("anon"))
        yield Finding(where, "whoever has the project's anon key may run this job", "Use `authenticated`.")
    timeout = job.timeout if job.timeout is not None else stack.defaults.timeout
    if timeout is not None and job.timeout is not None:
        yield from warn_timeout(timeout, (*path, "timeout"), edge_function=job.function is not None)
    if job.url is not None and auths_of(job, stack.defaults):
        try:
            clear = sends_in_clear(job.url)
        except ValueError:
            return
        if clear:
            yield Finding((*path, "url"), "sends a secret over http, unencrypted", "Use https.")


def check_late_after(intervals: int | None, path: KeyPath) -> Iterator[Finding]:
    if intervals is not None and not 0 <= intervals <= _MAX_LATE_AFTER:
        remedy = "Use a whole number in between; 0 means that the job is never called late."
        yield Finding(path, f"must be 0 to {_MAX_LATE_AFTER} intervals", remedy)


def check_timeout(timeout: int, path: KeyPath) -> Iterator[Finding]:
    if not 1 <= timeout <= _MAX_TIMEOUT_MS:
        yield Finding(path, "a time-out that pg_net cannot hold", "Use 1ms to 24d.")


def warn_timeout(timeout: int, path: KeyPath, *, edge_function: bool) -> Iterator[Finding]:
    if timeout > _MAX_TIMEOUT_MS:
        return
    if timeout > _ADVISED_LIMIT_MS:
        yield Finding(path, "longer than the 10 minutes that Supabase advises for a job", "Split the work.")
    elif edge_function and timeout > _EDGE_FUNCTION_LIMIT_MS:
        yield Finding(path, "an Edge Function must answer within 150s", "Use at most 150s.")


def check_auth(auth: Auth | list[Auth] | None, stack: StackFile, path: KeyPath) -> Iterator[Finding]:
    """What is wrong with the credentials that stand at `path`: one, or a list."""
    seen: set[str] = set()
    for number, each in enumerate(listed(auth)):
        here = (*path, number) if isinstance(auth, list) else path
        yield from _check_credential(each, stack, here)
        header = auth_header(each)[0]
        if header.lower() in seen:
            remedy = "Send each credential in a header of its own: case does not matter."
            yield Finding(here, f"two credentials go in the header {shorten(header)}", remedy)
        seen.add(header.lower())


def _check_credential(auth: Auth, stack: StackFile, path: KeyPath) -> Iterator[Finding]:
    kept_out = "this secret is kept out of Vault, where calls find theirs"
    yield from check_slot(auth.secret, stack, (*path, "secret"), kept_out=kept_out)
    if auth.scheme is not None and auth.header is not None:
        yield Finding((*path, "header"), "`as` and `header` exclude each other", "Keep one of the two.", at_key=True)


def check_renames(jobs: Mapping[str, Job]) -> Iterator[Finding]:
    """Each `renamed_from` names a job that is gone, and only one job takes its history."""
    heirs: dict[str, str] = {}
    for name, job in jobs.items():
        if job.renamed_from is None:
            continue
        path: KeyPath = ("jobs", name, "renamed_from")
        yield from check_job_name(job.renamed_from, path, at_key=False)
        if job.renamed_from in jobs:
            message = f"the job `{shorten(job.renamed_from)}` is still in this stack"
            yield Finding(path, message, "Remove the old job, or remove renamed_from.")
            continue
        heir = heirs.setdefault(job.renamed_from, name)
        if heir != name:
            message = f"the job `{shorten(heir)}` was renamed from the same name"
            yield Finding(path, message, "Keep renamed_from in the job that continues the history.")


def used_secrets(stack: StackFile, vault_names: Mapping[str, str]) -> Iterable[str]:
    """Names of the secrets that some call sends, or whose name in Vault an SQL job mentions."""
    calls = [job for job in stack.jobs.values() if job.sql is None]
    used = {auth.secret for job in calls for auth in auths_of(job, stack.defaults)}
    told = [on_failure_of(job, stack.defaults) for job in stack.jobs.values()]
    used.update(each["secret"] for each in told if each and "secret" in each)
    texts = [job.sql for job in stack.jobs.values() if job.sql is not None]
    used.update(name for name, vault in vault_names.items() if name not in used and any(vault in sql for sql in texts))
    return used
