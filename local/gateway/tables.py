"""`/rest/v1/<table>`: rows of a table or view, in the role of the caller's key, as PostgREST reads them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web
from psycopg import sql

from local.gateway.answers import rest_error
from local.gateway.rest import Caller, answered, identify, transaction
from local.gateway.settings import Settings
from local.gateway.signature import SCHEMA

MOST_ROWS = 1000
"""The platform gives no more at a time."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")
COMPARISONS = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "like": "like", "ilike": "ilike"}
IS = {"null", "true", "false", "unknown"}
ORDER = re.compile(r"(?P<column>[^.]+)(?:\.(?P<way>asc|desc))?(?:\.nulls(?P<nulls>first|last))?")
NOT_FILTERS = ("select", "order", "limit", "offset", "apikey")
OBJECT = "application/vnd.pgrst.object+json"
EXISTS = (
    "select 1 from pg_catalog.pg_class where relnamespace = %s::regnamespace and relname = %s and relkind = any(%s)"
)
KINDS = ["r", "p", "v", "m", "f"]


class Malformed(Exception):
    """A query that cannot be read, or that this stand-in does not know."""


@dataclass(frozen=True)
class Reading:
    """A query, understood. `values` go with the placeholders of `where`."""

    columns: sql.Composable
    where: sql.Composable
    values: list[str]
    order: sql.Composable
    limit: int
    offset: int


class Tables:
    """Serves the tables and views of schema `public`, for reading."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def handle(self, request: web.Request) -> web.Response:
        if request.method not in ("GET", "HEAD"):
            return rest_error(405, "PGRST117", f"Unsupported HTTP method: {request.method} (by this stand-in)")
        caller = identify(request, self._settings)
        if isinstance(caller, web.Response):
            return caller
        try:
            reading = read(list(request.query.items()))
        except Malformed as error:
            return rest_error(400, "PGRST100", str(error))
        counts = "count=exact" in request.headers.get("Prefer", "")
        one = OBJECT in request.headers.get("Accept", "")
        return await answered(caller, lambda: self._answer(caller, request.match_info["table"], reading, counts, one))

    async def _answer(self, caller: Caller, table: str, reading: Reading, counts: bool, one: bool) -> web.Response:
        async with transaction(self._settings, caller) as connection:
            if await (await connection.execute(EXISTS, [SCHEMA, table, KINDS])).fetchone() is None:
                message = f"Could not find the table '{SCHEMA}.{table}' in the schema cache"
                return rest_error(404, "PGRST205", message)
            source = sql.SQL("from {} where {}").format(sql.Identifier(SCHEMA, table), reading.where)
            rows = sql.SQL("select {} {} {} limit {} offset {}").format(
                reading.columns, source, reading.order, reading.limit, reading.offset
            )
            query = sql.SQL("select coalesce(json_agg(r), '[]')::text, count(*) from ({}) as r").format(rows)
            text, found = await (await connection.execute(query, reading.values)).fetchone() or ("[]", 0)
            total = None
            if counts:
                counting = sql.SQL("select count(*) {}").format(source)
                (total,) = await (await connection.execute(counting, reading.values)).fetchone() or (0,)
        return _page(text, found, total, reading.offset, one)


def read(query: Iterable[tuple[str, str]]) -> Reading:
    """What the parameters ask for; raises Malformed."""
    given = list(query)
    said = dict(given)
    conditions: list[sql.Composable] = [sql.SQL("true")]
    values: list[str] = []
    for column, text in given:
        if column not in NOT_FILTERS:
            condition, bound = _filter(column, text)
            conditions.append(condition)
            values.extend(bound)
    columns = said.get("select", "*")
    return Reading(
        columns=sql.SQL("*") if columns == "*" else sql.SQL(", ").join(map(_name, columns.split(","))),
        where=sql.SQL(" and ").join(conditions),
        values=values,
        order=_order(said["order"]) if said.get("order") else sql.SQL(""),
        limit=min(_number(said.get("limit", str(MOST_ROWS))), MOST_ROWS),
        offset=_number(said.get("offset", "0")),
    )


def _filter(column: str, text: str) -> tuple[sql.Composed, list[str]]:
    operator, dot, value = text.partition(".")
    if operator == "not" and dot:
        condition, values = _filter(column, value)
        return sql.SQL("not ({})").format(condition), values
    name = _name(column)
    if operator in COMPARISONS and dot:
        if operator in ("like", "ilike"):
            value = value.replace("*", "%")
        return sql.SQL("{} {} %s").format(name, sql.SQL(COMPARISONS[operator])), [value]
    if operator == "is" and value in IS:
        return sql.SQL("{} is {}").format(name, sql.SQL(value)), []
    if operator == "in" and value.startswith("(") and value.endswith(")"):
        items = next(csv.reader([value[1:-1]], escapechar="\\"), [])
        places = sql.SQL(", ").join(sql.SQL("%s") for _ in items) if items else sql.SQL("null")
        return sql.SQL("{} in ({})").format(name, places), items
    raise Malformed(f'"failed to parse filter ({text})"')


def _order(text: str) -> sql.Composed:
    terms = []
    for each in text.split(","):
        read = ORDER.fullmatch(each)
        if read is None:
            raise Malformed(f'"failed to parse order ({text})"')
        nulls = f" nulls {read['nulls']}" if read["nulls"] else ""
        terms.append(sql.SQL("{} {}").format(_name(read["column"]), sql.SQL(f"{read['way'] or 'asc'}{nulls}")))
    return sql.SQL("order by {}").format(sql.SQL(", ").join(terms))


def _name(column: str) -> sql.Identifier:
    if not NAME.fullmatch(column):
        raise Malformed(f'"failed to parse column ({column}): this stand-in knows plain names"')
    return sql.Identifier(column)


def _number(text: str) -> int:
    if not text.isdigit():
        raise Malformed(f'"failed to parse number ({text})"')
    return int(text)


def _page(text: str, found: int, total: int | None, offset: int, one: bool) -> web.Response:
    if one:
        if found != 1:
            message = "Cannot coerce the result to a single JSON object"
            return rest_error(406, "PGRST116", message, details=f"The result contains {found} rows")
        return web.Response(text=text[1:-1], content_type=OBJECT)
    shown = f"{offset}-{offset + found - 1}" if found else "*"
    whole = "*" if total is None else str(total)
    partial = total is not None and found < total
    return web.Response(
        status=206 if partial else 200,
        text=text,
        content_type="application/json",
        headers={"Content-Range": f"{shown}/{whole}"},
    )
