"""A TCP proxy in front of Postgres that does something to the connection at the n-th request of a client."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

# Query, Sync (the end of a Parse/Bind/Execute) and CopyDone: what a server acts on as a whole.
REQUESTS = b"QSc"
COMMIT = b"COMMIT\0"


class Then(Enum):
    """What becomes of the message at which the fault struck."""

    PASS = "pass it on"
    CUT = "cut the connection before it"
    PASS_AND_CUT = "pass it on, and cut the connection without waiting for the answer"
    DROP_ANSWER = "pass it on, wait for the answer, and cut the connection without giving it"


@dataclass(frozen=True)
class Fault:
    """Strikes once, at the `at`-th request (from 1) or, when `at` is None, at COMMIT: runs `action`, then `then`."""

    at: int | None
    then: Then
    action: Callable[[], None] = lambda: None


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to `url`, until the fault strikes."""

    def __init__(self, url: str, fault: Fault | None = None) -> None:
        self.fault = fault
        self.struck = False
        self.requests: list[bytes] = []
        self._target = urlsplit(url)
        self._errors: list[BaseException] = []
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._run(self._accept)

    @property
    def url(self) -> str:
        """Leads through the proxy, without TLS or GSS, so that the protocol can be read."""
        parts = self._target
        netloc = f"{parts.username}:{parts.password}@127.0.0.1:{self._listener.getsockname()[1]}"
        return urlunsplit((parts.scheme, netloc, parts.path, "sslmode=disable&gssencmode=disable", ""))

    def close(self) -> None:
        """Ends every connection; an error inside of the proxy is raised here."""
        # Shutting down wakes a thread that waits in accept or recv; closing alone does not.
        for each in (self._listener, *self._sockets):
            _end(each)
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]

    def _run(self, target: Callable[..., None], *arguments: object) -> None:
        def guarded() -> None:
            try:
                target(*arguments)
            except OSError:
                pass  # a peer went away: that is what this is for
            except BaseException as error:  # noqa: BLE001 - raised again by close
                self._errors.append(error)

        thread = threading.Thread(target=guarded)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            try:
                server = socket.create_connection((self._target.hostname or "", self._target.port or 0))
            except OSError:
                client.close()
                continue
            self._sockets += [client, server]
            swallow = threading.Event()
            self._run(self._forward_requests, client, server, swallow)
            self._run(self._forward_answers, client, server, swallow)

    def _forward_requests(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        try:
            (length,) = struct.unpack("!i", head := _receive(client, 4))
            server.sendall(head + _receive(client, length - 4))
            while True:
                kind, (length,) = (head := _receive(client, 5))[:1], struct.unpack("!i", head[1:])
                message = head + (body := _receive(client, length - 4))
                if kind in REQUESTS:
                    self.requests.append(body if kind == b"Q" else kind)
                    if self._strikes(kind, body) and not self._strike(server, message, swallow):
                        return
                server.sendall(message)
        finally:
            if not swallow.is_set():
                _end(server)
                _end(client)

    def _strikes(self, kind: bytes, body: bytes) -> bool:
        if self.fault is None or self.struck:
            return False
        if self.fault.at is None:
            return kind == b"Q" and body == COMMIT
        return len(self.requests) == self.fault.at

    def _strike(self, server: socket.socket, message: bytes, swallow: threading.Event) -> bool:
        """Whether the message is still to be passed on."""
        assert self.fault is not None
        self.struck = True
        if self.fault.then is Then.DROP_ANSWER:
            swallow.set()
        self.fault.action()
        if self.fault.then in (Then.PASS_AND_CUT, Then.DROP_ANSWER):
            server.sendall(message)
        return self.fault.then is Then.PASS

    def _forward_answers(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        try:
            while data := server.recv(65536):
                if swallow.is_set():
                    return
                client.sendall(data)
        finally:
            _end(server)
            _end(client)


@contextmanager
def running_proxy(url: str, fault: Fault | None = None) -> Iterator[Proxy]:
    proxy = Proxy(url, fault)
    try:
        yield proxy
    finally:
        proxy.close()


def _receive(source: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = source.recv(count - len(data))
        if not piece:
            raise ConnectionResetError
        data += piece
    return data


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
