"""Supabase schedules as code: pg_cron jobs from YAML, applied by Pulumi, with secrets in Vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supacron.program.stack import Stack

__version__ = "0.1.0"
__all__ = ["Stack", "__version__"]


def __getattr__(name: str) -> Any:
    # Pulumi's SDK takes most of a second to import, and the command line does without it.
    if name == "Stack":
        from supacron.program.stack import Stack

        return Stack
    raise AttributeError(f"module 'supacron' has no attribute {name!r}")
