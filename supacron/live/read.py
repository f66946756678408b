"""Reads everything that a plan looks at, in the transaction of the connection it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from supacron.live.queue import read_queue
from supacron.live.state import (
    Capabilities,
    CronJob,
    Definition,
    JobRecord,
    JobRow,
    LiveState,
    Pause,
    ReleaseRow,
    Remembered,
    RuntimeRow,
    SecretRow,
    StackRow,
    VaultSecret,
    Version,
    frozen,
)
from supacron.model.desired import Desired
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

ALERTS_SINCE = 20
"""The migration that made the tables of alerts."""
TRIGGER_SINCE = 55
"""The migration since which jobs name the roles that may trigger them."""
APPLIED_SINCE = 58
"""The migration since which it is remembered which rows an apply left."""
FINGERPRINT_KEY = "supacron/fingerprint-key"
"""The name in Vault of the random key under which applied secret values are fingerprinted."""

_JOB_COLUMNS = tuple(field.name for field in fields(JobRecord))


LEDGER = 33
"""The migration since which a release holds its definitions."""


def read_live(connection: Connection, stack: str, vault_names: Iterable[str]) -> LiveState:
    """The state of the database for `stack`; of Vault only the secrets named, and those the stack had before."""
    connection.execute(templates.sql("queries/search_path.sql").encode())
    row = _rows(connection, "capabilities")[0]
    user, superuser, server_version, extensions, available, *identity, installed, has_cron, has_vault, now, roles = row
    capabilities = Capabilities(
        user=user,
        superuser=superuser,
        server_version=(server_version // 10000, server_version % 10000),
        extensions=frozen({name: parse_version(version) for name, version in extensions.items()}),
        available=frozenset(available),
        system_identifier=identity[0],
        timeline=identity[1],
        roles=frozenset(roles),
    )
    cron = tuple(CronJob(*row) for row in _rows(connection, "cron_jobs")) if has_cron else ()
    secrets = {}
    if installed:
        secrets = {row[0]: SecretRow(*row) for row in _rows(connection, "secrets", stack=stack)}
    names = sorted({*vault_names, *(secret.vault_name for secret in secrets.values()), FINGERPRINT_KEY})
    vault = _read_vault(connection, names) if has_vault else {}
    key = vault.pop(FINGERPRINT_KEY, None)
    queue, obstacles = read_queue(connection)
    if not installed:
        return LiveState(
            capabilities,
            vault=frozen(vault),
            cron=cron,
            fingerprint_key=key,
            now=now,
            queue=queue,
            queue_obstacles=obstacles,
        )

    runtime, intact, altered = _read_runtime(connection)
    edited = _read_edited(connection, stack)
    foreign = dict(_rows(connection, "foreign_vault_names", stack=stack))
    held_elsewhere = _read_vault(connection, sorted(foreign)) if foreign and has_vault else {}
    done = frozenset(number for (number,) in _rows(connection, "migrations"))
    # Not to_jsonb(row), as for other young columns: it would read every release's text.
    releases = _rows(connection, "last_release", stack=stack) if LEDGER in done else []
    stacks = {name: StackRow(*fields) for name, *fields in _rows(connection, "stacks")}
    has_alerts = ALERTS_SINCE in done
    pings = [Definition(*row) for row in _rows(connection, "ping", stack=stack)] if has_alerts else []
    return LiveState(
        capabilities=capabilities,
        migrations=done,
        runtime=runtime,
        intact=intact,
        altered=altered,
        stack=stacks.get(stack),
        other_stacks=frozenset(name for name, row in stacks.items() if name != stack and not row.destroyed),
        destroyed_stacks=frozenset(name for name, row in stacks.items() if name != stack and row.destroyed),
        secrets=frozen(secrets),
        vault=frozen(vault),
        fingerprint_key=key,
        fingerprints=frozen(
            {name: frozenset(seen) for name, seen in _rows(connection, "secret_versions", names=names)}
        ),
        jobs=frozen(
            {
                name: JobRow(jobid, removed, _record(row), edited.get(name, {}), closed)
                for name, jobid, removed, closed, row in _rows(connection, "jobs", stack=stack)
            }
        ),
        foreign_jobs=frozen(dict(_rows(connection, "foreign_jobs", stack=stack))),
        foreign_vault_names=frozen(foreign),
        foreign_values=frozen(
            {name: (foreign[name], held.value) for name, held in held_elsewhere.items() if held.value is not None}
        ),
        now=now,
        cron=cron,
        release=_release(releases[0]) if releases else None,
        pauses=frozen({name: Pause(*rest) for name, *rest in _rows(connection, "pauses", stack=stack)}),
        queue=queue,
        queue_obstacles=obstacles,
        alerts=frozen(
            {name: Definition(*rest) for name, *rest in _rows(connection, "alerts", stack=stack)} if has_alerts else {}
        ),
        ping=pings[0] if pings else None,
        remembered=_read_remembered(connection, stack, frozenset(secrets)) if APPLIED_SINCE in done else Remembered(),
        trigger_grants=frozenset(role for (role,) in _rows(connection, "trigger_grants")),
        foreign_trigger_roles=_foreign_trigger_roles(connection, stack) if TRIGGER_SINCE in done else frozenset(),
    )


def _read_remembered(connection: Connection, stack: str, slots: frozenset[str]) -> Remembered:
    rows = {(kind, name): definition for kind, name, definition in _rows(connection, "applied", stack=stack)}
    slots_then = {name: definition for (kind, name), definition in rows.items() if kind == "secret"}
    gone = {(kind, name) for kind, name in rows if kind not in ("stack", "secret")}
    return Remembered(
        deleted=frozenset({*gone, *(("secret", name) for name in slots_then if name not in slots)}),
        stack=frozen(rows.get(("stack", stack), {})),
        secrets=frozen(slots_then),
    )


def _foreign_trigger_roles(connection: Connection, stack: str) -> frozenset[str]:
    # Not to_jsonb(row), as for other young columns: another stack may have thousands of jobs.
    return frozenset(role for (role,) in _rows(connection, "foreign_trigger_roles", stack=stack))


def read_for(connection: Connection, desired: Desired) -> LiveState:
    """The state of the database for what is to be applied: with its secrets in Vault, and its time zones."""
    live = read_live(connection, desired.stack, [secret.vault_name for secret in desired.secrets.values()])
    names = sorted({job.timezone for job in desired.jobs.values() if job.timezone is not None})
    if not names:
        return live
    found = {name: frozenset(offsets) for name, offsets in _rows(connection, "zones", names=names)}
    return replace(live, zones=frozen(found))


def _record(row: Mapping[str, Any]) -> JobRecord:
    """A row of supacron.job; a column that an older runtime lacks is null."""
    values: dict[str, Any] = {name: row.get(name) for name in _JOB_COLUMNS}
    return JobRecord(**values)


def _release(row: tuple[Any, ...]) -> ReleaseRow:
    release, digest, overrides, promoted, digests = row
    return ReleaseRow(release, digest, overrides, promoted, frozenset(digests))


def parse_version(text: str) -> Version:
    """`1.4-1` -> (1, 4, 1): every number in it, in order."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def _read_runtime(connection: Connection) -> tuple[RuntimeRow | None, bool, tuple[str, ...]]:
    rows = _rows(connection, "runtime")
    if not rows:
        return None, False, ()
    *fields, recorded = rows[0]
    (fingerprint,) = _rows(connection, "runtime_fingerprint")[0]
    intact = fingerprint == recorded
    return RuntimeRow(*fields), intact, () if intact else _altered(connection)


