"""Who holds a port."""

from __future__ import annotations

import os
import socket
import struct
import threading

from local.ports import becomes_free, free_port, holder, is_free


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


def test_a_port_that_a_connection_has_as_its_own_end_is_waited_for() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        port = client.getsockname()[1]
        assert not becomes_free(port, seconds=0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends without a farewell
        ending = threading.Timer(0.3, client.close)
        ending.start()
        assert becomes_free(port, seconds=30)


def test_a_port_that_somebody_listens_on_is_not_waited_for() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not becomes_free(server.getsockname()[1], seconds=1_000)
