"""Values that must not go into Vault: another project's key, an expired one, one that is no secret. Pure.

What would be written is refused. What Vault holds already is warned of, so that a key which expired does not stand
in the way of other changes. Each rule can be lifted for a secret, with a reason (`allow:` in the YAML).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from supacron.audit.claims import read_api_key
from supacron.errors import Problem
from supacron.live.state import LiveState
from supacron.model.desired import Desired, DesiredSecret
from supacron.plan.secrets import Values, storable, webhooks, writes
from supacron.secret import Secret
from supacron.validate.http import sends_in_clear

_URL = re.compile(r"https?://[^\s/?#]+\S*")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, by the rule that `allow:` names."""

    rule: str
    message: str
    remedy: str


def guard_values(desired: Desired, live: LiveState, values: Values) -> Iterator[Problem | str]:
    """A problem, or a warning, for each fault of a value that is given or held."""
    # What Postgres cannot store is refused already.
    written = writes(desired, live, {name: value for name, value in values.items() if storable(value)})
    beside = companions(desired)
    urls = webhooks(desired)
    for name, slot in desired.secrets.items():
        held = live.vault.get(slot.vault_name)
        value = written.get(name) or (held.value if held else None)
        if not value:
            continue
        is_new = name in written or name not in live.secrets
        for fault in (
            *faults(slot, value, desired.project_ref, live.now, beside=name in beside),
            *(url_faults(value) if name in urls else ()),
            *shared_faults(value, live.foreign_values),
        ):
            if reason := slot.allow.get(fault.rule):
                yield f"secret {name}: {fault.message}; allowed: {reason}"
            elif is_new:
                yield Problem(fault.message, f"{fault.remedy} {how_to_allow(fault.rule)}", path=f"secrets.{name}")
            else:
                yield f"secret {name}: {fault.message}. {fault.remedy}"


def companions(desired: Desired) -> frozenset[str]:
    """The secrets that go in `apikey` only, each time beside another: what lets a call in is not they."""
    sent: set[str] = set()
    alone: set[str] = set()
    for job in desired.jobs.values():
        if job.sql is not None:
            alone.update(name for name, slot in desired.secrets.items() if slot.vault_name in job.sql)
        auths = job.call.auth if job.call else ()
        for auth in auths:
            sent.add(auth.secret)
            if auth.header.lower() != "apikey" or {other.secret for other in auths} == {auth.secret}:
                alone.add(auth.secret)
    return frozenset(sent - alone)


def faults(
    slot: DesiredSecret, value: Secret, project_ref: str, now: datetime | None, *, beside: bool
) -> Iterator[Fault]:
    """What is wrong with `value` by itself; `now` None leaves out what depends on the time.

    beside: it is one of `companions`, so that a publishable key is as good as any.
    """
    key = read_api_key(value)
    if key is None:
        return
    if key.project and key.project != project_ref:
        yield Fault(
            "other-project",
            f"the value is a key of project {key.project}, and this stack is for project {project_ref}",
            f"Give a key of {project_ref}.",
        )
    if key.kind == "publishable":
        if beside:
            return
        yield Fault(
            "publishable",
            "the value is a publishable key, which is made for browsers and authenticates no caller",
            "Give the function a key of its own, or a secret API key.",
        )
    elif slot.role and key.role and key.role != slot.role:
        yield Fault(
            "wrong-role",
            f"the value is a key of the role {key.role}, and the secret says `role: {slot.role}`",
            f"Give a {slot.role} key.",
        )
    if key.expires_at is not None and now is not None and key.expires_at <= now:
        yield Fault("expired", f"the value is a JWT that expired on {key.expires_at:%Y-%m-%d}", "Give a new one.")


def url_faults(value: Secret) -> Iterator[Fault]:
    """What is wrong with a value that alerts are posted to, or that is pinged."""
    url = value.reveal()
    try:
        clear = sends_in_clear(url)
    except ValueError:
        clear = None
    if clear is None or not _URL.fullmatch(url):
        yield Fault("not-a-url", "the value is no http or https URL", "Give the URL that is called, and nothing else.")
    elif clear:
        yield Fault("clear-text", "the value is an http URL, which is sent unencrypted", "Give an https URL.")


def shared_fault(where: str) -> Fault:
    """The fault of a value that stands elsewhere, too."""
    return Fault(
        "shared-value",
        f"the value is that of {where}",
        "Give each environment a key of its own: one that leaks opens the other, too.",
    )


def how_to_allow(rule: str) -> str:
    return f"If it is meant: `allow: [{{rule: {rule}, reason: ...}}]` on the secret."


def shared_faults(value: Secret, foreign: Mapping[str, tuple[str, Secret]]) -> Iterable[Fault]:
    """The fault of a value that another stack of the database has, too; `foreign` as in LiveState."""
    for vault_name, (stack, other) in foreign.items():
        if other == value:
            yield shared_fault(f"{vault_name} in Vault, which belongs to the stack {stack}")
            return
