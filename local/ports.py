"""Who holds a TCP port of this machine."""

from __future__ import annotations

import socket
import time

import psutil

PORT_WAIT_SECONDS = 20


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1 right now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def becomes_free(port: int, seconds: float) -> bool:
    """Waits while only a connection holds the port, as its own end: the numbers of both are drawn from one range."""
    deadline = time.monotonic() + seconds
    while not is_free(port):
        if _listener(port) or time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def free_port() -> int:
    """A port that nothing listens on; another process may still take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def holder(port: int) -> str:
    """The process that listens on the port, in words; a process of another user may not be visible."""
    return _listener(port) or "another process"


def _listener(port: int) -> str | None:
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return "another process"
    for connection in connections:
        if connection.status != psutil.CONN_LISTEN or not connection.laddr or connection.laddr.port != port:
            continue
        if not connection.pid:
            return "another process"
        try:
            return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
        except psutil.NoSuchProcess:
            return None
    return None
