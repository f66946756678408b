"""A receiver that fails in every way, and a server that dies: the right outcome, and the right next step."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.ports import free_port
from supacron.model.desired import DesiredRetry
from supacron.model.policy import RETRIED
from tests.runtime.runtime import Runtime
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here, http_job, stack

pytestmark = pytest.mark.slow
YEARLY = "0 0 1 1 *"
RETRY = DesiredRetry(attempts=2, backoff_ms=3_000_000, max_backoff_ms=3_000_000, within_ms=3_600_000, on=RETRIED)


@contextmanager
def rude(*, endless: bool) -> Iterator[str]:
    """A server that resets each connection or, `endless`, whose answer never ends."""
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)

        def serve() -> None:
            while not closing.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.recv(65_536)
                    if not endless:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        continue
                    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while not closing.wait(0.05):
                        try:
                            connection.sendall(b"1\r\nx\r\n")
                        except OSError:
                            break

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            closing.set()
            thread.join()


def test_every_way_of_failing(runtime: Runtime, receiver: Receiver) -> None:
    """All in one batch of pg_net. Those that are tried again wait for that; the others are over."""
    receiver.answers = {
        "/hangs": Answer(held=True),
        "/500": Answer(500),
        "/429": Answer(429, headers={"Retry-After": "120"}),
        "/400": Answer(400),
        "/bad": Answer(200, b'{"ok": false}'),
    }
    receiver.redirect("/moved", "/elsewhere")
    expect = {"json": [{"at": "$.ok", "path": ["ok"], "equals": True}]}
    with rude(endless=False) as reset, rude(endless=True) as endless:
        urls = {name[1:]: receiver.url + name for name in receiver.answers}
        urls |= {"reset": reset, "endless": endless, "refused": f"http://127.0.0.1:{free_port()}/"}
        jobs = {
            name: http_job(
                url,
                schedule=YEARLY,
                timeout_ms=1500 if name in ("hangs", "endless") else 60_000,
                retry=RETRY,
                expect=expect if name == "bad" else None,
            )
            for name, url in urls.items()
        }
        apply_here(runtime.database, stack(jobs))
        runtime.connection.execute("select supacron.call(j.name) from supacron.job j where j.removed_at is null")
        waiting = "select count(*) from supacron.run where outcome is null and request_id is not null"
        runtime.eventually(lambda: runtime.collect() >= 0 and not runtime.one(waiting), "all are known")
    rows = runtime.all(
        "select j.name, coalesce(r.outcome, a.outcome), coalesce(r.status_code, a.status_code), r.leave_at is not null"
        " from supacron.run r join supacron.job j on j.id = r.job_id left join supacron.attempt a on a.run_id = r.id"
    )
    assert {row[0]: row[1:] for row in rows} == {
        "hangs": ("timed_out", None, True),
        "500": ("http_error", 500, True),
        "429": ("http_error", 429, True),
        "400": ("http_error", 400, False),
        "bad": ("bad_answer", 200, False),
        "moved": ("ok", 200, False),
        "reset": ("failed", None, True),
        "endless": ("timed_out", None, True),
        "refused": ("failed", None, True),
    }
    asked = runtime.one(
        "select r.leave_at - r.sent_at >= interval '119 s' from supacron.run r join supacron.job j on j.id = r.job_id"
        " where j.name = '429'"
    )
    assert asked is True
    elsewhere = next(request for request in receiver.requests if request.path == "/elsewhere")
    assert elsewhere.method == "GET", "what pg_net makes of a POST that is redirected"
