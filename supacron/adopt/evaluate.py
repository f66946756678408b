"""Works out SQL expressions without a server: constants, concatenations, JSON builders, look-ups in Vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

from supacron.adopt.functions import FUNCTIONS, joined
from supacron.adopt.syntax import inner, is_set, kind_of, names_of
from supacron.adopt.values import Lookup, Markers, NotConstant, Unknown, Value, has_markers, to_json, to_text

VAULT: Final = ("vault", "decrypted_secrets")
DECRYPTED: Final = "decrypted_secret"
_TEXT_TYPES: Final = ("text", "varchar")
_JSON_TYPES: Final = ("json", "jsonb")
_WHOLE_TYPES: Final = ("int2", "int4", "int8")
_NO_LOOKUP: Final = (
    "distinct_clause", "group_clause", "having_clause", "window_clause", "values_lists", "with_clause",
    "locking_clause", "limit_offset", "larg", "into_clause",
)  # fmt: skip

Environment: TypeAlias = Mapping[tuple[str, ...], Value]
"""Names that stand for values: variables of a block, columns of vault.decrypted_secrets."""


@dataclass
class Evaluator:
    """Evaluates nodes; what is not constant becomes a marker in `markers`, with its reason."""

    markers: Markers = field(default_factory=Markers)
    environment: Environment = field(default_factory=dict)

    def value(self, node: Any) -> Value:
        """The value of an expression, in which markers stand for what is not constant."""
        try:
            return self._value(inner(node))
        except NotConstant as reason:
            return self.markers.mark(Unknown(str(reason)))

    def with_names(self, names: Environment) -> Evaluator:
        """The same with further names."""
        return Evaluator(self.markers, {**self.environment, **names})

    def from_query(self, query: Any) -> Environment | None:
        """The columns of a query without a table, or of one row of Vault by its name; None for any other query."""
        if any(is_set(query, name) for name in _NO_LOOKUP):
            return None
        if not query.from_clause:
            return None if is_set(query, "where_clause") or is_set(query, "limit_count") else {}
        table = inner(query.from_clause[0])
        if len(query.from_clause) != 1 or kind_of(table) != "RangeVar" or (table.schemaname, table.relname) != VAULT:
            return None
        name = self._wanted_name(inner(query.where_clause)) if is_set(query, "where_clause") else None
        if name is None:
            return None
        marked = self.markers.mark(Lookup(name))
        alias = table.alias.aliasname
        tables = ((alias,),) if alias else (VAULT, VAULT[1:])
        return dict.fromkeys([(DECRYPTED,), *((*names, DECRYPTED) for names in tables)], marked)

    def _wanted_name(self, condition: Any) -> str | None:
        """X of `name = 'X'`."""
        if kind_of(condition) != "A_Expr" or "".join(names_of(condition.name)) != "=":
            return None
        for column, value in ((condition.lexpr, condition.rexpr), (condition.rexpr, condition.lexpr)):
            is_name = kind_of(inner(column)) == "ColumnRef" and names_of(inner(column).fields)[-1:] == ("name",)
            wanted = self.value(value) if is_name else None
            if isinstance(wanted, str) and not has_markers(wanted):
                return wanted
        return None

    def _value(self, node: Any) -> Value:
        handler = _HANDLERS.get(kind_of(node))
        if handler is None:
            raise NotConstant("an expression is worked out at each run")
        return handler(self, node)

    def constant(self, node: Any) -> Value:
        if node.isnull:
            return None
        match node.WhichOneof("val"):
            case "sval":
                text: str = node.sval.sval
                if has_markers(text):
                    raise NotConstant("it holds characters of Unicode's private range")
                return text
            case "fval":
                return Decimal(node.fval.fval)
            case "boolval":
                return bool(node.boolval.boolval)
            case "bsval":
                raise NotConstant("it holds a bit string")
        return int(node.ival.ival)

    def cast(self, node: Any) -> Value:
        name = names_of(node.type_name.names)[-1]
        value = self.value(node.arg)
        if node.type_name.typmods or node.type_name.array_bounds:
            raise NotConstant(f"a value is cast to {name} at each run")
        if name in _JSON_TYPES:
            return to_json(value)
        if name in _TEXT_TYPES:
            return to_text(value)
        if name in _WHOLE_TYPES and isinstance(value, str) and value.strip().isdecimal():
            return int(value)
        if (name in _WHOLE_TYPES and type(value) is int) or (name == "bool" and isinstance(value, bool)):
            return value
        raise NotConstant(f"a value is cast to {name} at each run")

    def operation(self, node: Any) -> Value:
        operator = "".join(names_of(node.name))
        right = self.value(node.rexpr)
        if node.HasField("lexpr"):
            left = self.value(node.lexpr)
            if operator == "||":
                return joined(left, right)
            if type(left) is int and type(right) is int and operator in ("+", "-", "*"):
                return {"+": left + right, "-": left - right, "*": left * right}[operator]
        elif operator == "-" and isinstance(right, int | Decimal) and not isinstance(right, bool):
            return -right
        raise NotConstant(f"`{operator}` is worked out at each run")

    def function(self, node: Any) -> Value:
        names = names_of(node.funcname)
        handler = FUNCTIONS.get(names[-1]) if names[:-1] in ((), ("pg_catalog",)) else None
        if handler is None or node.func_variadic or not (node.args or "_build_" in names[-1]):
            raise NotConstant(f"`{'.'.join(names)}()` is worked out at each run")
        return handler([self.value(argument) for argument in node.args])

    def coalesce(self, node: Any) -> Value:
        first, *rest = [self.value(argument) for argument in node.args]
        while first is None and rest:
            first, *rest = rest
        # A missing secret stops a job of ours: an empty text in its place is of no use.
        if has_markers(first) and any(value not in (None, "") for value in rest):
            raise NotConstant("one value or another is taken at each run")
        return first

    def column(self, node: Any) -> Value:
        names = names_of(node.fields)
        if names in self.environment:
            return self.environment[names]
        raise NotConstant(f"`{'.'.join(names)}` is read at each run")

    def sublink(self, node: Any) -> Value:
        from postgast.pg_query_pb2 import SubLinkType

        query = inner(node.subselect)
        is_select = node.sub_link_type == SubLinkType.EXPR_SUBLINK and kind_of(query) == "SelectStmt"
        known = self.from_query(query) if is_select and len(query.target_list) == 1 else None
        if known is None:
            raise NotConstant("a table is asked at each run")
        return self.with_names(known).value(inner(query.target_list[0]).val)


_HANDLERS: Final[dict[str, Callable[[Evaluator, Any], Value]]] = {
    "A_Const": Evaluator.constant,
    "TypeCast": Evaluator.cast,
    "A_Expr": Evaluator.operation,
    "FuncCall": Evaluator.function,
    "CoalesceExpr": Evaluator.coalesce,
    "ColumnRef": Evaluator.column,
    "SubLink": Evaluator.sublink,
}
