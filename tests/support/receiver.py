"""A real HTTP server that records what it is sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.waiting import LIMIT_SECONDS


@dataclass(frozen=True)
class Answer:
    """What the server says: after `delay` seconds, with the request's own headers as JSON when `echo` is set.

    When `held` is set, not before `let_go` is called. With `accept`, a request that bears this Authorization is
    answered with 200 instead.
    """

    status: int = 200
    body: bytes = b'{"ok": true}'
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    delay: float = 0.0
    held: bool = False
    echo: bool = False
    accept: str | None = None


@dataclass(frozen=True)
class Received:
    """One request, as it arrived; the header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Listens on a free port of 127.0.0.1. `answers` maps a path to its answer; `answer` is for every other path.

    `most_at_once` is how many requests were being answered at the same time, at the most.
    """

    def __init__(self) -> None:
        self.answer = Answer()
        self.answers: dict[str, Answer] = {}
        self._received: list[Received] = []
        self._changed = threading.Condition()
        self._at_once = 0
        self.most_at_once = 0
        self._closing = threading.Event()
        self._let_go = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> list[Received]:
        """What arrived so far, in order."""
        with self._changed:
            return list(self._received)

    def wait_for(self, count: int = 1, timeout: float = LIMIT_SECONDS) -> list[Received]:
        """The requests, once there are `count`; fails the test after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._received) >= count, timeout):
                raise AssertionError(f"{len(self._received)} of {count} requests arrived within {timeout} s")
            return list(self._received)

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """Lets `path` answer with a redirect to `target`."""
        self.answers[path] = Answer(status, b"", {"Location": target})

    def let_go(self) -> None:
        """Gives the answers that are held, and from now on at once."""
        self._let_go.set()

    def clear_requests(self) -> None:
        """Forgets the requests, and keeps the answers."""
        with self._changed:
            self._received.clear()

    def clear(self) -> None:
        """Forgets all requests and answers."""
        self.clear_requests()
        self.answers.clear()
        self.answer = Answer()

    def close(self) -> None:
        """Ends the server; an answer that is still delayed or held is given at once."""
        self._closing.set()
        self._let_go.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def record(self, request: Received) -> Answer:
        with self._changed:
            self._received.append(request)
            self._changed.notify_all()
        answer = self.answers.get(request.path.split("?", 1)[0], self.answer)
        with self.counted():
            self._closing.wait(answer.delay)
            if answer.held:
                self._let_go.wait()
        return answer

    @contextmanager
    def counted(self) -> Iterator[None]:
        """One request more that is being answered."""
        with self._changed:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        yield
        with self._changed:
            self._at_once -= 1


class _Server(ThreadingHTTPServer):
    # A herd of connections at once is part of what is tested.
    request_queue_size = 512
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up waiting is no error of the server."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.record(Received(self.command, self.path, headers, body))
            content = json.dumps(headers).encode() if answer.echo else answer.body
            accepted = answer.accept is not None and headers.get("authorization") == answer.accept
            self.send_response(200 if accepted else answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _serve  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None:
            """Tests read the recorded requests instead."""

    return Handler


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()
