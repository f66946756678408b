"""What an audit found: places, severities, fingerprints, and what to do. No value is kept in a printable form."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from supacron.audit.credentials import Credential, Severity
from supacron.errors import Place

_DIGITS: Final = 8
_ROTATE: Final = {
    "service-role-jwt": "Replace the key: it passes row level security. In the dashboard: API keys; move to a secret "
    "API key and switch the legacy keys off, or rotate the JWT secret.",
    "anon-jwt": "It is meant for browsers, but ties the job to one project and to a key that cannot be replaced alone: "
    "give the function a key of its own.",
    "publishable-key": "It is meant for browsers and authenticates no caller: give the function a key of its own.",
    "demo-jwt": "It opens local databases only: replace it before this runs elsewhere.",
    "secret-key": "Replace the key: make a new secret API key in the dashboard and delete this one.",
    "access-token": "Revoke it in the account's access tokens: it manages every project of the account.",
    "local-url-password": "It opens a server of this machine only: see that it is used nowhere else.",
    "url-password": "Change the password (dashboard: Database settings), and keep the URL in encrypted config.",
}
_ROTATE_OTHERWISE: Final = "Replace the key at the receiver: it was readable here."


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """Where in a database a token stands. `first` and `last` are run ids or request ids, `rows` how many rows."""

    source: str
    name: str
    line: int | None = None
    jobid: int | None = None
    first: int | None = None
    last: int | None = None
    rows: int = 1

    @property
    def label(self) -> str:
        """By what it is allowed: without the numbers, which change."""
        return f"{self.source}: {self.name}" if self.name else self.source

    def __str__(self) -> str:
        parts = [self.label]
        if self.jobid is not None:
            parts.append(f"jobid {self.jobid}")
        if self.first is not None:
            span = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
            unit = "runs" if self.source.startswith("cron.") else "ids"
            parts.append(f"{unit} {span} ({self.rows} row{'' if self.rows == 1 else 's'})")
        elif self.line is not None:
            parts.append(f"line {self.line}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `allowed` is the reason for which it was silenced in place; `note` what is wrong with a silencer."""

    place: Place | DatabasePlace
    credential: Credential
    fingerprint: str
    remedy: str
    allowed: str | None = None
    note: str = ""

    @property
    def severity(self) -> Severity:
        return self.credential.severity


@dataclass(frozen=True)
class Audit:
    """Everything that was found, what was looked at, and what could not be (with the reason)."""

    found: tuple[Found, ...] = ()
    looked_at: tuple[str, ...] = ()
    not_looked_at: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Audit) -> Audit:
        return Audit(
            self.found + other.found, self.looked_at + other.looked_at, self.not_looked_at + other.not_looked_at
        )

    @property
    def open(self) -> tuple[Found, ...]:
        """What nobody allowed, the worst first."""
        return tuple(sorted((each for each in self.found if each.allowed is None), key=lambda each: -each.severity))

    @property
    def allowed(self) -> tuple[Found, ...]:
        return tuple(each for each in self.found if each.allowed is not None)

    def fails(self, threshold: Severity) -> bool:
        return any(each.severity >= threshold for each in self.open)


@dataclass(frozen=True)
class Fingerprints:
    """Short names for values, to see which are the same.

    A random key has one for good (eight hex digits of its SHA-256, of which nothing can be taken back). What could be
    guessed has one under a key that is thrown away after the run, so that no list of words can be tried against it.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def of(self, credential: Credential) -> str:
        value = credential.value.reveal().encode("utf-8", "surrogatepass")
        if credential.guessable:
            return f"run:{hmac.new(self.key, value, hashlib.sha256).hexdigest()[:_DIGITS]}"
        return f"sha256:{hashlib.sha256(value).hexdigest()[:_DIGITS]}"


def allowing(audit: Audit, reasons: Mapping[str, str]) -> Audit:
    """`audit` with the findings of the database silenced whose place is a key of `reasons`."""
    return replace(
        audit,
        found=tuple(
            replace(each, allowed=reasons[each.place.label])
            if isinstance(each.place, DatabasePlace) and each.place.label in reasons
            else each
            for each in audit.found
        ),
    )


def remedy_for(credential: Credential, place_remedy: str) -> str:
    """What to do about the place, then about the key."""
    return f"{place_remedy} {_ROTATE.get(credential.kind, _ROTATE_OTHERWISE)}"


def in_order(found: Iterable[Found]) -> tuple[Found, ...]:
    """By place, so that a report reads from top to bottom."""

    def key(each: Found) -> tuple[str, int, int]:
        place = each.place
        if isinstance(place, Place):
            return place.file, place.line, place.column
        return f"{place.source} {place.name}", place.jobid or 0, place.line or place.first or 0

    return tuple(sorted(found, key=key))
