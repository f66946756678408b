"""From a call's arguments to the HTTP request that pg_net makes of it, as far as it is constant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from supacron.adopt.calls import Call
from supacron.adopt.values import Json, Lookup, Markers, NotConstant, Unknown, has_markers, to_json, to_text
from supacron.secret import Secret

_BEARER: Final = "Bearer "
_CREDENTIAL_NAMES: Final = re.compile(
    r"(?i)authorization|proxy-authorization|apikey|cookie|.*(?:secret|token|password|api-?key|-auth|auth-|signature).*"
    r"|x-(?!idempotency).*key|.*[-_]key"
)
_NO_CREDENTIAL: Final = re.compile(r"(?i)(?:x-)?idempotency-key")
_KEY_FIELD: Final = re.compile(
    r"(?i).*(?:secret|password|passwd|api[-_]?key|(?:access|auth)[-_]?token)|token|sig|signature"
)
MIN_KEY_LENGTH: Final = 6
"""A shorter text under the name of a key cannot be told apart from other text."""


class NotExpressible(Exception):
    """The YAML cannot say this; the text tells what."""


@dataclass(frozen=True, slots=True)
class Auth:
    """The header that carries a key, what stands before it there, and the key: literal or a name in Vault."""

    header: str
    prefix: str
    key: Secret | Lookup


@dataclass(frozen=True)
class Request:
    """A constant request; its keys are in `auths` and not in `headers`. `body` is None where none is sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any
    timeout_ms: int
    auths: tuple[Auth, ...] = field(default=(), repr=False)


def request_of(call: Call, vault: Mapping[str, Secret]) -> Request:
    """The request of `call`; raises NotExpressible.

    `vault` has the values that a URL may be built with. Projects keep their own URL there, and that is no secret; any
    other URL, such as a webhook's, may be one.
    """
    for name in ("url", "params", "headers", "body", "timeout_milliseconds"):
        if reason := call.unknown(name):
            raise NotExpressible(f"{_WORDS[name]}: {reason}")
    markers = call.evaluator.markers
    if keys := _keys_outside_of_headers(call):
        raise NotExpressible(f"a key stands in the URL or the body ({keys[0][0]})")
    headers, auths = split_headers(call)
    return Request(
        call.method,
        _with_parameters(_url(call, markers, vault), call),
        headers,
        _body(call, markers),
        _timeout(call),
        tuple(auths),
    )


_WORDS: Final = {
    "url": "the URL",
    "params": "the parameters",
    "headers": "the headers",
    "body": "the body",
    "timeout_milliseconds": "the time-out",
}


def split_headers(call: Call) -> tuple[dict[str, str], list[Auth]]:
    """The headers without a key, and those that carry one; raises NotExpressible."""
    plain: dict[str, str] = {}
    auths: list[Auth] = []
    for name, value in _object(call, "headers").items():
        text = _scalar(value, f"the header {name}")
        if text is None:
            continue  # pg_net drops it
        if has_markers(name):
            raise NotExpressible("the name of a header comes from Vault")
        pieces = call.evaluator.markers.split(text)
        if any(not isinstance(piece, str) for piece in pieces):
            auths.append(_looked_up(name, pieces))
        elif text and _CREDENTIAL_NAMES.fullmatch(name) and not _NO_CREDENTIAL.fullmatch(name):
            auths.append(_literal(name, text))
        else:
            plain[name] = text
    return plain, auths


def literal_keys(call: Call) -> list[tuple[str, Secret]]:
    """Each key that stands literally in `call`, whatever else is not constant, with the name that it stands under."""
    found: list[tuple[str, Secret]] = []
    for name, value in _object_or_empty(call, "headers").items():
        is_key = _CREDENTIAL_NAMES.fullmatch(name) and not _NO_CREDENTIAL.fullmatch(name)
        if isinstance(value, str) and value and is_key and not has_markers(value):
            key = _literal(name, value).key
            if isinstance(key, Secret):
                found.append((name, key))
    return found + _keys_outside_of_headers(call)


def _keys_outside_of_headers(call: Call) -> list[tuple[str, Secret]]:
    """Keys in the URL's query, the parameters and the body, by their names."""
    url = call.arguments.get("url")
    query = url.partition("?")[2] if isinstance(url, str) else ""
    fields: list[tuple[str, object]] = [*(pair.partition("=")[::2] for pair in query.split("&"))]
    for parameter in ("params", "body"):
        fields += _fields(_object_or_empty(call, parameter))
    return [
        (name, Secret(value))
        for name, value in fields
        if isinstance(value, str)
        and len(value) >= MIN_KEY_LENGTH
        and _KEY_FIELD.fullmatch(name)
        and not has_markers(value)
    ]


