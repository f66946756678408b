"""The string constants of SQL that can be put together from pieces instead: the result has to be of the same type.

An untyped constant takes the type that its place wants, a concatenation is text. So a constant counts only where text
will do, or where the type is known and a cast can be added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from supacron.adopt.functions import FUNCTIONS
from supacron.adopt.syntax import inner, kind_of, names_of, nodes

_JSON_PARAMETERS: Final = ("body", "params", "headers")
_POSITIONS: Final = {
    "http_post": ("url", "body", "params", "headers"),
    "http_get": ("url", "params", "headers"),
    "http_delete": ("url", "params", "headers"),
}
_AS_JSON: Final = "::jsonb"


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant's value, the offset of a type that stands before it (`jsonb '{}'`), and the cast that it needs."""

    value: str
    type_start: int | None = None
    suffix: str = ""


def constants_of(tree: Any) -> dict[int, Constant]:
    """By offset, each string constant of `tree` that text, or text with a cast, can stand in for."""
    found: dict[int, Constant] = {}
    for node in nodes(tree):
        for child, suffix in _operands(node):
            if is_string(child):
                found.setdefault(child.location, Constant(child.sval.sval, None, suffix))
        if kind_of(node) == "TypeCast" and is_string(inner(node.arg)):
            constant, start = inner(node.arg), node.type_name.location
            # `type 'text'` has no place of its own, unlike `'text'::type` and `cast('text' as type)`.
            before = start if 0 <= start < constant.location and node.location < 0 else None
            found[constant.location] = Constant(constant.sval.sval, before)
    return found


def is_string(node: Any) -> bool:
    return kind_of(node) == "A_Const" and not node.isnull and node.WhichOneof("val") == "sval"


def _operands(node: Any) -> Iterator[tuple[Any, str]]:
    """The parts of a node that may be text, each with the cast that text needs there."""
    match kind_of(node):
        case "FuncCall":
            yield from _arguments(node)
        case "A_Expr" if "".join(names_of(node.name)) == "||":
            left, right = inner(node.lexpr), inner(node.rexpr)
            suffix = _AS_JSON if _is_json(left) or _is_json(right) else ""
            yield from ((left, suffix), (right, suffix))
        case "SelectStmt":
            yield from ((inner(inner(target).val), "") for target in node.target_list)
        case "CoalesceExpr":
            yield from ((inner(argument), "") for argument in node.args)


def _arguments(node: Any) -> Iterator[tuple[Any, str]]:
    names = names_of(node.funcname)
    positions = _POSITIONS.get(names[-1]) if names[:-1] == ("net",) else None
    if positions is None and (names[-1] not in FUNCTIONS or names[:-1] not in ((), ("pg_catalog",))):
        return
    for number, argument in enumerate(map(inner, node.args)):
        if kind_of(argument) == "NamedArgExpr":
            name, value = argument.name, inner(argument.arg)
        else:
            name, value = ("" if positions is None or number >= len(positions) else positions[number]), argument
        yield value, _AS_JSON if positions is not None and name in _JSON_PARAMETERS else ""


def _is_json(node: Any) -> bool:
    if kind_of(node) == "TypeCast":
        return names_of(node.type_name.names)[-1] in ("json", "jsonb")
    return kind_of(node) == "FuncCall" and names_of(node.funcname)[-1].startswith("jsonb_")
