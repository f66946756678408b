"""Finds calls of pg_net in SQL: the one that a command consists of, or every one that is somewhere in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from supacron.adopt.blocks import Block, body_of, parse_block, query_of
from supacron.adopt.evaluate import Evaluator
from supacron.adopt.syntax import NotParsed, inner, kind_of, names_of, nodes, parse, without_transaction
from supacron.adopt.values import Json, Unknown, Value

METHODS: Final = {"http_post": "POST", "http_get": "GET", "http_delete": "DELETE"}
Signatures: TypeAlias = Mapping[str, Mapping[str, Value]]
"""By function: its parameters in order, each with its default."""
_EMPTY: Final = Json({})
TODAYS_SIGNATURES: Final[Signatures] = {
    "http_post": {
        "url": None, "body": _EMPTY, "params": _EMPTY, "headers": Json({"Content-Type": "application/json"}),
        "timeout_milliseconds": 5000,
    },
    "http_get": {"url": None, "params": _EMPTY, "headers": _EMPTY, "timeout_milliseconds": 5000},
    "http_delete": {"url": None, "params": _EMPTY, "headers": _EMPTY, "timeout_milliseconds": 5000, "body": None},
}  # fmt: skip
"""Those of pg_net 0.20; a database may have others, which are read there."""
_ONE_COLUMN: Final = ("ColumnRef", "A_Const")


class NotOneCall(Exception):
    """The command is not one plain call; the text says what else it does."""


@dataclass(frozen=True)
class Call:
    """A call of pg_net: what each parameter comes to. Markers in the values are those of `evaluator`."""

    method: str
    arguments: Mapping[str, Value]
    evaluator: Evaluator

    def unknown(self, parameter: str) -> str | None:
        """Why this parameter is not constant."""
        return self.evaluator.markers.unknown(self.arguments.get(parameter))


def only_call(command: str, signatures: Signatures) -> Call:
    """The call that `command` consists of; raises NotOneCall, NotParsed."""
    statements = without_transaction(parse(command))
    if len(statements) != 1:
        raise NotOneCall(f"{len(statements)} statements" if statements else "no statement")
    statement = statements[0]
    if kind_of(statement) == "DoStmt":
        return _call_of_block(statement, signatures)
    return _call_of_select(statement, Evaluator(), signatures)


def every_call(command: str, signatures: Signatures) -> Iterator[Call]:
    """Each call that stands somewhere in `command`; what surrounds it is not looked at. Raises NotParsed."""
    for statement in parse(command):
        body = body_of(statement) if kind_of(statement) == "DoStmt" else None
        if body is None:
            yield from _calls_in(statement, Evaluator(), signatures)
            continue
        block = parse_block(body)
        evaluator = _with_variables(block)
        for fragment in block.fragments:
            for part in parse(fragment.sql):
                yield from _calls_in(part, evaluator, signatures)


def _calls_in(tree: Any, evaluator: Evaluator, signatures: Signatures) -> Iterator[Call]:
    for node in nodes(tree):
        if _function_name(node) in signatures:
            try:
                yield _call(node, evaluator, signatures)
            except NotOneCall:
                continue  # arguments that no version of pg_net takes


def _call_of_block(statement: Any, signatures: Signatures) -> Call:
    body = body_of(statement)
    if body is None:
        raise NotOneCall("a block in another language than PL/pgSQL")
    block = parse_block(body)
    if block.handles_errors:
        raise NotOneCall("a block that handles errors")
    if len(block.statements) != 1:
        raise NotOneCall(f"a block of {len(block.statements)} statements")
    kind, data = block.statements[0]
    if kind not in ("PLpgSQL_stmt_perform", "PLpgSQL_stmt_execsql", "PLpgSQL_stmt_assign"):
        raise NotOneCall("a block with more than a call in it")
    return _call_of_select(parse(query_of(data))[0], _with_variables(block), signatures)


def _with_variables(block: Block) -> Evaluator:
    """Knows what the block's variables start with, as far as no statement may have changed them."""
    evaluator = Evaluator()
    for name, query in block.defaults.items():
        try:
            target = inner(parse(query)[0].target_list[0]).val
        except (NotParsed, IndexError):  # pragma: no cover -- PL/pgSQL's parser has taken it already
            continue
        changed = any(_sets(data, name) for _, data in block.statements)
        value = evaluator.markers.mark(Unknown(f"`{name}` is set at each run")) if changed else evaluator.value(target)
        evaluator = evaluator.with_names({(name,): value})
    return evaluator


def _sets(data: object, name: str) -> bool:
    """Whether a statement may set the variable: assignments and INTO name it outside of their expression."""
    if isinstance(data, list):
        return any(_sets(item, name) for item in data)
    if isinstance(data, dict):
        query = str(data.get("query", "")) if data.get("parseMode") in (3, 4, 5) else ""
        if query.split(":=")[0].strip() == name or name in (data.get("name"), data.get("refname")):
            return True
        return any(_sets(value, name) for value in data.values())
    return False


def _call_of_select(statement: Any, evaluator: Evaluator, signatures: Signatures) -> Call:
    if kind_of(statement) != "SelectStmt":
        raise NotOneCall("it is no SELECT")
    targets = [inner(inner(target).val) for target in statement.target_list]
    if len(statement.from_clause) == 1 and kind_of(inner(statement.from_clause[0])) == "RangeFunction":
        return _call(_function_in_from(statement, targets), evaluator, signatures)
    names = evaluator.from_query(statement)
    if names is None:
        raise NotOneCall("it asks tables or conditions")
    if len(targets) != 1:
        raise NotOneCall(f"it selects {len(targets)} columns")
    node = targets[0]
    while kind_of(node) == "TypeCast":
        node = inner(node.arg)
    call = _call(node, evaluator.with_names(names), signatures)
    if names and not any(evaluator.markers.holds_lookup(value) for value in call.arguments.values()):
        raise NotOneCall("it asks tables or conditions")
    return call


def _function_in_from(statement: Any, targets: list[Any]) -> Any:
    """F of `select ... from F(...)`, where nothing else happens."""
    item = inner(statement.from_clause[0])
    rest = [name.name for name, _ in statement.ListFields()]
    plain = set(rest) <= {"target_list", "from_clause", "limit_option", "op"}
    if not plain or item.lateral or item.ordinality or item.is_rowsfrom or len(item.functions) != 1:
        raise NotOneCall("it asks tables or conditions")
    if not all(kind_of(target) in _ONE_COLUMN for target in targets):
        raise NotOneCall("it works with the result of the call")
    return inner(inner(item.functions[0]).items[0])


def _function_name(node: Any) -> str:
    if kind_of(node) != "FuncCall":
        return ""
    names = names_of(node.funcname)
    return names[1] if len(names) == 2 and names[0] == "net" else ""


def _call(node: Any, evaluator: Evaluator, signatures: Signatures) -> Call:
    name = _function_name(node)
    if name not in signatures:
        raise NotOneCall("it calls no function of pg_net")
    parameters = list(signatures[name])
    given: dict[str, Value] = {}
    for number, argument in enumerate(map(inner, node.args)):
        if kind_of(argument) == "NamedArgExpr":
            parameter, value = argument.name, argument.arg
        else:
            parameter, value = (parameters[number] if number < len(parameters) else ""), argument
        if parameter not in parameters or parameter in given:
            raise NotOneCall(f"its arguments are not those of net.{name}")
        given[parameter] = evaluator.value(value)
    return Call(METHODS[name], {**signatures[name], **given}, evaluator)
