"""Which Supabase project a stack is for, by its config alone."""

from __future__ import annotations

from supacron.load.files import short_name
from supacron.load.yaml_source import read_file
from supacron.operate.target import Target


def project_ref_of_stack(target: Target) -> str | None:
    """`supacron:projectRef` of the stack's config; None when the file is not there or does not say.

    A mistake elsewhere in the stack's files must not stand in the way of pausing a job.
    """
    path = target.directory / f"Pulumi.{short_name(target.stack)}.yaml"
    if not path.is_file():
        return None
    config = read_file(path).data.get("config")
    ref = config.get("supacron:projectRef") if isinstance(config, dict) else None
    return ref if isinstance(ref, str) else None
