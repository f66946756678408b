"""The web application: which path is served by what."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from local.gateway import health
from local.gateway.functions import IDLE_LIMIT_SECONDS, FunctionProxy
from local.gateway.rpc import Rpc
from local.gateway.runtime import Runtime
from local.gateway.settings import Settings
from local.gateway.tables import Tables

MAX_BODY_BYTES = 20 * 1024 * 1024


def application(settings: Settings) -> web.Application:
    """Everything on one port. The functions' processes end with the application."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    # What needs a running loop is made in `resources`.
    proxy_key = web.AppKey("proxy", FunctionProxy)
    rpc = Rpc(settings)
    tables = Tables(settings)

    async def resources(app: web.Application) -> AsyncIterator[None]:
        runtime = Runtime(settings.functions)
        limit = aiohttp.ClientTimeout(total=IDLE_LIMIT_SECONDS)
        # Bodies are passed on as they are, compressed or not, without headers of the client's own.
        async with aiohttp.ClientSession(
            timeout=limit, auto_decompress=False, skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding")
        ) as client:
            app[proxy_key] = FunctionProxy(settings, runtime, client)
            yield
        await runtime.close()

    async def call_function(request: web.Request) -> web.Response:
        return await app[proxy_key].handle(request)

    app.cleanup_ctx.append(resources)
    app.router.add_get(health.PATH, _health)
    app.router.add_route("*", "/functions/v1/{name}", call_function)
    app.router.add_route("*", "/functions/v1/{name}/{rest:.*}", call_function)
    app.router.add_route("*", "/rest/v1/rpc/{name}", rpc.handle)
    app.router.add_route("*", "/rest/v1/{table}", tables.handle)
    app.router.add_route("*", "/{path:.*}", _nothing)
    return app


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"name": health.NAME})


async def _nothing(_: web.Request) -> web.Response:
    return web.json_response({"message": "no Route matched with those values"}, status=404)
