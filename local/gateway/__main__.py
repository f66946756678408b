"""`python -m local.gateway`: serve until SIGTERM or SIGINT."""

from __future__ import annotations

import logging
import sys

from aiohttp import web

from local import environment
from local.errors import LocalError
from local.gateway.access_log import AccessLogger
from local.gateway.server import application
from local.gateway.settings import from_environment
from local.ports import PORT_WAIT_SECONDS, becomes_free, holder


def main() -> int:
    try:
        settings = from_environment()
    except LocalError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    environment.ensure(settings.env_file)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if not becomes_free(settings.port, PORT_WAIT_SECONDS):
        sys.stderr.write(f"error: port {settings.port} is taken by {holder(settings.port)}\n")
        return 2
    web.run_app(
        application(settings),
        host="127.0.0.1",
        port=settings.port,
        print=None,
        access_log_class=AccessLogger,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
