"""A secret value that is masked everywhere, unless it is revealed on purpose."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

MASK = "********"


class Secret:
    """Text that never shows itself: str, repr, format, pickle and JSON all mask or refuse it.

    Only `reveal` returns the value; call it at the one place that sends it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not serialised; pass what reveal() returns to the one place that needs it")

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def mask_in(self, text: str) -> str:
        """`text` with every occurrence of the value replaced by the mask."""
        return text.replace(self._value, MASK) if self._value else text
