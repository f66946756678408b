"""The functions that people build URLs, headers and bodies with, as PostgreSQL works them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from supacron.adopt.values import Json, NotConstant, Value, to_json, to_text

_RUN_TIME_TEXT: Final = "text is put together in a way that only the server knows"


def joined(left: Value, right: Value) -> Value:
    """`left || right`: text, or objects of JSON."""
    if left is None or right is None:
        return None
    if not isinstance(left, Json) and not isinstance(right, Json):
        return f"{to_text(left)}{to_text(right)}"
    one, other = to_json(left), to_json(right)
    if one and other and isinstance(one.value, dict) and isinstance(other.value, dict):
        return Json({**one.value, **other.value})
    raise NotConstant("JSON that is no object is joined")


def _object(arguments: list[Value]) -> Value:
    if len(arguments) % 2:
        raise NotConstant("an object is built of an odd number of arguments")
    return Json({_key(key): _item(value) for key, value in zip(arguments[::2], arguments[1::2], strict=True)})


def _array(arguments: list[Value]) -> Value:
    return Json([_item(value) for value in arguments])


def _single(arguments: list[Value]) -> Value:
    return Json(_item(arguments[0]))


def _key(key: Value) -> str:
    text = to_text(key)
    if text is None:
        raise NotConstant("an object is built with a null as key")
    return text


def _item(value: Value) -> Any:
    return value.value if isinstance(value, Json) else value


def _piece(value: Value) -> str:
    # These functions write a boolean as `t`; nobody means that.
    if isinstance(value, bool):
        raise NotConstant(_RUN_TIME_TEXT)
    return to_text(value) or ""


def _concat(arguments: list[Value]) -> Value:
    return "".join(map(_piece, arguments))


def _concat_ws(arguments: list[Value]) -> Value:
    separator, *rest = arguments
    if separator is None:
        return None
    return _piece(separator).join(_piece(value) for value in rest if value is not None)


def _format(arguments: list[Value]) -> Value:
    template, *rest = arguments
    if template is None:
        return None
    pieces = [piece.split("%s") for piece in _piece(template).split("%%")]
    flat = [part for piece in pieces for part in piece]
    if any("%" in part for part in flat) or len(flat) - len(pieces) != len(rest):
        raise NotConstant(_RUN_TIME_TEXT)
    values = iter(rest)
    filled = []
    for first, *others in pieces:
        filled.append(first + "".join(_piece(next(values)) + part for part in others))
    return "%".join(filled)


FUNCTIONS: Final[dict[str, Callable[[list[Value]], Value]]] = {
    "jsonb_build_object": _object,
    "json_build_object": _object,
    "jsonb_build_array": _array,
    "json_build_array": _array,
    "to_jsonb": _single,
    "to_json": _single,
    "concat": _concat,
    "concat_ws": _concat_ws,
    "format": _format,
}
