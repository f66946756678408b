"""A stack against the house rules: each job that breaks one, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from supacron.model.desired import Desired
from supacron.model.house_rules import HouseRules, Rule
from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import StackFile
from supacron.model.units import format_duration
from supacron.schedule import interval_estimate, parse
from supacron.schedule.peak import busiest
from supacron.validate.findings import Finding
from supacron.validate.resolve import auths_of

_WORDS: Final = ("authorization", "apikey", "api-key", "api_key", "cookie", "token", "secret", "password")
_NAMED: Final = 8


def check_house_rules(rules: HouseRules, definition: StackFile, desired: Desired) -> Iterator[Finding]:
    """What breaks the rules; `desired` is resolved from `definition`."""
    allowed = {(each.job, each.rule) for each in rules.allow}
    for rule, name, finding in (*_of_jobs(rules, definition, desired), *_peak(rules, desired)):
        if (name, rule) not in allowed:
            yield finding


def _of_jobs(rules: HouseRules, definition: StackFile, desired: Desired) -> Iterator[tuple[Rule, str, Finding]]:
    for name, job in definition.jobs.items():
        path: KeyPath = ("jobs", name)
        wanted = desired.jobs[name]
        seconds = interval_estimate(parse(wanted.schedule)) if rules.minimum_interval is not None else 0
        if rules.minimum_interval is not None and seconds * 1000 < rules.minimum_interval:
            least = format_duration(rules.minimum_interval)
            message = f"runs every {format_duration(seconds * 1000)}, and the house rules ask for {least} or more"
            yield "minimum_interval", name, Finding((*path, "schedule"), message, "Run it less often.")
        if "owner" in rules.require and not (wanted.owner or "").strip():
            remedy = "Say whom to ask: `owner:`, here or under `defaults:`."
            yield "owner", name, Finding(path, "has no owner, which the house rules ask for", remedy, at_key=True)
        if "description" in rules.require and not (wanted.description or "").strip():
            remedy = "Say what it does: `description:`."
            yield "description", name, Finding(path, "has no description, which the house rules ask for", remedy, True)
        says = job.timeout if job.timeout is not None else definition.defaults.timeout
        if "timeout" in rules.require and wanted.call is not None and says is None:
            remedy = "Say how long pg_net waits: `timeout:`, here or under `defaults:`."
            yield "timeout", name, Finding(path, "sets no timeout, which the house rules ask for", remedy, at_key=True)
        if not rules.literal_secrets:
            for where in _literals(name, definition):
                remedy = "Use `auth: {secret: NAME, header: ...}`, which takes it from Vault."
                yield "literal_secrets", name, Finding(where, "carries a credential that is written out", remedy, True)


def _literals(name: str, definition: StackFile) -> Iterator[KeyPath]:
    """Headers and URLs that carry a credential by a name; a value that looks like one is a mistake anyway."""
    job = definition.jobs[name]
    if job.sql is not None:
        return
    sent = {auth.header.lower() for auth in auths_of(job, definition.defaults) if auth.header}
    for header in job.headers:
        if _is_credential(header) and header.lower() not in sent:
            yield ("jobs", name, "headers", header)
    for header in definition.defaults.headers:
        if _is_credential(header) and header not in job.headers:
            yield ("defaults", "headers", header)
    if job.url is not None:
        parts = urlsplit(job.url)
        if parts.password or any(_is_credential(key) for key, _ in parse_qsl(parts.query)):
            yield ("jobs", name, "url")


def _is_credential(name: str) -> bool:
    return any(word in name.lower() for word in _WORDS)


def _peak(rules: HouseRules, desired: Desired) -> Iterator[tuple[Rule, str, Finding]]:
    if rules.per_minute is None:
        return
    exempt = {each.job for each in rules.allow if each.rule == "per_minute"}
    schedules = {
        name: parse(job.schedule, job.timezone)
        for name, job in desired.jobs.items()
        if job.enabled and name not in exempt
    }
    peak = busiest(schedules, rules.per_minute)
    if peak is None:
        return
    over = peak.names[rules.per_minute]
    names = ", ".join(shorten(name) for name in peak.names[:_NAMED])
    more = f" and {len(peak.names) - _NAMED:,} more" if len(peak.names) > _NAMED else ""
    message = f"{len(peak.names):,} jobs start at {peak}, and the house rules allow {rules.per_minute:,}: {names}{more}"
    yield "per_minute", over, Finding(("jobs", over, "schedule"), message, "Spread them over other minutes.")
