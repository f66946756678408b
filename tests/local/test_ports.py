"""Who holds a port."""

from __future__ import annotations

import os
import socket

from local.ports import free_port, holder, is_free


def test_a_port_and_its_holder() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not is_free(port)
        assert holder(port).endswith(f"(process {os.getpid()})")
    assert is_free(port)
    assert holder(port) == "another process"


def test_free_ports_are_free() -> None:
    assert is_free(free_port())
