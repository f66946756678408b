"""Compares secrets with Vault, in memory, and decides which values are new."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace

from supacron.audit.claims import read_api_key
from supacron.errors import Problem
from supacron.live.state import LiveState, SecretRow, VaultSecret
from supacron.model.desired import Desired, DesiredSecret
from supacron.plan.changes import Action, Change, FieldChange, Kind
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
        value = _conflict(name, secret, live, values.get(name)) or _value_change(
            name, secret, live, values.get(name), name in needed and check_values
        )
        if isinstance(slot, Change) and isinstance(value, Change):
            yield replace(slot, note=value.note, drift=value.drift)
        else:
            yield from (item for item in (slot, value) if item is not None)
    for name in live.secrets:
        if name not in desired.secrets:
            yield Change(Kind.SECRET, Action.REMOVE, name)


def _needed(desired: Desired) -> Iterator[str]:
    """The secrets that some call sends, or whose name in Vault an SQL job mentions."""
    yield from (auth.secret for job in desired.jobs.values() if job.call for auth in job.call.auth)
    texts = [job.sql for job in desired.jobs.values() if job.sql is not None]
    yield from (name for name, slot in desired.secrets.items() if any(slot.vault_name in text for text in texts))


def writes(desired: Desired, live: LiveState, values: Values) -> dict[str, Secret]:
    """The values to put into Vault: those that it lacks, and those that were never applied before."""
    return {
        name: values[name]
        for name, secret in desired.secrets.items()
        if name in values and _is_new(secret, live, values[name])
    }


def unrecorded(desired: Desired, live: LiveState, values: Values, key: Secret) -> dict[str, str]:
    """Fingerprints to remember, by Vault name: of the values written, and of those that Vault holds already."""
    written = writes(desired, live, values)
    prints: dict[str, str] = {}
    for name, secret in desired.secrets.items():
        held = live.vault.get(secret.vault_name)
        if name in written or (name in values and held is not None and held.value == values[name]):
            prints[secret.vault_name] = fingerprint(key, values[name])
    return {
        vault_name: print_
        for vault_name, print_ in prints.items()
        if print_ not in live.fingerprints.get(vault_name, frozenset())
    }


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
    wanted = SecretRow(name, secret.vault_name, secret.env, secret.description, secret.rotate_after_ms)
    row = live.secrets.get(name)
    if row is None:
        return Change(Kind.SECRET, Action.CREATE, name, (FieldChange("vault_name", None, secret.vault_name),))
    fields = tuple(
        FieldChange(key, getattr(row, key), getattr(wanted, key))
        for key in ("vault_name", "env", "description", "rotate_after_ms")
        if getattr(row, key) != getattr(wanted, key)
    )
    return Change(Kind.SECRET, Action.UPDATE, name, fields) if fields else None


def _value_change(
    name: str, secret: DesiredSecret, live: LiveState, value: Secret | None, required: bool
) -> Change | Problem | str | None:
    held = live.vault.get(secret.vault_name)
    if value is None:
        return _missing(name, secret, held) if required and (held is None or not held.value) else None
    if held is None or held.value is None:
        row = live.secrets.get(name)
        if row is None or row.vault_name != secret.vault_name:
            return None
        note = "it was deleted outside" if held is None else "Vault cannot decrypt it here"
        return Change(Kind.SECRET, Action.UPDATE, name, note=f"value set anew: {note}", drift=True)
    if held.value == value:
        return None
    return _replacement(name, secret, live, value)


def _missing(name: str, secret: DesiredSecret, held: VaultSecret | None) -> Problem:
    source = (
        f"Set the environment variable {secret.env}"
        if secret.env
        else f"Run `pulumi config set --secret --path 'supacron:secrets.{name}'`"
    )
    unreadable = held is not None and held.value is None
    return Problem(
        f"Vault {'cannot decrypt' if unreadable else 'has no'} {secret.vault_name}, which jobs need, "
        "and no value is given",
        f"{source} and run `pulumi up` again.",
        path=f"secrets.{name}",
    )


def _replacement(name: str, secret: DesiredSecret, live: LiveState, value: Secret) -> Change | Problem | str:
    """Vault holds another value."""
    if _is_older(secret, live, value):
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
