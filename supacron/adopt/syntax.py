"""SQL as trees and tokens, by PostgreSQL's own parser. Nodes are its protobuf messages.

Offsets are those of the parser: bytes of the UTF-8 text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_BEGIN: Final = ("TRANS_STMT_BEGIN", "TRANS_STMT_START")
_COMMIT: Final = "TRANS_STMT_COMMIT"
STRING: Final = "SCONST"
COMMENTS: Final = ("SQL_COMMENT", "C_COMMENT")


class NotParsed(Exception):
    """The text is not SQL that PostgreSQL's parser takes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A lexical token: its kind by the scanner's name, and its bytes."""

    kind: str
    start: int
    end: int


def parse(sql: str) -> list[Any]:
    """The statements of `sql`; raises NotParsed."""
    import postgast

    try:
        tree = postgast.parse(sql)
    except postgast.PgQueryError:
        raise NotParsed from None
    return [inner(statement.stmt) for statement in tree.stmts]


def tokens(sql: str) -> list[Token]:
    """The tokens of `sql`, comments too; raises NotParsed."""
    import postgast
    from postgast.pg_query_pb2 import Token as Kind

    try:
        scanned = postgast.scan(sql)
    except postgast.PgQueryError:
        raise NotParsed from None
    return [Token(Kind.Name(token.token), token.start, token.end) for token in scanned.tokens]


def inner(node: Any) -> Any:
    """The node inside of its wrapper."""
    import postgast

    return postgast.unwrap_node(node)


def kind_of(node: Any) -> str:
    """The name of the node's type, such as `SelectStmt`."""
    return type(node).__name__


def nodes(tree: Any) -> Iterator[Any]:
    """Every node of `tree`, itself first."""
    import postgast

    for _, node in postgast.walk(tree):
        yield node


def names_of(parts: Any) -> tuple[str, ...]:
    """A qualified name, part by part; what is no name (a `*`) is left out."""
    return tuple(inner(part).sval for part in parts if kind_of(inner(part)) == "String")


def is_set(message: Any, name: str) -> bool:
    """Whether a part of a node is there."""
    value = getattr(message, name)
    return bool(message.HasField(name)) if hasattr(value, "ListFields") else len(value) > 0


def without_transaction(statements: list[Any]) -> list[Any]:
    """`statements` without a BEGIN and COMMIT around them: pg_cron's own transaction does the same."""
    kinds = [_transaction_kind(statement) for statement in statements]
    if len(kinds) > 2 and kinds[0] in _BEGIN and kinds[-1] == _COMMIT and not any(kinds[1:-1]):
        return statements[1:-1]
    return statements


def _transaction_kind(statement: Any) -> str:
    if kind_of(statement) != "TransactionStmt":
        return ""
    from postgast.pg_query_pb2 import TransactionStmtKind

    return str(TransactionStmtKind.Name(statement.kind))
