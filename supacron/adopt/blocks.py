"""`do` blocks in PL/pgSQL: their statements, their variables, and the pieces of SQL in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from supacron.adopt.syntax import NotParsed, inner

_EXPRESSION: Final = 2
_ASSIGNMENTS: Final = (3, 4, 5)
"""PL/pgSQL's parse modes: 0 is a statement, 2 an expression, 3 to 5 `target := expression`."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL in a block, as a statement of its own, with the kind of PL/pgSQL statement that holds it."""

    sql: str
    statement: str


@dataclass(frozen=True, slots=True)
class Block:
    """The body of a `do`. `defaults` are its variables' initial values, as queries."""

    body: str
    fragments: tuple[Fragment, ...]
    defaults: dict[str, str]
    statements: tuple[tuple[str, dict[str, Any]], ...]
    handles_errors: bool


def body_of(statement: Any) -> str | None:
    """The body of a `do` statement; None when its language is not PL/pgSQL."""
    language, body = "plpgsql", None
    for option in map(inner, statement.args):
        value = inner(option.arg).sval
        if option.defname == "language":
            language = value
        elif option.defname == "as":
            body = value
    return body if language.lower() == "plpgsql" else None


def parse_block(body: str) -> Block:
    """A PL/pgSQL body; raises NotParsed."""
    import postgast

    tag = "$body$"
    while tag in body:
        tag = f"{tag[:-1]}_$"
    try:
        parsed = postgast.parse_plpgsql(f"create function f() returns void language plpgsql as {tag}{body}{tag}")
    except postgast.PgQueryError:
        raise NotParsed from None
    function: dict[str, Any] = parsed[0]["PLpgSQL_function"]
    block = function["action"]["PLpgSQL_stmt_block"]
    statements = [next(iter(each.items())) for each in block.get("body", [])]
    # A block with an exception clause comes wrapped in another one.
    handles_errors = "exceptions" in block or any("exceptions" in data for _, data in statements)
    return Block(
        body,
        tuple(_fragments(function, "")),
        _defaults(function),
        tuple((kind, data) for kind, data in statements if (kind, data) != ("PLpgSQL_stmt_return", {})),
        handles_errors,
    )


def query_of(data: object) -> str:
    """The first piece of SQL in a part of a block."""
    found = next(iter(_fragments(data, "")), None)
    return found.sql if found else ""


def _fragments(data: object, statement: str) -> Iterator[Fragment]:
    if isinstance(data, list):
        for item in data:
            yield from _fragments(item, statement)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "PLpgSQL_expr":
                yield Fragment(_as_statement(value["query"], value.get("parseMode", 0)), statement)
            else:
                yield from _fragments(value, key if key.startswith("PLpgSQL_stmt_") else statement)


def _as_statement(query: str, mode: int) -> str:
    if mode == _EXPRESSION:
        return f"select {query}"
    if mode in _ASSIGNMENTS:
        separator = ":=" if ":=" in query else "="
        return f"select {query.partition(separator)[2]}"
    return query


def _defaults(function: dict[str, Any]) -> dict[str, str]:
    variables = [datum["PLpgSQL_var"] for datum in function.get("datums", []) if "PLpgSQL_var" in datum]
    return {each["refname"]: query_of(each["default_val"]) for each in variables if "default_val" in each}
