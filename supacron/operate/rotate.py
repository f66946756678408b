"""Replaces a secret's value: the new one is tried beside the old, and takes its place when it is proven to work.

Nothing is changed that is not undone when a step fails. A client that dies leaves the new value under a name of its
own in Vault, where no job looks; the collector deletes it.
"""

from __future__ import annotations

import secrets as random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from supacron.apply.transaction import Progress, run_locked, run_steps
from supacron.errors import Refused, SupacronError
from supacron.live.read import FINGERPRINT_KEY, read_live
from supacron.live.state import LiveState
from supacron.model.desired import Desired, DesiredSecret
from supacron.operate.canary import GRACE_SECONDS, Answer, Canary, call_with
from supacron.operate.database import require_stack, rows, session, set_timeouts
from supacron.operate.target import Target, Usage
from supacron.operate.times import iso
from supacron.plan.guards import companions, faults, how_to_allow, shared_faults
from supacron.plan.secrets import expiry_of, fingerprint, storable
from supacron.plan.step import Statement, Step
from supacron.plan.steps import FINGERPRINT_KEY_NOTE
from supacron.render import templates
from supacron.secret import Secret
from supacron.validate.findings import did_you_mean

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

NEXT, PREVIOUS = "/next", "/previous"
_SPARE_MS: Final = 3_600_000
"""A rotation that takes longer than its calls and this was left behind."""


Store = Callable[[Secret], Callable[[], None]]
"""Puts the value where the next apply takes it from; returns what undoes that."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What is to be done: `slot` is the secret's definition, `grace_ms` how long the old value is kept in Vault."""

    desired: Desired
    name: str
    value: Secret
    job: str | None
    grace_ms: int
    by: str

    @property
    def slot(self) -> DesiredSecret:
        return self.desired.secrets[self.name]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was done. `also` are the other jobs that send the secret; `previous_until` when Vault's old value goes."""

    secret: str
    job: str
    also: tuple[str, ...]
    wrong: Answer
    right: Answer
    previous: str
    previous_until: datetime

    def to_json(self) -> dict[str, Any]:
        return {
            "secret": self.secret,
            "job": self.job,
            "also_used_by": list(self.also),
            "status_with_a_wrong_key": self.wrong.status,
            "status_with_the_new_key": self.right.status,
            "previous": self.previous,
            "previous_until": iso(self.previous_until),
        }


@dataclass(frozen=True, slots=True)
class _Begun:
    """A rotation whose new value stands in Vault, as the next one. `old` and `key` are as they were then."""

    id: str
    canary: Canary
    also: tuple[str, ...]
    old: Secret
    key: Secret
    written_before: bool


def rotate(
    url: Secret, target: Target, rotation: Rotation, store: Store, *, project_ref: str | None, progress: Progress
) -> Rotated:
    """Raises Refused, with the reason, where the new value is not proven; Usage, SupacronError."""
    _check_value(rotation)
    begun = _begin(url, target, rotation, project_ref, progress)
    try:
        wrong, right = _try(url, target, rotation, begun, progress)
        undo = store(rotation.value)
        try:
            until = _finish(url, target, rotation, begun, progress)
        except BaseException:
            undo()
            raise
    except BaseException:
        _abandon(url, target, rotation, begun, progress)
        raise
    previous = rotation.slot.vault_name + PREVIOUS
    return Rotated(rotation.name, begun.canary.job, begun.also, wrong, right, previous, until)


def _check_value(rotation: Rotation) -> None:
    if rotation.name not in rotation.desired.secrets:
        known = rotation.desired.secrets
        shown = f"Its secrets: {', '.join(sorted(known))}." if known else "It has none."
        raise SupacronError(
            f"the stack {rotation.desired.stack} has no secret {rotation.name!r}",
            f"{did_you_mean(rotation.name, known)}{shown}",
        )
    if not rotation.value or not storable(rotation.value):
        raise Usage("the new value is empty, or nothing that Postgres can store", "Give it as text.")


