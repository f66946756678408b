"""What alerts mean together with the rest of the stack: one condition each, secrets and jobs that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from supacron.model.alerts import QUEUE_KINDS, Alert, Condition, Part, Ping, durations
from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import StackFile
from supacron.validate.findings import Finding, did_you_mean

_MINUTE_MS: Final = 60_000
_LONGEST_MS: Final = 365 * 86_400_000
_LOW: Final[Mapping[str, int]] = {"over": 0, "over_percent": 0, "at_least": 1}
_HIGH: Final[Mapping[str, int]] = {"over": 10**12, "over_percent": 99, "at_least": 10**9}
_KINDS: Final = tuple(Condition.model_fields)


def check_alerts(definition: StackFile, *, has_queue: bool) -> Iterator[Finding]:
    """Every mistake under `alerts:` and `ping:`."""
    for name, alert in definition.alerts.items():
        path: KeyPath = ("alerts", name)
        yield from _check_secret(alert.webhook, definition, (*path, "webhook"))
        yield from _check_spans(alert, path)
        kinds = [kind for kind in _KINDS if getattr(alert.when, kind) is not None]
        if len(kinds) != 1:
            what = "no condition" if not kinds else f"{' and '.join(kinds)} in one alert"
            yield Finding((*path, "when"), what, f"Give exactly one of {', '.join(_KINDS)}.", at_key=True)
            continue
        if kinds[0] in QUEUE_KINDS and not has_queue:
            remedy = "Add `queue:`, or watch the queue from the stack that has it."
            yield Finding((*path, "when", kinds[0]), "this stack has no queue", remedy, at_key=True)
        yield from _check_condition(getattr(alert.when, kinds[0]), (*path, "when", kinds[0]), definition)
    if definition.ping is not None:
        yield from _check_ping(definition.ping, definition)


def used_webhooks(definition: StackFile) -> set[str]:
    """The secrets whose values are URLs to post to, or to call."""
    used = {alert.webhook for alert in definition.alerts.values()}
    return used | ({definition.ping.url} if definition.ping else set())


def _check_secret(name: str, definition: StackFile, path: KeyPath) -> Iterator[Finding]:
    if name in definition.secrets:
        if not definition.secrets[name].vault:
            remedy = f"Remove `vault: false` from the secret `{name}`."
            yield Finding(path, f"the secret `{name}` is not in Vault, where it is read", remedy)
        return
    remedy = f"{did_you_mean(name, definition.secrets)}Declare it under `secrets:`; its value is the URL."
    yield Finding(path, f"no secret `{shorten(name)}` under `secrets:`", remedy)


def _check_spans(alert: Alert, path: KeyPath) -> Iterator[Finding]:
    for key, value in (("for", alert.start_after), ("clear_for", alert.clear_for)):
        if value > _LONGEST_MS:
            yield Finding((*path, key), "longer than a year", "Use a shorter duration, as in 10m.")
    if alert.repeat and not _MINUTE_MS <= alert.repeat <= _LONGEST_MS:
        yield Finding((*path, "repeat"), "must be 1m to 365d, or 0s", "Use a duration in between, or 0s for never.")


def _check_condition(condition: Part, path: KeyPath, definition: StackFile) -> Iterator[Finding]:
    spans = durations(condition)
    for key, value in condition:
        if key == "jobs":
            for number, job in enumerate(value or ()):
                if job not in definition.jobs:
                    remedy = f"{did_you_mean(job, definition.jobs)}Name a job of this stack."
                    yield Finding((*path, key, number), f"no job `{shorten(job)}` under `jobs:`", remedy)
            if value == []:
                yield Finding((*path, key), "an empty list", "Name jobs, or remove the key: it means all of them.")
        elif key not in spans and not _LOW[key] <= value <= _HIGH[key]:
            yield Finding((*path, key), f"must be {_LOW[key]} to {_HIGH[key]}", "Use a whole number in between.")
        elif key in spans and not 1 <= value <= _LONGEST_MS:
            yield Finding((*path, key), "must be 1ms to 365d", "Use a duration in between, as in 15m.")


def _check_ping(ping: Ping, definition: StackFile) -> Iterator[Finding]:
    yield from _check_secret(ping.url, definition, ("ping", "url"))
    if not _MINUTE_MS <= ping.every <= _LONGEST_MS:
        yield Finding(("ping", "every"), "must be 1m to 365d", "Use a duration in between, as in 5m.")
