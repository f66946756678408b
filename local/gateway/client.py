"""Whether a gateway serves a port of this machine."""

from __future__ import annotations

import http.client
import json

from local.gateway.health import NAME, PATH

LIMIT_SECONDS = 2


def is_up(port: int) -> bool:
    """True when one of ours answers there; any other server's answer is not taken for it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
    try:
        connection.request("GET", PATH)
        answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and answer.get("name") == NAME