def _begin(url: Secret, target: Target, rotation: Rotation, project_ref: str | None, progress: Progress) -> _Begun:
    new_key = Secret(random.token_hex(32))
    rotation_id = str(uuid.uuid4())

    def work(connection: Connection) -> _Begun:
        require_stack(connection, url, target.name, project_ref)
        name = rotation.slot.vault_name
        live = read_live(connection, target.name, [name, name + NEXT, name + PREVIOUS])
        canary, also = _canary(live, rotation)
        old = _current(live, rotation)
        _check_new(live, rotation, old)
        _check_names(connection, live, name)
        held = live.fingerprint_key
        key = held.value if held is not None and held.value is not None else new_key
        entries = [(_id(live, name + NEXT), name + NEXT, rotation.value, "The value that a rotation tries.")]
        if key is new_key:
            entries.append((held.id if held else None, FINGERPRINT_KEY, key, FINGERPRINT_KEY_NOTE))
        milliseconds = 2 * (canary.timeout_ms + GRACE_SECONDS * 1000) + _SPARE_MS
        rows(connection, "rotate/begin.sql", vault_name=name, id=rotation_id, by=rotation.by, milliseconds=milliseconds)
        run_steps(connection, [_put(tuple(entries))], [rotation.value, key], progress)
        before = fingerprint(key, old) in live.fingerprints.get(name, frozenset())
        return _Begun(rotation_id, canary, also, old, key, before)

    return run_locked(url, target.label, work, was_done=lambda _: None, progress=progress)


def _put(entries: tuple[tuple[str | Secret | None, ...], ...]) -> Step:
    """By COPY, as an apply does: what is copied stands in no log."""
    return Step(
        "put the new value beside the old",
        (
            Statement(templates.sql("stack/secret_input.sql")),
            Statement(templates.sql("stack/secret_input_copy.sql"), entries),
            Statement(templates.sql("stack/create_vault_secrets.sql")),
            Statement(templates.sql("stack/update_vault_secrets.sql")),
        ),
    )


def _id(live: LiveState, vault_name: str) -> str | None:
    held = live.vault.get(vault_name)
    return held.id if held else None


def _canary(live: LiveState, rotation: Rotation) -> tuple[Canary, tuple[str, ...]]:
    users = {
        name: row.record.timeout_ms or 0
        for name, row in sorted(live.jobs.items())
        if not row.removed and rotation.name in row.record.secrets
    }
    stack = rotation.desired.stack
    if not users:
        raise Refused(
            f"no job of {stack} sends the secret {rotation.name}, so no call can prove a new value",
            f"Set it: pulumi config set --secret --path 'supacron:secrets.{rotation.name}', then pulumi up.",
        )
    if rotation.job is None and len(users) > 1:
        raise Usage(f"which job is to prove it? {', '.join(users)} send {rotation.name}", "Say --job JOB.")
    job = rotation.job or next(iter(users))
    if job not in users:
        raise Usage(f"{job} does not send the secret {rotation.name}", f"Those that do: {', '.join(users)}.")
    return Canary(stack, job, rotation.name, users[job]), tuple(name for name in users if name != job)


def _current(live: LiveState, rotation: Rotation) -> Secret:
    held = live.vault.get(rotation.slot.vault_name)
    if held is None or not held.value:
        raise Refused(
            f"Vault has no readable {rotation.slot.vault_name}, so there is nothing to replace",
            f"Set it: pulumi config set --secret --path 'supacron:secrets.{rotation.name}', then pulumi up.",
        )
    return held.value


