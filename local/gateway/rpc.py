"""`/rest/v1/rpc/<function>`: a database function by its name, in the role of the caller's key, as PostgREST does it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from aiohttp import web
from psycopg import sql

from local import environment
from local.gateway import signature, tokens
from local.gateway.answers import rest_error
from local.gateway.settings import Settings

ROLES = ("anon", "authenticated", "service_role")
CONNECT_LIMIT_SECONDS = 5

# PostgREST's statuses by SQLSTATE: the longest prefix counts, anything else is a 400.
STATUSES = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "23503": 409,
    "23505": 409,
    "25": 500,
    "25006": 405,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
    "53": 503,
    "53400": 500,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "P0001": 400,
    "XX": 500,
}


@dataclass(frozen=True)
class Call:
    """One request, understood: which function, with what, as whom."""

    name: str
    arguments: dict[str, Any]
    claims: dict[str, Any]
    read_only: bool
    method: str
    path: str

    @property
    def role(self) -> str:
        return str(self.claims["role"])


class Rpc:
    """Serves the functions of schema `public`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def handle(self, request: web.Request) -> web.Response:
        read = await self._read(request)
        if isinstance(read, web.Response):
            return read
        try:
            return await self._answer(read)
        except signature.NoSuchFunction:
            return _not_found(read)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                return rest_error(503, "PGRST000", "Database connection error", details=str(error))
            return _failed(error, read)
        except psycopg.Error as error:
            return _failed(error, read)

    async def _read(self, request: web.Request) -> Call | web.Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return rest_error(405, "PGRST101", "Only GET and POST verbs are allowed for RPC")
        key = request.headers.get("apikey") or request.query.get("apikey")
        if not key:
            return web.json_response(
                {
                    "message": "No API key found in request",
                    "hint": "No `apikey` request header or url param was found.",
                },
                status=401,
            )
        secret = environment.read(self._settings.env_file).get(environment.JWT_SECRET, "")
        try:
            claims = tokens.claims(tokens.bearer(request.headers) or key, secret)
        except tokens.InvalidToken as error:
            return rest_error(401, "PGRST301", str(error))
        if claims.get("role") not in ROLES:
            return rest_error(403, "42501", f'permission denied to set role "{claims.get("role")}"')
        try:
            arguments = await _arguments(request)
        except ValueError:
            return rest_error(400, "PGRST102", "Empty or invalid json")
        read_only = request.method != "POST"
        return Call(request.match_info["name"], arguments, claims, read_only, request.method, request.path)

    async def _answer(self, call: Call) -> web.Response:
        async with await psycopg.AsyncConnection.connect(
            self._settings.authenticator_url,
            connect_timeout=CONNECT_LIMIT_SECONDS,
            application_name="PostgREST (stand-in)",
        ) as connection:
            if call.read_only:
                await connection.set_read_only(True)
            await _become(connection, call)
            found = await signature.find(connection, call.name, call.arguments)
            query = signature.call(call.name, found, call.arguments)
            cursor = await connection.execute(query, [json.dumps(call.arguments)])
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


async def _become(connection: psycopg.AsyncConnection[Any], call: Call) -> None:
    """Take the caller's role and show functions who calls, until the transaction ends."""
    await connection.execute(sql.SQL("set local role {}").format(sql.Identifier(call.role)))
    await connection.execute(
        "select set_config('search_path', 'public, extensions', true), set_config('request.jwt.claims', %s, true),"
        " set_config('request.method', %s, true), set_config('request.path', %s, true)",
        [json.dumps(call.claims), call.method, call.path],
    )


def _not_found(call: Call) -> web.Response:
    names = ", ".join(sorted(call.arguments))
    searched = f"with parameters {names}" if names else "without parameters"
    return rest_error(
        404,
        "PGRST202",
        f"Could not find the function {signature.SCHEMA}.{call.name}({names}) in the schema cache",
        details=f"Searched for the function {signature.SCHEMA}.{call.name} {searched}, but no matches were found.",
    )


def _failed(error: psycopg.Error, call: Call) -> web.Response:
    diagnosis = error.diag
    return rest_error(
        _status(error.sqlstate or "", call.role),
        error.sqlstate or "",
        diagnosis.message_primary or str(error),
        details=diagnosis.message_detail,
        hint=diagnosis.message_hint,
    )


def _status(sqlstate: str, role: str) -> int:
    if sqlstate == "42501":
        return 401 if role == "anon" else 403
    if sqlstate.startswith("PT") and sqlstate[2:].isdigit():
        return int(sqlstate[2:])  # a function chooses its status by raising it
    return next((STATUSES[sqlstate[:length]] for length in (5, 2) if sqlstate[:length] in STATUSES), 400)
