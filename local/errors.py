"""Errors of the local stack, each with its remedy."""

from __future__ import annotations

from supacron.errors import SupacronError


class LocalError(SupacronError):
    """The local stack cannot do what it was asked to."""
