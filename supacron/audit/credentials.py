"""What a literal token is: its kind, how bad it is, and what a JWT says about itself. Nothing is verified or sent.

The detectors are those of `supacron.validate.detectors`; on top comes the literal value of a header that is named like
a key's, as jobs send it. Keys of other providers are left to tools that know them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from supacron.audit.claims import claims_of, project_of, text_claim, time_claim
from supacron.secret import MASK, Secret
from supacron.validate.tokens import find_in_text

_KEY_HEADER: Final = re.compile(
    r"""(?ix) (?<![\w-]) ["'] (?: authorization | (?:x-)?api-?key | x-[a-z0-9-]*(?:secret|token|key)[a-z0-9-]* ) ["']
    \s*[:,]\s* ["'] (?P<value> (?:basic\s+)? [A-Za-z0-9._~+/=-]{8,} ) ["']"""
)
_SEEMS_RANDOM: Final = re.compile(r"[0-9]|[a-z][A-Z]")
_CORES: Final = (
    re.compile(r"(?i)\bbearer\s+(?P<core>[^\s\"']+)"),
    re.compile(r"://[^\s:/@]*:(?P<core>[^\s/@]+)@"),
)
"""What of a detected text is the value itself: a header's name or a URL around it is no secret."""
_PLACEHOLDER: Final = re.compile(
    r"(?i)[<\[({%$*.].*|.*[>\])}]|x{3,}|.*your[-_ ]?.*|.*(?:placeholder|changeme|redacted|example).*"
)
_CONSTANT_NAME: Final = re.compile(r"[A-Z]{3,}(?:_[A-Z]+)*")
_LOCAL_URL: Final = re.compile(r"@(?:127\.0\.0\.1|localhost|\[::1\]|host\.docker\.internal)(?:[:/?\s\"']|$)")
_RANDOM_LENGTH: Final = 20


class Severity(IntEnum):
    """How much a key opens."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Credential:
    """A literal token. `kind` is a stable identifier, `details` what a JWT says about itself, in words.

    `guessable` values, such as passwords, are too short to stand in a report even as a hash.
    """

    kind: str
    title: str
    severity: Severity
    value: Secret
    details: tuple[tuple[str, str], ...] = ()
    guessable: bool = True


@dataclass(frozen=True, slots=True)
class Located:
    """Where in a text a credential's value stands: offsets in characters, the end excluded."""

    start: int
    end: int
    credential: Credential


def find_credentials(text: str, now: datetime) -> Iterator[Located]:
    """Each literal token in `text`, every occurrence, in order; placeholders such as `Bearer YOUR_KEY` are none."""
    taken: list[tuple[int, int]] = []
    found: list[Located] = []
    for start, end, kind in _spans(text):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        value = text[start:end]
        if kind in ("a bearer token", "a URL with a password", "a key header") and _is_placeholder(value):
            continue
        found.append(Located(start, end, _classify(kind, value, text[end : end + 40], now)))
    yield from sorted(found, key=lambda each: each.start)


def without_credentials(text: str, now: datetime) -> str:
    """`text` with every literal token masked: for names and comments that are shown."""
    for located in sorted(find_credentials(text, now), key=lambda each: -each.start):
        text = f"{text[: located.start]}{MASK}{text[located.end :]}"
    return text


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, detected in find_in_text(text):
        core = _core(kind, detected)
        offset = detected.index(core)
        for match in re.finditer(re.escape(detected), text):
            start = match.start() + offset
            yield start, start + len(core), kind
    for match in _KEY_HEADER.finditer(text):
        if _SEEMS_RANDOM.search(match["value"]):
            yield match.start("value"), match.end("value"), "a key header"


def _core(kind: str, detected: str) -> str:
    if kind in ("a bearer token", "a URL with a password"):
        for pattern in _CORES:
            if match := pattern.search(detected):
                return match["core"]
    return detected


def _is_placeholder(value: str) -> bool:
    return _PLACEHOLDER.fullmatch(value) is not None or _CONSTANT_NAME.fullmatch(value) is not None


def _classify(kind: str, value: str, after: str, now: datetime) -> Credential:
    if kind == "a JWT":
        return _jwt(value, now)
    if kind == "a Supabase key":
        return _supabase_key(value)
    secret = Secret(value)
    if kind == "a key header":
        return Credential("key-header", "the value of a key's header", Severity.MEDIUM, secret)
    if kind != "a URL with a password":
        return Credential("bearer-token", "a bearer token", Severity.MEDIUM, secret)
    if _LOCAL_URL.match(after):
        return Credential("local-url-password", "a password in the URL of a local server", Severity.LOW, secret)
    return Credential("url-password", "a password in a URL", Severity.HIGH, secret)


def _supabase_key(value: str) -> Credential:
    secret = Secret(value)
    guessable = len(value.split("_", 2)[-1]) < _RANDOM_LENGTH
    if value.startswith("sb_secret_"):
        return Credential("secret-key", "a secret API key", Severity.HIGH, secret, guessable=guessable)
    if value.startswith("sb_publishable_"):
        return Credential("publishable-key", "a publishable API key", Severity.LOW, secret, guessable=guessable)
    return Credential("access-token", "a personal access token", Severity.HIGH, secret, guessable=False)


def _jwt(value: str, now: datetime) -> Credential:
    claims = claims_of(value)
    secret, guessable = Secret(value), len(value.rsplit(".", 1)[-1]) < _RANDOM_LENGTH
    if claims is None:
        return Credential("jwt", "a JWT that does not decode", Severity.MEDIUM, secret, guessable=True)
    role, issuer = text_claim(claims, "role"), text_claim(claims, "iss")
    expires = time_claim(claims, "exp")
    details = {
        "role": role,
        "project": project_of(claims),
        "issuer": issuer,
        "issued": _day(time_claim(claims, "iat")),
        "expires": _day(expires),
    }
    shown = tuple((name, text) for name, text in details.items() if text)
    kind, title, severity = _ROLES.get(role, ("jwt", "a JWT", Severity.MEDIUM))
    if issuer == "supabase-demo":
        kind, title, severity = "demo-jwt", "a demo key that every local Supabase has", Severity.LOW
    elif expires is not None and expires <= now:
        title, severity = f"{title}, expired", Severity.LOW
    return Credential(kind, title, severity, secret, shown, guessable)


_ROLES: Final = {
    "service_role": ("service-role-jwt", "a service_role key (JWT)", Severity.HIGH),
    "supabase_admin": ("admin-jwt", "a supabase_admin key (JWT)", Severity.HIGH),
    "anon": ("anon-jwt", "an anon key (JWT)", Severity.LOW),
    "authenticated": ("session-jwt", "a signed-in user's JWT", Severity.MEDIUM),
}


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
