"""The secrets that a job names: declared, and where a call finds them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from supacron.model.paths import KeyPath
from supacron.model.stack_file import StackFile
from supacron.validate.findings import Finding, did_you_mean


def check_slot(name: str, stack: StackFile, path: KeyPath, *, kept_out: str) -> Iterator[Finding]:
    """What is wrong with the secret that `path` names; `kept_out` says it of one that is not written to Vault."""
    if name not in stack.secrets:
        remedy = did_you_mean(name, stack.secrets) + f"Declare it under `secrets:`, as in `{name}: {{}}`."
        yield Finding(path, f"no secret `{name}` under `secrets:`", remedy)
    elif not stack.secrets[name].vault:
        yield Finding(path, kept_out, f"Remove `vault: false` from the secret `{name}`.")