def _check_new(live: LiveState, rotation: Rotation, old: Secret) -> None:
    if rotation.value == old:
        raise Refused("that is the value which Vault holds already; nothing was changed", "Give a new one.")
    slot, key = rotation.slot, live.fingerprint_key
    used = live.fingerprints.get(slot.vault_name, frozenset())
    if key is not None and key.value is not None and fingerprint(key.value, rotation.value) in used:
        raise Refused("that value was applied before and replaced since; nothing was changed", "Give a new one.")
    found = (
        *faults(
            slot,
            rotation.value,
            rotation.desired.project_ref,
            live.now,
            beside=rotation.name in companions(rotation.desired),
        ),
        *shared_faults(rotation.value, live.foreign_values),
    )
    for fault in found:
        if fault.rule not in slot.allow:
            raise Refused(f"{fault.message}; nothing was changed", f"{fault.remedy} {how_to_allow(fault.rule)}")


def _check_names(connection: Connection, live: LiveState, vault_name: str) -> None:
    """The names beside the secret's may be somebody else's."""
    known = rows(connection, "rotate/state.sql", vault_name=vault_name)
    _, _, next_until, previous_until = known[0] if known else (None, None, None, None)
    for suffix, ours in ((NEXT, next_until), (PREVIOUS, previous_until)):
        if vault_name + suffix in live.vault and ours is None:
            raise Refused(
                f"Vault holds {vault_name}{suffix}, which no rotation made; nothing was changed",
                "Rename or delete it: a rotation needs that name.",
            )


def _try(url: Secret, target: Target, rotation: Rotation, begun: _Begun, progress: Progress) -> tuple[Answer, Answer]:
    """First a key that must be refused: a function that takes any key would take the new one, too."""
    job = begun.canary.job
    with session(url, target.label, progress.notice) as connection:
        connection.rollback()
        progress.step(f"call {job} with a wrong key")
        wrong = call_with(connection, begun.canary, None)
        if not wrong.refused:
            raise Refused(
                f"{job} with a wrong key: {wrong.words}, and not 401 or 403; so its answer proves no key, and nothing "
                "was changed",
                "Have the function check its key, or name another job that does (--job).",
            )
        progress.step(f"call {job} with the new key")
        right = call_with(connection, begun.canary, rotation.slot.vault_name + NEXT)
        if not right.good:
            raise Refused(
                f"{job} with the new key: {right.words}; nothing was changed",
                "Have the function take the new key beside the old one, deploy it, and try again.",
            )
        return wrong, right


def _finish(url: Secret, target: Target, rotation: Rotation, begun: _Begun, progress: Progress) -> datetime:
    name = rotation.slot.vault_name
    prints = {
        fingerprint(begun.key, begun.old): (begun.written_before, expiry_of(begun.old)),
        fingerprint(begun.key, rotation.value): (True, expiry_of(rotation.value)),
    }

    def work(connection: Connection) -> datetime:
        live = read_live(connection, target.name, [name])
        if _current(live, rotation) != begun.old:
            raise Refused(f"somebody else replaced {name} meanwhile; this rotation changed nothing", "Look, try again.")
        for print_, (written, expires_at) in prints.items():
            rows(
                connection,
                "rotate/record_version.sql",
                vault_name=name,
                fingerprint=print_,
                written=written,
                expires_at=expires_at,
            )
        ((until,),) = rows(
            connection, "rotate/finish.sql", vault_name=name, id=begun.id, milliseconds=rotation.grace_ms
        )
        moved: datetime = until
        return moved

    def was_done(connection: Connection) -> datetime | None:
        found = rows(connection, "rotate/state.sql", vault_name=name)
        if found and found[0][0] == begun.id and found[0][2] is None:
            done: datetime = found[0][3]
            return done
        return None

    progress.step("make the new value the current one")
    return run_locked(url, target.label, work, was_done=was_done, progress=progress)


def _abandon(url: Secret, target: Target, rotation: Rotation, begun: _Begun, progress: Progress) -> None:
    """Best effort: what it cannot delete now the collector deletes later."""
    try:
        with session(url, target.label, progress.notice) as connection:
            set_timeouts(connection)
            rows(connection, "rotate/abandon.sql", vault_name=rotation.slot.vault_name, id=begun.id)
            connection.commit()
    except SupacronError as error:
        progress.notice(f"{rotation.slot.vault_name}{NEXT} is still in Vault, and goes by itself: {error.message}")