def _altered(connection: Connection) -> tuple[str, ...]:
    """The names of what is not as it was installed; none where an older supacron recorded no names."""
    (recorded,) = _rows(connection, "recorded_objects")[0]
    (found,) = _rows(connection, "runtime_objects")[0]
    if not recorded:
        return ()
    return tuple(sorted(name for name in {*recorded, *found} if recorded.get(name) != found.get(name)))


def _read_edited(connection: Connection, stack: str) -> dict[str, dict[str, Any]]:
    """By job, the fields of its definition that were changed outside, as the last apply left them."""
    edited: dict[str, dict[str, Any]] = {}
    for name, key, value in _rows(connection, "edited_jobs", stack=stack):
        if key in _JOB_COLUMNS:
            edited.setdefault(name, {})[key] = value
    return edited


def _read_vault(connection: Connection, names: Sequence[str]) -> dict[str, VaultSecret]:
    return {
        name: VaultSecret(vault_id, _decrypted(connection, vault_id))
        for name, vault_id in _rows(connection, "vault_ids", names=list(names))
    }


def _decrypted(connection: Connection, vault_id: str) -> Secret | None:
    import psycopg

    try:
        # A dump restored elsewhere holds ciphertext of another key: one such secret must not end the transaction.
        with connection.transaction():
            rows = _rows(connection, "vault_value", id=vault_id)
    except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege):
        raise
    except psycopg.Error:
        return None
    return Secret(rows[0][0]) if rows and rows[0][0] is not None else None


def _rows(connection: Connection, query: str, /, **parameters: object) -> list[tuple[Any, ...]]:
    text = templates.sql(f"queries/{query}.sql")
    return connection.execute(text.encode(), parameters or None).fetchall()
