"""URLs, headers and Edge Function names: what pg_net and the functions gateway take."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from supacron.model.paths import KeyPath
from supacron.validate.findings import Finding

FUNCTION_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]*")
_CREDENTIAL_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "apikey", "x-api-key", "cookie"})
_FRAMING_HEADERS: Final = frozenset({"content-length", "transfer-encoding", "connection"})
_RUN_HEADERS: Final = frozenset({"supacron-attempt"})
JSON_TYPE: Final = "application/json"


def check_function_name(name: str, path: KeyPath) -> Iterator[Finding]:
    if not FUNCTION_NAME.fullmatch(name):
        yield Finding(path, "not the name of an Edge Function", "Use its name alone: letters, digits, `-` and `_`.")


def check_url(url: str, path: KeyPath) -> Iterator[Finding]:
    """Everything that keeps `url` from being called as it is written."""
    if not url.isascii() or not url.isprintable() or " " in url:
        yield Finding(
            path, "a URL with a blank, a control character or a letter outside of ASCII", "Percent-encode it."
        )
        return
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        yield Finding(path, "not a URL that pg_net can call", "Write http(s)://host/path")
        return
    if parts.username is not None and parts.password is None:  # with a password it is a literal token, found as such
        yield Finding(path, "credentials in the URL", "Remove them and name a secret in `auth:`.")
    if parts.fragment:
        yield Finding(path, "a fragment in the URL is never sent", "Remove `#` and what follows it.")


def sends_in_clear(url: str) -> bool:
    """Whether a request to `url` leaves this machine unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _is_loopback(parts.hostname or "")


def same_origin(left: str, right: str) -> bool:
    return _origin(urlsplit(left)) == _origin(urlsplit(right))


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "kong", "host.docker.internal") or host.endswith(".localhost")


def check_headers(headers: Mapping[str, str], path: KeyPath, *, posts: bool) -> Iterator[Finding]:
    """`posts`: whether these headers go out with a POST, for which pg_net takes one Content-Type only."""
    seen: set[str] = set()
    for name, value in headers.items():
        here = (*path, name)
        lower = name.lower()
        if not _HEADER_NAME.fullmatch(name):
            yield Finding(here, "not a header's name", "Use letters, digits and `-`.", at_key=True)
        elif lower in seen:
            yield Finding(here, "this header stands here twice", "Keep one: case does not matter.", at_key=True)
        elif lower in _CREDENTIAL_HEADERS:
            remedy = "Remove it; name a secret in `auth:` and declare it under `secrets:`."
            yield Finding(here, "a header that carries a credential", remedy, at_key=True)
        elif lower in _RUN_HEADERS:
            yield Finding(here, "supacron sends this header with each attempt", "Remove it.", at_key=True)
        elif lower in _FRAMING_HEADERS:
            yield Finding(here, "pg_net writes this header itself", "Remove it.", at_key=True)
        elif lower == "content-type" and posts and value != JSON_TYPE:
            yield Finding(
                here, "pg_net posts nothing but application/json", f"Write {JSON_TYPE}, or remove the header."
            )
        if not _HEADER_VALUE.fullmatch(value) or value != value.strip():
            remedy = "Use printable ASCII on one line, without blanks around it."
            yield Finding(here, "not a header's value", remedy)
        seen.add(lower)
