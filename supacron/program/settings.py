"""What the Pulumi program is told: the stack's configuration and the process's environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.config import is_config_secret

from supacron.deploy.deploy import with_digests
from supacron.errors import InvalidInput, Problem
from supacron.load.files import Loaded, build, load_stack, short_name
from supacron.load.yaml_source import read_file
from supacron.model.desired import Desired, Source
from supacron.model.functions import Deployment
from supacron.model.paths import KeyPath, format_path
from supacron.operate.environment import USER_URL
from supacron.secret import Secret

NAMESPACE = "supacron"


@dataclass(frozen=True, slots=True)
class Settings:
    """A stack, resolved. `configured_url` is None when the database comes from the environment, or from nowhere."""

    desired: Desired
    warnings: tuple[str, ...]
    configured_url: Secret | None
    configured_secrets: Mapping[str, Secret]
    values: Mapping[str, Secret]
    deployment: Deployment | None = None
    access_token: Secret | None = None
    function_secrets: Mapping[str, Secret] = field(default_factory=dict)
    """Those that come from the stack's configuration, by slot."""

    @property
    def url(self) -> Secret | None:
        """The database to look at: the stack's configuration, else the user's variable."""
        if self.configured_url is not None:
            return self.configured_url
        given = os.environ.get(USER_URL)
        return Secret(given) if given else None


def read_settings(directory: Path, definition: Path | Mapping[str, Any] | None) -> Settings:
    """Reads the stack's definition and configuration; raises InvalidInput with every mistake in them."""
    config = pulumi.Config(NAMESPACE)
    stack = short_name(pulumi.get_stack())
    given = config.get_object("secrets")
    database_url = config.get("databaseUrl")
    access_token = config.get("accessToken")
    plain = {
        "projectRef": config.get("projectRef"),
        "projectUrl": config.get("projectUrl"),
        # Decrypted already, if anything in them is encrypted: that it is must be seen.
        "overrides": {"secure": ""} if is_config_secret(f"{NAMESPACE}:overrides") else config.get_object("overrides"),
        "secrets": _without_values(given),
        # What is encrypted is nobody's business here; what is not is checked for a password.
        "databaseUrl": None if is_config_secret(f"{NAMESPACE}:databaseUrl") else database_url,
        "accessToken": None if is_config_secret(f"{NAMESPACE}:accessToken") else access_token,
    }
    loaded = _load(stack, directory, definition, {key: value for key, value in plain.items() if value is not None})
    desired = loaded.desired.model_copy(
        update={"program": pulumi.get_project(), "source": _source(loaded.desired, directory, definition)}
    )
    configured = {
        name: Secret(given[name])
        for name, slot in desired.secrets.items()
        if slot.env is None and given and given.get(name)
    }
    from_environment = {
        name: Secret(value)
        for name, slot in desired.secrets.items()
        if slot.env and (value := os.environ.get(slot.env))
    }
    return Settings(
        desired=desired,
        warnings=tuple(str(warning) for warning in loaded.warnings),
        configured_url=Secret(database_url) if database_url else None,
        configured_secrets=configured,
        values={**configured, **from_environment},
        deployment=with_digests(Path(), loaded.deployment) if loaded.deployment else None,
        access_token=Secret(access_token) if access_token else None,
        function_secrets=_function_secrets(loaded.deployment, given),
    )


def _function_secrets(deployment: Deployment | None, given: Any) -> dict[str, Secret]:
    sources = deployment.secrets.values() if deployment else ()
    slots = {source.secret for source in sources if source.env is None}
    return {slot: Secret(given[slot]) for slot in sorted(slots) if given and given.get(slot)}


def _source(desired: Desired, directory: Path, definition: Path | Mapping[str, Any] | None) -> Source | None:
    """With the file's path from the project's folder, which is the same on every machine; None outside of it."""
    if desired.source is None or isinstance(definition, Mapping):
        return desired.source
    here = Path.cwd()
    path = here / (definition if definition is not None else directory / f"{desired.stack}.yaml")
    file = path.relative_to(here).as_posix() if path.is_relative_to(here) else None
    return desired.source.model_copy(update={"file": file})


def _without_values(given: Any) -> Any:
    """The names of the encrypted secrets; what is not encrypted stays, and is reported as a mistake."""
    if isinstance(given, dict) and is_config_secret(f"{NAMESPACE}:secrets"):
        return {name: None if isinstance(value, str) else value for name, value in given.items()}
    return given


def _load(
    stack: str, directory: Path, definition: Path | Mapping[str, Any] | None, config: Mapping[str, Any]
) -> Loaded:
    file = directory / f"Pulumi.{stack}.yaml"
    if definition is None and _in_use(file, config):
        # Read from the file itself, mistakes have their lines, and numbers and dates stay what they are: through
        # Pulumi's configuration a long number is rounded and a date changes its form.
        loaded = load_stack(directory, stack, pulumi.get_project())
        if _same(loaded.environment.overrides, config.get("overrides") or {}):
            return loaded
    if isinstance(definition, Mapping):
        _check_plain(definition)
    given = definition if definition is not None else directory / f"{stack}.yaml"
    return build(stack, given, config, directory, pulumi.get_project())


def _in_use(file: Path, config: Mapping[str, Any]) -> bool:
    """Whether `config` was read from `file`: Pulumi may have been told another one by --config-file."""
    try:
        source = read_file(file)
    except OSError:
        return False
    if not source.data:
        return bool(source.problems)
    found = source.data.get("config")
    return isinstance(found, dict) and all(
        found.get(f"{NAMESPACE}:{key}") == config.get(key) for key in ("projectRef", "projectUrl")
    )


def _same(ours: Any, pulumis: Any) -> bool:
    """Equal but for the precision that Pulumi's configuration has."""
    if isinstance(ours, dict) and isinstance(pulumis, dict):
        return ours.keys() == pulumis.keys() and all(_same(value, pulumis[key]) for key, value in ours.items())
    if isinstance(ours, list) and isinstance(pulumis, list):
        return len(ours) == len(pulumis) and all(map(_same, ours, pulumis))
    if _is_number(ours) and _is_number(pulumis):
        return float(ours) == float(pulumis)
    return type(ours) is type(pulumis) and bool(ours == pulumis)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_plain(definition: Mapping[str, Any]) -> None:
    """What is applied has to be known before anything runs: a resource's output is not."""
    message = "is a Pulumi output, whose value is not known before the update"
    problems = [
        Problem(
            message, "Give a plain value here, from the configuration or a StackReference read beforehand.", path=at
        )
        for at in _outputs(definition, ())
    ]
    if problems:
        raise InvalidInput(problems)


def _outputs(value: Any, path: KeyPath) -> list[str]:
    if isinstance(value, pulumi.Output):
        return [format_path(path)]
    if isinstance(value, Mapping):
        return [found for key, item in value.items() for found in _outputs(item, (*path, str(key)))]
    if isinstance(value, list | tuple):
        return [found for index, item in enumerate(value) for found in _outputs(item, (*path, index))]
    return []
