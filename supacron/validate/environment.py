"""The `supacron:` keys of a stack's Pulumi config: where the stack runs, and which secrets it has values for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import Environment
from supacron.validate.findings import Finding, did_you_mean
from supacron.validate.http import check_url, sends_in_clear
from supacron.validate.shape import check_shape

_KEYS: Final = ("projectRef", "projectUrl", "databaseUrl", "accessToken", "secrets", "overrides")
_ENCRYPTED: Final = "secure"
_PASSWORD: Final = re.compile(r"://[^/@\s]*:[^/@\s]+@|password\s*=", re.IGNORECASE)
_PROJECT_HOST: Final = re.compile(r"([a-z0-9]{20})\.supabase\.(?:co|in)")


@dataclass(frozen=True)
class CheckedEnvironment:
    """`secrets` are the names that stack config holds an encrypted value for; the values are never read."""

    environment: Environment | None
    secrets: frozenset[str]
    mistakes: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def check_environment(config: Mapping[str, Any]) -> CheckedEnvironment:
    """`config` by the keys' bare names (`projectRef`), as pulumi.Config("supacron") has them.

    Findings start at these names. `secrets` maps names to `{secure: ...}`; the Pulumi program, which sees decrypted
    values, passes the names with None instead.
    """
    mistakes: list[Finding] = []
    for key in config:
        if key not in _KEYS:
            remedy = f"{did_you_mean(key, _KEYS)}Known keys: {', '.join(f'supacron:{name}' for name in _KEYS)}."
            mistakes.append(Finding((key,), f"unknown key `supacron:{shorten(key)}`", remedy, at_key=True))
    secrets = config.get("secrets")
    mistakes.extend(_check_secrets(secrets))
    mistakes.extend(_check_database_url(config.get("databaseUrl")))
    mistakes.extend(_check_access_token(config.get("accessToken")))
    mistakes.extend(_check_overrides(config.get("overrides"), ("overrides",)))
    shown = {key: config[key] for key in ("projectRef", "projectUrl", "overrides") if config.get(key) is not None}
    environment, shape = check_shape(Environment, shown)
    mistakes.extend(shape)
    warnings: list[Finding] = []
    if environment is not None:
        mistakes.extend(_check_project(environment))
        warnings.extend(_warn_project(environment))
    names = frozenset(secrets) if isinstance(secrets, dict) else frozenset[str]()
    return CheckedEnvironment(environment, names, mistakes, warnings)


def check_declared(configured: frozenset[str], declared: Collection[str]) -> list[Finding]:
    """Warnings about values in stack config that no `secrets:` declares: they are never used."""
    message = "`secrets:` of the stack's file does not declare this secret"
    return [
        Finding(
            ("secrets", name),
            message,
            f"{did_you_mean(name, declared)}Declare it, or: pulumi config rm --path 'supacron:secrets.{shorten(name)}'",
            at_key=True,
        )
        for name in sorted(configured - set(declared))
    ]


def _check_secrets(secrets: object) -> Iterator[Finding]:
    if secrets is None:
        return
    if not isinstance(secrets, Mapping) or _is_encrypted(secrets):
        remedy = "Set each on its own: pulumi config set --secret --path 'supacron:secrets.NAME'"
        yield Finding(("secrets",), "must be a mapping from name to encrypted value", remedy, at_key=True)
        return
    for name, value in secrets.items():
        if value is not None and not _is_encrypted(value):
            path: KeyPath = ("secrets", name)
            remedy = f"Encrypt it: pulumi config set --secret --path 'supacron:secrets.{shorten(name)}'"
            yield Finding(
                path, "a secret in plain text", f"{remedy} (and replace the value: it was readable here).", True
            )


def _check_database_url(value: object) -> Iterator[Finding]:
    if value is None or _is_encrypted(value):
        return
    remedy = "Encrypt it: pulumi config set --secret supacron:databaseUrl"
    if not isinstance(value, str):
        yield Finding(("databaseUrl",), "must be a connection string", remedy, at_key=True)
    elif _PASSWORD.search(value):
        yield Finding(("databaseUrl",), "a password in plain text", f"{remedy} (and change the password).", at_key=True)


def _check_access_token(value: object) -> Iterator[Finding]:
    if value is not None and not _is_encrypted(value):
        remedy = (
            "Encrypt it: pulumi config set --secret supacron:accessToken (and make a new one: it was readable here)."
        )
        yield Finding(("accessToken",), "an access token in plain text", remedy, at_key=True)


def _check_overrides(value: object, path: KeyPath) -> Iterator[Finding]:
    """Overrides are shown, applied and recorded in plain text: what is encrypted in the file would not stay so."""
    if _is_encrypted(value):
        message = "an encrypted value in overrides, which are recorded in plain text"
        yield Finding(path, message, "Declare a secret, and send it with `auth: {secret: NAME}`.", at_key=True)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _check_overrides(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check_overrides(item, (*path, index))


def _is_encrypted(value: object) -> bool:
    return isinstance(value, Mapping) and list(value) == [_ENCRYPTED] and isinstance(value[_ENCRYPTED], str)


def _check_project(environment: Environment) -> Iterator[Finding]:
    yield from check_url(environment.project_url, ("projectUrl",))
    try:
        host = urlsplit(environment.project_url).hostname or ""
    except ValueError:
        return
    match = _PROJECT_HOST.fullmatch(host)
    if match and match[1] != environment.project_ref:
        message = f"the URL is of project {match[1]}, but supacron:projectRef is {environment.project_ref}"
        yield Finding(("projectUrl",), message, "Make both name one project.")


def _warn_project(environment: Environment) -> Iterator[Finding]:
    try:
        clear = sends_in_clear(environment.project_url)
    except ValueError:
        return
    if clear:
        yield Finding(("projectUrl",), "functions are called over http, unencrypted", "Use https.")
