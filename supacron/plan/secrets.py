"""Compares secrets with Vault, in memory, and decides which values are new."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from supacron.audit.claims import read_api_key
from supacron.errors import Problem
from supacron.live.state import LiveState, VaultSecret
from supacron.model.desired import Desired, DesiredSecret
from supacron.plan.changes import Action, Change, FieldChange, Kind
from supacron.plan.rows import edits, made_anew, outside, slot_edits, slot_fields
from supacron.secret import Secret

Values = Mapping[str, Secret]
"""The values at hand, by secret name; an absent one means: leave what Vault has."""


def fingerprint(key: Secret, value: Secret) -> str:
    """HMAC-SHA256: without the key, which Vault holds, nothing about the value can be tried offline."""
    return hmac.new(key.reveal().encode(), value.reveal().encode(), hashlib.sha256).hexdigest()


def secret_changes(
    desired: Desired, live: LiveState, values: Values, check_values: bool
) -> Iterator[Change | Problem | str]:
    """Changes of slots and values, a problem for a value that is needed and nowhere, warnings for values left alone.

    Without `check_values` (a plan made where the values are not at hand) a missing value is no problem.
    """
    needed = set(_needed(desired))
    for name, secret in desired.secrets.items():
        slot = _slot_change(name, secret, live)
        needs = None if not check_values else name in needed
        value = values.get(name)
        conflict = _conflict(name, secret, live, value)
        found = [conflict] if conflict else _value_changes(name, secret, live, value, needs)
        yield from _merged(slot, found)
    for name in live.secrets:
        if name not in desired.secrets:
            yield Change(Kind.SECRET, Action.REMOVE, name)


def _merged(slot: Change | None, found: Iterable[Change | Problem | str]) -> Iterator[Change | Problem | str]:
    """One change for a slot and its value."""
    for item in found:
        if slot is not None and isinstance(item, Change):
            notes = "; ".join(filter(None, (slot.note, item.note)))
            yield replace(slot, note=notes, drift=slot.drift or item.drift)
            slot = None
        else:
            yield item
    if slot is not None:
        yield slot


def _needed(desired: Desired) -> Iterator[str]:
    """The secrets that some call sends, that something is posted to, or whose name in Vault an SQL job mentions."""
    yield from (auth.secret for job in desired.jobs.values() if job.call for auth in job.call.auth)
    yield from webhooks(desired)
    texts = [job.sql for job in desired.jobs.values() if job.sql is not None]
    yield from (name for name, slot in desired.secrets.items() if any(slot.vault_name in text for text in texts))


def webhooks(desired: Desired) -> set[str]:
    """The secrets whose values are URLs: what alerts and failed runs are posted to, and what is pinged."""
    used = {alert.webhook for alert in desired.alerts.values()}
    told = (job.on_failure or {} for job in desired.jobs.values())
    used.update(each["secret"] for each in told if "secret" in each)
    return used | ({desired.ping.secret} if desired.ping else set())


def writes(desired: Desired, live: LiveState, values: Values) -> dict[str, Secret]:
    """The values to put into Vault: those that it lacks, and those that were never applied before."""
    return {
        name: values[name]
        for name, secret in desired.secrets.items()
        if name in values and _is_new(secret, live, values[name])
    }


def unrecorded(desired: Desired, live: LiveState, values: Values, key: Secret) -> dict[str, str]:
    """Fingerprints to remember, by Vault name: of the values written, and of those that Vault holds already."""
    prints = {
        desired.secrets[name].vault_name: fingerprint(key, value)
        for name, value in current(desired, live, values).items()
    }
    return {
        vault_name: print_
        for vault_name, print_ in prints.items()
        if print_ not in live.fingerprints.get(vault_name, frozenset())
    }


def current(desired: Desired, live: LiveState, values: Values) -> dict[str, Secret]:
    """By name of secret, what Vault holds after the apply, as far as it is to be remembered.

    What was there before the first apply and was never given is somebody else's, and is not.
    """
    found = writes(desired, live, values)
    for name, secret in desired.secrets.items():
        held = live.vault.get(secret.vault_name)
        if name in found or held is None or held.value is None:
            continue
        if live.fingerprints.get(secret.vault_name) or held.value == values.get(name):
            found[name] = held.value
    return found


def expiry_of(value: Secret) -> str | None:
    """When the value expires, as ISO 8601, where it says so itself."""
    key = read_api_key(value)
    return key.expires_at.isoformat() if key is not None and key.expires_at is not None else None


def _is_new(secret: DesiredSecret, live: LiveState, value: Secret) -> bool:
    held = live.vault.get(secret.vault_name)
    if held is None or held.value is None:
        return True
    return held.value != value and not _is_older(secret, live, value)


def _is_older(secret: DesiredSecret, live: LiveState, value: Secret) -> bool:
    """Whether `value` was applied once, and replaced since."""
    if live.fingerprint_key is None or live.fingerprint_key.value is None:
        return False
    return fingerprint(live.fingerprint_key.value, value) in live.fingerprints.get(secret.vault_name, frozenset())


def forgotten(desired: Desired, live: LiveState) -> tuple[str, ...]:
    """The names in Vault that the stack used and uses no more."""
    used = {secret.vault_name for secret in desired.secrets.values()}
    return tuple(sorted({row.vault_name for row in live.secrets.values()} - used))


def _conflict(name: str, secret: DesiredSecret, live: LiveState, value: Secret | None) -> Problem | None:
    if owner := live.foreign_vault_names.get(secret.vault_name):
        return Problem(
            f"{secret.vault_name} in Vault belongs to the stack {owner}",
            "Give this one a vault_name of its own.",
            path=f"secrets.{name}",
        )
    if value is not None and not storable(value):
        return Problem(
            "the value holds a NUL character or is not UTF-8, which Postgres cannot store",
            f"Set it anew{f' in the environment variable {secret.env}' if secret.env else ''}, as text.",
            path=f"secrets.{name}",
        )
    return None


def storable(value: Secret) -> bool:
    """Whether Postgres can hold it as text."""
    try:
        return b"\0" not in value.reveal().encode()
    except UnicodeEncodeError:
        return False


def _slot_change(name: str, secret: DesiredSecret, live: LiveState) -> Change | None:
    row = live.secrets.get(name)
    if row is None:
        shown = (FieldChange("vault_name", None, secret.vault_name),)
        return made_anew(Change(Kind.SECRET, Action.CREATE, name, shown), live)
    fields, note = edits(row, slot_fields(secret)), outside(slot_edits(name, live))
    return Change(Kind.SECRET, Action.UPDATE, name, fields, note=note, drift=bool(note)) if fields or note else None


def _value_changes(
    name: str, secret: DesiredSecret, live: LiveState, value: Secret | None, needed: bool | None
) -> Iterator[Change | Problem | str]:
    """`needed`: whether jobs need a value; None where the values are not at hand, so that none can be missed."""
    held = live.vault.get(secret.vault_name)
    row = live.secrets.get(name)
    known = row is not None and row.vault_name == secret.vault_name
    outside = secret_drift(name, secret.vault_name, live) if known else None
    if held is None or held.value is None:
        yield from _without_value(name, secret, held, value, needed, outside, known)
        return
    older = value is not None and _is_older(secret, live, value)
    if outside and (value is None or older or held.value == value):
        yield outside
    if value is not None and held.value != value:
        yield _replacement(name, secret, live, older)


def _without_value(
    name: str,
    secret: DesiredSecret,
    held: VaultSecret | None,
    value: Secret | None,
    needed: bool | None,
    outside: Change | None,
    known: bool,
) -> Iterator[Change | Problem | str]:
    """Vault has nothing that it can decrypt."""
    if value is not None:
        if known:
            why = "it was deleted outside" if held is None else "Vault cannot decrypt it here"
            yield Change(Kind.SECRET, Action.UPDATE, name, note=f"value set anew: {why}", drift=True)
    elif needed:
        yield _missing(name, secret, held)
    elif outside and needed is None:
        yield outside
    elif outside:
        # No change: an apply has nothing to put there.
        yield f"secret {name}: {outside.note}, and no value is given"


def slot_drift(name: str, live: LiveState) -> Iterator[Change]:
    """What happened to a slot and to its value since they were applied: one change, if any."""
    fields = slot_edits(name, live)
    slot = Change(Kind.SECRET, Action.UPDATE, name, fields, note=outside(fields), drift=True) if fields else None
    value = secret_drift(name, live.secrets[name].vault_name, live)
    for change in _merged(slot, [value] if value else ()):
        if isinstance(change, Change):
            yield change


def secret_drift(name: str, vault_name: str, live: LiveState) -> Change | None:
    """What happened to a value in Vault since it was applied, found without the value: by its fingerprint alone."""
    prints, key = live.fingerprints.get(vault_name), live.fingerprint_key
    if not prints:
        return None
    held = live.vault.get(vault_name)
    if held is None:
        note = "its value was deleted from Vault outside"
    elif held.value is None:
        note = "Vault cannot decrypt its value here"
    elif key is None or key.value is None or fingerprint(key.value, held.value) in prints:
        return None
    else:
        note = "its value was replaced in Vault outside, and is kept"
    return Change(Kind.SECRET, Action.UPDATE, name, note=note, drift=True)


def _missing(name: str, secret: DesiredSecret, held: VaultSecret | None) -> Problem:
    source = (
        f"Set the environment variable {secret.env}"
        if secret.env
        else f"Run `pulumi config set --secret --path 'supacron:secrets.{name}'`"
    )
    unreadable = held is not None and held.value is None
    return Problem(
        f"Vault {'cannot decrypt' if unreadable else 'has no'} {secret.vault_name}, which the stack needs, "
        "and no value is given",
        f"{source} and run `pulumi up` again.",
        path=f"secrets.{name}",
    )


def _replacement(name: str, secret: DesiredSecret, live: LiveState, older: bool) -> Change | Problem | str:
    """Vault holds another value than the one given; `older`: which was applied once, and replaced since."""
    if older:
        return (
            f"secret {name}: the value given was applied before and replaced since; Vault's newer one is kept "
            f"(give the new value, so that this ends)"
        )
    if not live.fingerprints.get(secret.vault_name):
        return Problem(
            f"Vault already holds another value as {secret.vault_name}, which supacron did not write",
            "To keep Vault's value, take this one out of the configuration; to replace it, delete it from Vault.",
            path=f"secrets.{name}",
        )
    # A new value of a variable is invisible to Pulumi: as drift it makes the command run.
    return Change(Kind.SECRET, Action.UPDATE, name, note="new value", drift=secret.env is not None)
