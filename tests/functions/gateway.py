"""The local gateway plus the one view that check-batch-status reads: `python -m tests.functions.gateway`.

Of PostgREST's grammar for views it knows what that function uses: `select`, `order`, `limit`, and `eq`, `gt`, `lt`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from aiohttp import web
from psycopg import sql
from psycopg.rows import dict_row

from local import environment
from local.gateway import tokens
from local.gateway.server import application
from local.gateway.settings import Settings, from_environment

VIEW = "priority_queue"
OPERATORS = {"eq": "=", "gt": ">", "lt": "<"}


def main() -> None:
    settings = from_environment()
    environment.ensure(settings.env_file)
    app = application(settings)
    app.middlewares.append(_views(settings))
    web.run_app(app, host="127.0.0.1", port=settings.port, print=None)


def _views(settings: Settings) -> Callable[..., Awaitable[web.StreamResponse]]:
    @web.middleware
    async def serve(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path != f"/rest/v1/{VIEW}":
            return await handler(request)
        secret = environment.read(settings.env_file)[environment.JWT_SECRET]
        claims = tokens.claims(tokens.bearer(request.headers), secret)
        return web.json_response(text=await _read(settings, str(claims["role"]), dict(request.query)))

    return serve


async def _read(settings: Settings, role: str, query: dict[str, str]) -> str:
    columns = sql.SQL(", ").join(map(sql.Identifier, query.pop("select").split(",")))
    column, direction = query.pop("order").split(".")
    order = sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL({"asc": "asc", "desc": "desc"}[direction]))
    limit = int(query.pop("limit"))
    conditions, values = [], []
    for name, text in query.items():
        operator, _, value = text.partition(".")
        conditions.append(sql.SQL("{} {} %s").format(sql.Identifier(name), sql.SQL(OPERATORS[operator])))
        values.append(value)
    rows = sql.SQL("select {} from public.{} where {} order by {} limit {}").format(
        columns, sql.Identifier(VIEW), sql.SQL(" and ").join(conditions), order, limit
    )
    async with await psycopg.AsyncConnection.connect(settings.authenticator_url, row_factory=dict_row) as connection:
        await connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        cursor: Any = await connection.execute(
            sql.SQL("select coalesce(json_agg(r), '[]')::text as rows from ({}) r").format(rows), values
        )
        return str((await cursor.fetchone())["rows"])


if __name__ == "__main__":
    main()
