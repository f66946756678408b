"""`/rest/v1/rpc/<function>`: a database function by its name, in the role of the caller's key, as PostgREST does it."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from local.gateway import signature
from local.gateway.answers import rest_error
from local.gateway.rest import Caller, answered, identify, transaction
from local.gateway.settings import Settings


class Rpc:
    """Serves the functions of schema `public`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def handle(self, request: web.Request) -> web.Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return rest_error(405, "PGRST101", "Only GET and POST verbs are allowed for RPC")
        caller = identify(request, self._settings)
        if isinstance(caller, web.Response):
            return caller
        try:
            arguments = await _arguments(request)
        except ValueError:
            return rest_error(400, "PGRST102", "Empty or invalid json")
        name = request.match_info["name"]
        return await answered(caller, lambda: self._answer(caller, name, arguments))

    async def _answer(self, caller: Caller, name: str, arguments: dict[str, Any]) -> web.Response:
        async with transaction(self._settings, caller) as connection:
            try:
                found = await signature.find(connection, name, arguments)
            except signature.NoSuchFunction:
                return _not_found(name, arguments)
            query = signature.call(name, found, arguments)
            cursor = await connection.execute(query, [json.dumps(arguments)])
            row = await cursor.fetchone()
        if found.is_void:
            return web.Response(status=204)
        # json_agg's result comes parsed; a set is an array, a single result its first item.
        return web.json_response(row[0] if row else None)


async def _arguments(request: web.Request) -> dict[str, Any]:
    """The named arguments; raises ValueError when the body is not a JSON object."""
    if request.method != "POST":
        return {name: value for name, value in request.query.items() if name != "apikey"}
    text = await request.text()
    given = json.loads(text) if text.strip() else {}
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - of the same kind as malformed JSON
    return given


def _not_found(name: str, arguments: dict[str, Any]) -> web.Response:
    names = ", ".join(sorted(arguments))
    searched = f"with parameters {names}" if names else "without parameters"
    return rest_error(
        404,
        "PGRST202",
        f"Could not find the function {signature.SCHEMA}.{name}({names}) in the schema cache",
        details=f"Searched for the function {signature.SCHEMA}.{name} {searched}, but no matches were found.",
    )
