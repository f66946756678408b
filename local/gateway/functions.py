"""`/functions/v1/<name>`: the caller's JWT where the function wants it verified, then the function itself."""

from __future__ import annotations

import sys

import aiohttp
from aiohttp import web
from yarl import URL

from local import environment
from local.gateway import tokens
from local.gateway.answers import refusal
from local.gateway.runtime import BootFailed, NoSuchFunction, Runtime
from local.gateway.settings import Settings, verifies_jwt

IDLE_LIMIT_SECONDS = 150
"""The platform's request idle timeout."""
# They belong to one connection, or are set anew for the next one.
HOP_BY_HOP = {
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


class FunctionProxy:
    """Serves every function of the settings' folder through `runtime`."""

    def __init__(self, settings: Settings, runtime: Runtime, client: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._runtime = runtime
        self._client = client
        self._keys: dict[str, dict[environment.Role, str]] = {}

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        values = environment.read(self._settings.env_file)
        refused = self._refuse(request, name, values.get(environment.JWT_SECRET, ""))
        if refused is not None:
            return refused
        try:
            port = await self._runtime.port(name, self._variables(values))
        except NoSuchFunction:
            return refusal(404, "NOT_FOUND", "Requested function was not found")
        except BootFailed as error:
            sys.stderr.write(f"{name} did not start: {error}\n")
            return refusal(503, "BOOT_ERROR", "Function failed to start (please check logs)")
        return await self._pass_on(request, port)

    def _refuse(self, request: web.Request, name: str, secret: str) -> web.Response | None:
        if request.method == "OPTIONS" or not verifies_jwt(self._settings.functions, name):
            return None
        try:
            tokens.claims(tokens.bearer(request.headers), secret)
        except tokens.MissingToken:
            return refusal(401, 401, "Missing authorization header")
        except tokens.InvalidToken:
            return refusal(401, 401, "Invalid JWT")
        return None

    def _variables(self, values: dict[str, str]) -> dict[str, str]:
        secret = values.get(environment.JWT_SECRET, "")
        return {
            **environment.function_secrets(values),
            "SUPABASE_URL": self._settings.url,
            "SUPABASE_ANON_KEY": self._key(secret, "anon"),
            "SUPABASE_SERVICE_ROLE_KEY": self._key(secret, "service_role"),
            "SUPABASE_DB_URL": self._settings.database_url,
        }

    def _key(self, secret: str, role: environment.Role) -> str:
        """The key is made once a secret: a new one would restart the function."""
        if self._keys.get(secret) is None:
            roles: tuple[environment.Role, ...] = ("anon", "service_role")
            self._keys = {secret: {role: environment.api_key(secret, role) for role in roles}}
        return self._keys[secret][role]

    async def _pass_on(self, request: web.Request, port: int) -> web.Response:
        # A function sees its own name first in the path, without /functions/v1.
        path = request.raw_path.removeprefix("/functions/v1")
        headers = request.headers.copy()
        for header in HOP_BY_HOP:
            headers.popall(header, None)
        headers.add("X-Forwarded-For", request.remote or "127.0.0.1")
        headers.add("X-Forwarded-Proto", "http")
        headers.add("X-Forwarded-Host", request.host)
        try:
            async with self._client.request(
                request.method,
                URL(f"http://127.0.0.1:{port}{path}", encoded=True),
                headers=headers,
                data=await request.read(),
                allow_redirects=False,
            ) as answer:
                body = await answer.read()
        except TimeoutError:
            return refusal(504, "IDLE_TIMEOUT", f"The function did not answer within {IDLE_LIMIT_SECONDS} s")
        except aiohttp.ClientError:
            return refusal(502, "WORKER_ERROR", "Function exited due to an error (please check logs)")
        kept = answer.headers.copy()
        for header in HOP_BY_HOP:
            kept.popall(header, None)
        return web.Response(status=answer.status, reason=answer.reason, headers=kept, body=body)
