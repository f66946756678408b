"""SQL as it stands, except that each literal key becomes a look-up in Vault.

A key is replaced only where it stands in a string constant that PostgreSQL takes for an expression; anywhere else this
refuses. In comments it is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from supacron.adopt.blocks import body_of, parse_block
from supacron.adopt.constants import Constant, constants_of
from supacron.adopt.request import MIN_KEY_LENGTH
from supacron.adopt.syntax import COMMENTS, STRING, NotParsed, Token, kind_of, parse, tokens
from supacron.render.literals import literal
from supacron.secret import MASK, Secret

_QUERIES: Final = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")
_SAFE_KEY: Final = re.compile(r"[A-Za-z0-9._~+/=:@ !#%&*()?^-]+")
_SQL_INSIDE: Final = re.compile(r"(?i)\b(?:select|insert|update|delete|perform|execute|net\.http_\w+)\b")
LOOKUP: Final = "select decrypted_secret from vault.decrypted_secrets where name = "
_DOLLAR: Final = re.compile(rb"\$[^$]*\$")
_PLACE: Final = "a key stands where SQL takes no look-up"


class NotSafe(Exception):
    """A key cannot be taken out of the SQL; the text says why."""


def with_lookups(sql: str, names: Mapping[Secret, str]) -> str:
    """`sql` with each key of `names` looked up in Vault under its name there; raises NotSafe, NotParsed."""
    for key in names:
        if len(key.reveal()) < MIN_KEY_LENGTH or not _SAFE_KEY.fullmatch(key.reveal()):
            raise NotSafe("a key is too short, or has characters that SQL or JSON would spell in another way")
    changed = _rewritten(sql, names)
    for key in names:
        if key.reveal() not in sql:
            raise NotSafe("a key is put together from pieces")
        if key.reveal() in changed:
            raise NotSafe(_PLACE)
    parse(changed)
    return changed


def _rewritten(sql: str, names: Mapping[Secret, str]) -> str:
    constants: dict[int, Constant] = {}
    bodies: list[str] = []
    for statement in parse(sql):
        body = body_of(statement) if kind_of(statement) == "DoStmt" else None
        if body is not None:
            bodies.append(body)
        elif kind_of(statement) in _QUERIES:
            constants.update(constants_of(statement))
    return _edited(sql, constants, bodies, names)


def _edited(sql: str, constants: Mapping[int, Constant], bodies: list[str], names: Mapping[Secret, str]) -> str:
    source = sql.encode()
    pieces, end = [], 0
    for token in tokens(sql):
        text = source[token.start : token.end].decode()
        if not _holds(text, names):
            continue
        start = token.start
        if token.kind in COMMENTS:
            new = _masked(text, names)
        elif token.kind != STRING:
            raise NotSafe(_PLACE)
        elif (constant := constants.get(token.start)) is not None:
            start, new = _expression(source, token, constant, names)
        else:
            new = _body(source[token.start : token.end], bodies, names)
        pieces += [source[end:start].decode(), new]
        end = token.end
    return "".join([*pieces, source[end:].decode()])


def _expression(source: bytes, token: Token, constant: Constant, names: Mapping[Secret, str]) -> tuple[int, str]:
    """Where the replaced text starts, and what comes in its place."""
    if _SQL_INSIDE.search(constant.value):
        raise NotSafe("a key stands in SQL that the job puts together itself")
    expression = " || ".join(_parts(constant.value, names))
    if constant.type_start is None:
        return token.start, f"({expression}){constant.suffix}"
    type_name = source[constant.type_start : token.start].decode().strip()
    return constant.type_start, f"({expression})::{type_name}"


def _parts(text: str, names: Mapping[Secret, str]) -> Iterator[str]:
    """`text` in pieces: literals, and look-ups for the keys; the longest key first, since one may hold another."""
    by_value = {key.reveal(): name for key, name in names.items()}
    pattern = "|".join(re.escape(value) for value in sorted(by_value, key=len, reverse=True))
    for piece in re.split(f"({pattern})", text):
        if piece in by_value:
            yield f"({LOOKUP}{literal(by_value[piece])})"
        elif piece:
            yield literal(piece)


def _body(constant: bytes, bodies: list[str], names: Mapping[Secret, str]) -> str:
    """The constant that holds the body of a `do`, with the keys in it looked up."""
    delimiter = _DOLLAR.match(constant)
    for body in bodies:
        if delimiter and constant == delimiter[0] + body.encode() + delimiter[0]:
            return f"{delimiter[0].decode()}{_rewritten_body(body, names)}{delimiter[0].decode()}"
        if not delimiter and literal(body).encode() == constant:
            return literal(_rewritten_body(body, names))
    raise NotSafe(_PLACE)


def _rewritten_body(body: str, names: Mapping[Secret, str]) -> str:
    """A block in PL/pgSQL: its pieces of SQL tell what is an expression, its tokens where it stands."""
    known: list[Constant] = []
    for fragment in parse_block(body).fragments:
        if _holds(fragment.sql, names) and fragment.statement == "PLpgSQL_stmt_dynexecute":
            raise NotSafe("a key stands in SQL that the job puts together itself")
        for statement in parse(fragment.sql):
            for constant in constants_of(statement).values():
                if constant.type_start is not None and _holds(constant.value, names):
                    raise NotSafe("a key stands in a constant with its type before it: write '...'::jsonb")
                known.append(constant)
    held = [constant for constant in known if _holds(constant.value, names)]
    constants = {}
    source = body.encode()
    for token in tokens(body):
        if token.kind == STRING and _holds(source[token.start : token.end].decode(), names):
            value = _value_of(source[token.start : token.end].decode())
            same = next((each for each in held if each.value == value), None)
            if same is None:
                raise NotSafe(_PLACE)
            held.remove(same)
            constants[token.start] = same
    return _edited(body, constants, [], names)


def _value_of(constant: str) -> str:
    """The text of a string constant, by the parser."""
    (statement,) = parse(f"select {constant}")
    return next(each.value for each in constants_of(statement).values())


def _holds(text: str, names: Iterable[Secret]) -> bool:
    return any(key.reveal() in text for key in names)


def _masked(text: str, names: Iterable[Secret]) -> str:
    for key in sorted(names, key=lambda each: -len(each.reveal())):
        text = text.replace(key.reveal(), MASK)
    return text


__all__ = ["NotParsed", "NotSafe", "with_lookups"]
