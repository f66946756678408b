"""Find the database function that a call names, and write the query that calls it and returns JSON."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "public"

# Input arguments by name, in order; pronargdefaults counts those that may be left out, from the end.
FIND = """
select p.oid,
       p.proretset as is_set,
       p.prorettype = 'void'::regtype as is_void,
       t.typtype = 'c' or p.prorettype = 'record'::regtype
         or coalesce(p.proargmodes::text[] && '{t,b,o}', false) as is_row,
       coalesce(array_agg(a.name order by a.place) filter (where a.name is not null), '{}') as names,
       coalesce(array_agg(format_type(a.type, null) order by a.place) filter (where a.name is not null), '{}') as types,
       p.pronargs - p.pronargdefaults as required
from pg_catalog.pg_proc as p
join pg_catalog.pg_type as t on t.oid = p.prorettype
left join lateral unnest(
       coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes::text[]
     ) with ordinality as a(type, name, mode, place)
  on coalesce(a.mode, 'i') in ('i', 'b', 'v') and a.type is not null
where p.pronamespace = %(schema)s::regnamespace and p.proname = %(name)s and p.prokind = 'f'
group by p.oid, t.typtype
order by p.oid
"""


@dataclass(frozen=True)
class Signature:
    """One function: what it takes, by name, and the shape of what it returns."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    required: int
    is_set: bool
    is_void: bool
    is_row: bool

    def takes(self, given: Collection[str]) -> bool:
        needed = set(self.names[: self.required])
        return needed <= set(given) <= set(self.names)


class NoSuchFunction(Exception):
    """No function of the schema has this name and takes these arguments."""


async def find(connection: psycopg.AsyncConnection[Any], name: str, given: Collection[str]) -> Signature:
    """The function that takes exactly the arguments `given`, defaults aside; raises NoSuchFunction."""
    cursor = await connection.execute(FIND, {"schema": SCHEMA, "name": name})
    for _, is_set, is_void, is_row, names, types, required in await cursor.fetchall():
        signature = Signature(tuple(names), tuple(types), required, is_set, is_void, is_row)
        if signature.takes(given):
            return signature
    raise NoSuchFunction(name)


def call(name: str, signature: Signature, given: Collection[str]) -> sql.Composed:
    """A query with one parameter, the arguments as a JSON object; it returns one JSON value, an array for a set."""
    used = [(key, kind) for key, kind in zip(signature.names, signature.types, strict=True) if key in given]
    arguments = sql.SQL(", ").join(
        sql.SQL("{} => _.{}").format(sql.Identifier(key), sql.Identifier(key)) for key, _ in used
    )
    # format_type wrote the types: they are SQL already, quoted where need be.
    columns = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(key), sql.SQL(kind)) for key, kind in used)
    # json_to_record needs a column list of at least one.
    source = sql.SQL("json_to_record(%s::json) as _({})").format(columns if used else sql.SQL("_none text"))
    result = sql.SQL("row_to_json(r)" if signature.is_row else "to_json(r.v)")
    whole = sql.SQL("coalesce(json_agg({}), '[]')" if signature.is_set else "(json_agg({}) -> 0)").format(result)
    shown = sql.SQL("f.*" if signature.is_row else "f as v")
    return sql.SQL(
        "select {whole} from (select {shown} from {source}, lateral {function}({arguments}) as f) as r"
    ).format(
        whole=whole,
        shown=shown,
        source=source,
        function=sql.Identifier(SCHEMA, name),
        arguments=arguments,
    )
