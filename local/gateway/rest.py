"""What every request under `/rest/v1` has in common: who calls, in which role the database is asked, how it refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from aiohttp import web
from psycopg import sql

from local import environment
from local.gateway import tokens
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
class Caller:
    """Whose request it is, and what functions are shown of it."""

    claims: dict[str, Any]
    method: str
    path: str

    @property
    def role(self) -> str:
        return str(self.claims["role"])

    @property
    def reads_only(self) -> bool:
        return self.method != "POST"


def identify(request: web.Request, settings: Settings) -> Caller | web.Response:
    """The bearer of the request's key, or why there is none."""
    key = request.headers.get("apikey") or request.query.get("apikey")
    if not key:
        return web.json_response(
            {
                "message": "No API key found in request",
                "hint": "No `apikey` request header or url param was found.",
            },
            status=401,
        )
    secret = environment.read(settings.env_file).get(environment.JWT_SECRET, "")
    try:
        claims = tokens.claims(tokens.bearer(request.headers) or key, secret)
    except tokens.InvalidToken as error:
        return rest_error(401, "PGRST301", str(error))
    if claims.get("role") not in ROLES:
        return rest_error(403, "42501", f'permission denied to set role "{claims.get("role")}"')
    return Caller(claims, request.method, request.path)


async def answered(caller: Caller, answer: Callable[[], Awaitable[web.Response]]) -> web.Response:
    """What `answer` returns, or what PostgREST says of the database's error."""
    try:
        return await answer()
    except psycopg.OperationalError as error:
        if error.sqlstate is None:
            return rest_error(503, "PGRST000", "Database connection error", details=str(error))
        return _failed(error, caller)
    except psycopg.Error as error:
        return _failed(error, caller)


@asynccontextmanager
async def transaction(settings: Settings, caller: Caller) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """One transaction in the caller's role, read-only unless it is a POST."""
    async with await psycopg.AsyncConnection.connect(
        settings.authenticator_url,
        connect_timeout=CONNECT_LIMIT_SECONDS,
        application_name="PostgREST (stand-in)",
    ) as connection:
        if caller.reads_only:
            await connection.set_read_only(True)
        await _become(connection, caller)
        yield connection


async def _become(connection: psycopg.AsyncConnection[Any], caller: Caller) -> None:
    """Take the caller's role and show functions who calls, until the transaction ends."""
    await connection.execute(sql.SQL("set local role {}").format(sql.Identifier(caller.role)))
    await connection.execute(
        "select set_config('search_path', 'public, extensions', true), set_config('request.jwt.claims', %s, true),"
        " set_config('request.method', %s, true), set_config('request.path', %s, true)",
        [json.dumps(caller.claims), caller.method, caller.path],
    )


def _failed(error: psycopg.Error, caller: Caller) -> web.Response:
    diagnosis = error.diag
    return rest_error(
        _status(error.sqlstate or "", caller.role),
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
