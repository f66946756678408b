"""Every check of a stack, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from supacron.model.stack_file import SecretSlot, StackFile
from supacron.validate.alerts import check_alerts, used_webhooks
from supacron.validate.behaviour import (
    check_limit_names,
    check_limits,
    check_on_failure,
    check_retry,
    unused_limits,
)
from supacron.validate.findings import Finding
from supacron.validate.functions import check_functions
from supacron.validate.http import check_headers
from supacron.validate.jobs import (
    check_auth,
    check_job,
    check_late_after,
    check_renames,
    check_timeout,
    used_secrets,
    warn_timeout,
)
from supacron.validate.names import check_lookalikes
from supacron.validate.queue import check_queue, warn_queue
from supacron.validate.resolve import vault_name
from supacron.validate.shape import check_shape
from supacron.validate.timezones import check_timezone

_MIN_RETENTION_MS: Final = 3_600_000
_MAX_RETENTION_MS: Final = 36_500 * 86_400_000


@dataclass(frozen=True)
class CheckedDefinition:
    """`definition` is complete only when there are no mistakes."""

    definition: StackFile | None
    mistakes: list[Finding]
    warnings: list[Finding]


def check_definition(
    data: Mapping[str, Any],
    stack: str,
    *,
    project_url: str | None,
    configured: frozenset[str] = frozenset(),
    project: str = "",
) -> CheckedDefinition:
    """The stack file's data with the overrides merged in.

    `configured` are the names of the secrets that stack config has a value for; `project` is the Pulumi project's name.
    """
    definition, mistakes = check_shape(StackFile, data)
    warnings: list[Finding] = []
    if definition is None:
        return CheckedDefinition(None, mistakes, warnings)
    reported = {finding.path for finding in mistakes}
    found = [*_check_stack(definition, stack, configured), *check_queue(data, definition.queue)]
    raw_jobs = data.get("jobs") or {}
    for name, job in definition.jobs.items():
        job_mistakes, job_warnings = check_job(name, job, raw_jobs[name], definition, project_url, project)
        found.extend(job_mistakes)
        warnings.extend(job_warnings)
    # What the shape says about a place is enough: its value was replaced, and more about it would be noise.
    mistakes.extend(finding for finding in found if finding.path not in reported)
    warnings.extend(_warn_stack(definition, stack, complete=not mistakes))
    return CheckedDefinition(definition, mistakes, warnings)


def _check_stack(definition: StackFile, stack: str, configured: frozenset[str]) -> Iterator[Finding]:
    yield from _check_defaults(definition)
    yield from _check_retention(definition)
    yield from _check_slots(definition.secrets, stack, configured)
    yield from check_limits(definition.limits)
    yield from check_renames(definition.jobs)
    yield from check_functions(definition)
    yield from check_alerts(definition, has_queue=definition.queue is not None)


def _check_defaults(definition: StackFile) -> Iterator[Finding]:
    defaults = definition.defaults
    if defaults.retry is not None:
        yield from check_retry(defaults.retry, ("defaults", "retry"))
    yield from check_limit_names(defaults.limits, definition.limits, ("defaults", "limits"))
    yield from check_on_failure(defaults.on_failure, definition, ("defaults", "on_failure"))
    yield from check_headers(defaults.headers, ("defaults", "headers"), posts=True)
    if defaults.timeout is not None:
        yield from check_timeout(defaults.timeout, ("defaults", "timeout"))
    yield from check_timezone(defaults.timezone, ("defaults", "timezone"))
    yield from check_late_after(defaults.late_after, ("defaults", "late_after"))
    yield from check_auth(defaults.auth, definition, ("defaults", "auth"))


def _check_retention(definition: StackFile) -> Iterator[Finding]:
    for key, value in (("runs", definition.retention.runs), ("cron_history", definition.retention.cron_history)):
        if not _MIN_RETENTION_MS <= value <= _MAX_RETENTION_MS:
            yield Finding(
                ("retention", key), "history is kept for 1h to 36500d", "Use a duration in between, as in 30d."
            )


def _check_slots(secrets: Mapping[str, SecretSlot], stack: str, configured: frozenset[str]) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for name, slot in secrets.items():
        in_vault = vault_name(stack, name, slot)
        owner = owners.setdefault(in_vault, name)
        if owner != name:
            message = f"the secret `{owner}` has the same name in Vault"
            yield Finding(("secrets", name, "vault_name"), message, "Give each a vault_name of its own.")
        if not in_vault.isprintable() or in_vault != in_vault.strip():
            remedy = "Use printable text without blanks around it."
            yield Finding(("secrets", name, "vault_name"), "not a name for Vault", remedy)
        if slot.env is not None and name in configured:
            message = "this secret has two sources: `env` and stack config"
            remedy = f"Remove `env`, or: pulumi config rm --path 'supacron:secrets.{name}'"
            yield Finding(("secrets", name, "env"), message, remedy)


def _warn_stack(definition: StackFile, stack: str, *, complete: bool) -> Iterator[Finding]:
    yield from check_lookalikes(definition.jobs)
    yield from warn_queue(definition.queue)
    if definition.defaults.timeout is not None:
        yield from warn_timeout(definition.defaults.timeout, ("defaults", "timeout"), edge_function=True)
    if not complete:
        return
    yield from unused_limits(definition)
    names = {name: vault_name(stack, name, slot) for name, slot in definition.secrets.items()}
    used = {*used_secrets(definition, names), *used_webhooks(definition)}
    of_functions = set(definition.functions.secrets.values()) if definition.functions else set[str]()
    for name, slot in definition.secrets.items():
        if not slot.vault and name not in of_functions:
            remedy = "Name it under `secrets:` of `functions:`, or remove it."
            yield Finding(("secrets", name), "no function uses this secret, and it is not in Vault", remedy, True)
        elif slot.vault and name not in used:
            remedy = "Remove it, or name it in a job's `auth:`."
            if name in of_functions:
                remedy = "Say `vault: false` if only functions need it, or name it in a job's `auth:`."
            yield Finding(("secrets", name), "no job and no alert uses this secret", remedy, True)
