"""A stack's files, written anew from what the database knows of it: for a state, a folder or a config that is lost.

The definitions are those of the newest release in the ledger, text and overrides; keys come out of Vault and go into
encrypted config. The database is only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from supacron.adopt.write import NEW_CONFIG, add
from supacron.errors import Refused
from supacron.live.read import read_live
from supacron.load.emit import replace_entry
from supacron.load.files import NAMESPACE, build_sources
from supacron.load.source import digest_of
from supacron.load.yaml_source import parse_text
from supacron.operate.releases import content_of
from supacron.operate.target import Target
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_OVERRIDES: Final = f"{NAMESPACE}overrides"


@dataclass(frozen=True)
class Recovered:
    """What is to be written: texts by path, and keys by slot. `missing` are slots whose value is not in Vault."""

    release: int
    files: Mapping[Path, str]
    keys: Mapping[str, Secret]
    missing: tuple[str, ...]


def recover(connection: Connection, target: Target) -> Recovered:
    """The files of `target` as they were last applied, as far as they are not there.

    Raises Refused where a file is there that says something else, SupacronError where no definitions were recorded.
    """
    content = content_of(connection, target.name, None)
    live = read_live(connection, target.name, [])
    definition, config = target.directory / f"{target.name}.yaml", target.directory / f"Pulumi.{target.name}.yaml"
    files = {}
    found = _text(definition)
    if found is None:
        files[definition] = content.definitions
    elif digest_of(parse_text(found, str(definition)).data) != content.released.definitions_digest:
        raise Refused(
            f"{definition} is there, and holds something else than release {content.released.id}; nothing was written",
            f"Look at it with `supacron diff live --stack {target.stack}`, or move it away.",
        )
    project_url = live.stack.project_url if live.stack else ""
    text = _config(_text(config), config, target.name, _ref(live.runtime), project_url, content.overrides)
    if text != _text(config):
        files[config] = text
    loaded = build_sources(target.name, parse_text(content.definitions, str(definition)), parse_text(text, str(config)))
    wanted = [name for name, row in live.secrets.items() if row.env is None and name not in loaded.configured_secrets]
    values = {name: live.vault.get(live.secrets[name].vault_name) for name in wanted}
    keys = {name: held.value for name, held in values.items() if held is not None and held.value}
    # What only functions get is not in Vault.
    slots = loaded.definition.secrets
    elsewhere = [name for name, slot in slots.items() if slot.env is None and name not in loaded.configured_secrets]
    missing = sorted({*wanted, *elsewhere} - keys.keys())
    return Recovered(content.released.id, files, keys, tuple(missing))


def _ref(runtime: Any) -> str:
    return str(runtime.project_ref) if runtime is not None else ""


def _config(text: str | None, path: Path, stack: str, ref: str, url: str, overrides: Mapping[str, Any]) -> str:
    """The config's text with the project and the overrides in it, as far as it does not say them."""
    new = text if text is not None else NEW_CONFIG.format(stack=stack, ref=ref, url=url)
    section = parse_text(new, str(path)).data.get("config")
    known = section if isinstance(section, dict) else {}
    missing = {
        key: value
        for key, value in ((f"{NAMESPACE}projectRef", ref), (f"{NAMESPACE}projectUrl", url))
        if key not in known
    }
    new = add(new, str(path), {"config": missing}) if missing else new
    if overrides and _OVERRIDES not in known:
        changed = replace_entry(new, "config", _OVERRIDES, dict(overrides))
        if changed is None:
            raise Refused(
                f"{path} is laid out in a way that the overrides cannot be added; nothing was written",
                "Write each key of `config:` on lines of its own.",
            )
        new = changed
    return new


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
