"""One line a request, without headers, query and body: each of them may hold a key."""

from __future__ import annotations

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class AccessLogger(AbstractAccessLogger):
    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """`time` is in seconds."""
        self.logger.info("%s %s %s %.0f ms", request.method, request.path, response.status, time * 1000)
