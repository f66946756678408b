"""Answers of the gateway's own, as the platform words them."""

from __future__ import annotations

from typing import Any

from aiohttp import web


def refusal(status: int, code: str | int, message: str) -> web.Response:
    """How the platform answers for functions."""
    return web.json_response({"code": code, "message": message}, status=status)


def rest_error(
    status: int, code: str, message: str, details: str | None = None, hint: str | None = None
) -> web.Response:
    """How PostgREST words every error."""
    body: dict[str, Any] = {"code": code, "details": details, "hint": hint, "message": message}
    return web.json_response(body, status=status)
