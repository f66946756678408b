"""What a stack's definitions are, whatever environment they are for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(definition: Mapping[str, Any]) -> str:
    """SHA-256 of the definitions as data, before overrides: comments, order of keys and spelling do not count."""
    text = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