def _fields(data: object) -> list[tuple[str, object]]:
    if isinstance(data, dict):
        return [pair for key, value in data.items() for pair in ((key, value), *_fields(value))]
    if isinstance(data, list):
        return [pair for item in data for pair in _fields(item)]
    return []


def _literal(name: str, text: str) -> Auth:
    if name.lower() == "authorization" and text.startswith(_BEARER) and text[len(_BEARER) :].strip():
        return Auth(name, _BEARER, Secret(text[len(_BEARER) :]))
    return Auth(name, "", Secret(text))


def _looked_up(name: str, pieces: list[str | Lookup | Unknown]) -> Auth:
    match pieces:
        case [Lookup() as lookup]:
            return Auth(name, "", lookup)
        case [str() as prefix, Lookup() as lookup] if prefix == _BEARER and name.lower() == "authorization":
            return Auth(name, prefix, lookup)
    raise NotExpressible(f"the header {name} is more than a key from Vault")


def _object(call: Call, parameter: str) -> dict[str, Any]:
    value = call.arguments.get(parameter)
    try:
        parsed = to_json(value)
    except NotConstant as reason:
        raise NotExpressible(f"{_WORDS[parameter]}: {reason}") from None
    if not isinstance(parsed, Json) or not isinstance(parsed.value, dict):
        raise NotExpressible(f"{_WORDS[parameter]} are no object")
    return parsed.value


def _object_or_empty(call: Call, parameter: str) -> dict[str, Any]:
    try:
        return _object(call, parameter)
    except NotExpressible:
        return {}


def _scalar(value: Any, what: str) -> str | None:
    """A value as jsonb_each_text writes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    raise NotExpressible(f"{what} is no text")


def _url(call: Call, markers: Markers, vault: Mapping[str, Secret]) -> str:
    try:
        url = to_text(call.arguments.get("url"))
    except NotConstant as reason:
        raise NotExpressible(f"the URL: {reason}") from None
    if url is None:
        raise NotExpressible("it has no URL")
    text = ""
    for piece in markers.split(url):
        if isinstance(piece, Lookup) and piece.name in vault:
            text += vault[piece.name].reveal()
        elif isinstance(piece, str):
            text += piece
        else:
            raise NotExpressible("the URL comes from Vault, and is not that of the project")
    return text


def _with_parameters(url: str, call: Call) -> str:
    """pg_net appends the parameters in jsonb's order: the shortest name first."""
    if call.arguments.get("params") is None:
        return url
    parameters = _object(call, "params")
    if has_markers(parameters):
        raise NotExpressible("a parameter comes from Vault")
    pairs = []
    for name in sorted(parameters, key=lambda each: (len(each.encode()), each.encode())):
        value = _scalar(parameters[name], f"the parameter {name}")
        if value is None:
            raise NotExpressible(f"the parameter {name} is null")
        pairs.append(f"{quote(name, safe='-._~')}={quote(value, safe='-._~')}")
    if not pairs:
        return url
    if "#" in url:
        raise NotExpressible("the URL has a fragment, and parameters besides")
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(pairs)}"


def _body(call: Call, markers: Markers) -> Any:
    value = call.arguments.get("body")
    if call.method != "POST":
        if value is not None:
            raise NotExpressible(f"a body goes with {call.method}")
        return None
    try:
        body = to_json(value)
    except NotConstant as reason:
        raise NotExpressible(f"the body: {reason}") from None
    if body is None or body.value is None:
        raise NotExpressible("the body is null")
    if markers.holds_lookup(body):
        raise NotExpressible("the body holds a key from Vault")
    return _plain(body.value)


def _plain(value: Any) -> Any:
    """JSON without Decimals; raises NotExpressible for a number whose spelling would change."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        if format(value, "f") != repr(float(value)):
            raise NotExpressible("the body holds a number that YAML would spell in another way")
        return float(value)
    return value


def _timeout(call: Call) -> int:
    value = call.arguments.get("timeout_milliseconds")
    if type(value) is int:
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    raise NotExpressible("the time-out is no whole number")
