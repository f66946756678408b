"""Which secret of the stack each key becomes: one slot for each value, named for what the key is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from supacron.adopt.values import Lookup
from supacron.audit.claims import read_api_key
from supacron.secret import Secret

_MAX_LENGTH: Final = 63
_BY_KIND: Final = {
    "anon-jwt": "anon_key",
    "service-role-jwt": "service_role_key",
    "secret-key": "secret_api_key",
    "publishable-key": "publishable_key",
}


@dataclass
class Slots:
    """The stack's slots by name, each with its name in Vault, and what is added to them.

    `needed` are those that some job sends otherwise than in `apikey` beside another.
    """

    stack: str
    existing: Mapping[str, str]
    literals: dict[Secret, str] = field(default_factory=dict)
    lookups: dict[str, str] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)

    def copy(self) -> Slots:
        return Slots(self.stack, self.existing, dict(self.literals), dict(self.lookups), set(self.needed))

    def take(self, trial: Slots) -> None:
        """What was added to a copy."""
        self.literals, self.lookups, self.needed = trial.literals, trial.lookups, trial.needed

    def for_key(self, key: Secret | Lookup, kind: str, wanted: str) -> str:
        """The slot of a key; `kind` is what an audit calls it, `wanted` a name for kinds that have none."""
        if isinstance(key, Lookup):
            return self._for_lookup(key.name)
        if key not in self.literals:
            self.literals[key] = self._free(_BY_KIND.get(kind) or f"{_slug(wanted)}_key")
        return self.literals[key]

    def vault_name(self, slot: str) -> str:
        """Where the value of a slot that is added stands in Vault."""
        return next((name for name, added in self.lookups.items() if added == slot), f"supacron/{self.stack}/{slot}")

    def yaml(self) -> dict[str, Any]:
        """What is added under `secrets:`."""
        added: dict[str, Any] = {
            slot: _definition(key, needed=slot in self.needed) for key, slot in self.literals.items()
        }
        return added | {slot: {"vault_name": name} for name, slot in self.lookups.items() if slot not in self.existing}

    def _for_lookup(self, name: str) -> str:
        known = next((slot for slot, vault_name in self.existing.items() if vault_name == name), None)
        if name not in self.lookups:
            self.lookups[name] = known or self._free(_slug(name))
        return self.lookups[name]

    def _free(self, name: str) -> str:
        taken = {*self.existing, *self.literals.values(), *self.lookups.values()}
        free, number = name[:_MAX_LENGTH], 2
        while free in taken:
            free = f"{name[: _MAX_LENGTH - 4]}_{number}"
            number += 1
        return free


def _definition(key: Secret, *, needed: bool) -> dict[str, Any]:
    known = read_api_key(key)
    if known is None or known.kind != "publishable" or not needed:
        return {}
    # An apply would refuse it, and the job is to go on as it did.
    return {"allow": [{"rule": "publishable", "reason": "the job sent it when it was adopted; to be replaced"}]}


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return slug if re.match(r"[a-z]", slug) else f"key_{slug}".strip("_")
