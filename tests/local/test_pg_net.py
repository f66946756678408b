"""The stand-in for pg_net, with its worker sending to a real server."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pytest
from psycopg import errors
from psycopg.rows import class_row

from local.pg_net_worker import APPLICATION_NAME
from local.ports import free_port
from tests.support.database import Database
from tests.support.receiver import Answer, Receiver
from tests.support.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.slow

WORKER = "select pid from pg_stat_activity where application_name = %s"


@dataclass(frozen=True)
class Row:
    id: int
    status_code: int | None
    content_type: str | None
    headers: dict[str, str] | None
    content: str | None
    timed_out: bool
    error_msg: str | None
    created: datetime


def one(connection: psycopg.Connection, query: str, parameters: Sequence[object] = ()) -> int:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return int(row[0])


def answers(connection: psycopg.Connection, ids: Sequence[int]) -> list[Row]:
    """The answers to these requests, once all are there."""
    deadline = time.monotonic() + LIMIT_SECONDS
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        while time.monotonic() < deadline:
            rows = cursor.execute(
                "select * from net._http_response where id = any(%s) order by id", [list(ids)]
            ).fetchall()
            if len(rows) == len(ids):
                return rows
            time.sleep(0.02)
    raise AssertionError(f"no answer to some of {ids}")


def post(connection: psycopg.Connection, url: str, timeout_milliseconds: int = 60_000) -> int:
    return one(connection, "select net.http_post(%s, timeout_milliseconds => %s)", [url, timeout_milliseconds])


def get_answer(connection: psycopg.Connection, url: str, timeout_milliseconds: int = 60_000) -> Row:
    return answers(connection, [post(connection, url, timeout_milliseconds)])[0]


def test_sent_after_commit_only(database: Database, receiver: Receiver) -> None:
    with database.connect(autocommit=False) as connection, database.connect() as other:
        post(connection, f"{receiver.url}/rolled-back")
        connection.rollback()
        post(connection, f"{receiver.url}/committed")
        # The worker serves others in the meantime.
        get_answer(other, f"{receiver.url}/other")
        assert [request.path for request in receiver.requests] == ["/other"]
        connection.commit()
        assert [request.path for request in receiver.wait_for(2)] == ["/other", "/committed"]


def test_post(database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(201, b'{"done": 1}', {"Content-Type": "application/json", "X-Run": "7"})
    query = (
        'select net.http_post(%s, body => %s, params => %s, headers => \'{"X-Key": "secret"}\','
        " timeout_milliseconds => 5000)"
    )
    with database.connect() as connection:
        identifier = one(connection, query, [f"{receiver.url}/run", '{"batch_size": 20}', '{"a": "1"}'])
        (row,) = answers(connection, [identifier])
    (request,) = receiver.requests
    assert (request.method, request.path, request.body) == ("POST", "/run?a=1", b'{"batch_size": 20}')
    assert request.headers["x-key"] == "secret"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "pg_net/0.20.4"
    assert (row.status_code, row.content, row.content_type) == (201, '{"done": 1}', "application/json")
    assert (row.timed_out, row.error_msg) == (False, None)
    assert row.headers is not None
    assert row.headers["X-Run"] == "7"


def test_get_and_delete(database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(204, b"", {})
    with database.connect() as connection:
        ids = [
            one(connection, "select net.http_get(%s)", [f"{receiver.url}/get"]),
            one(connection, "select net.http_delete(%s)", [f"{receiver.url}/delete"]),
            one(connection, "select net.http_delete(%s, body => '{\"id\": 1}')", [f"{receiver.url}/delete-body"]),
        ]
        rows = answers(connection, ids)
    assert {(request.method, request.path, request.body) for request in receiver.requests} == {
        ("GET", "/get", b""),
        ("DELETE", "/delete", b""),
        ("DELETE", "/delete-body", b'{"id": 1}'),
    }
    assert {(row.status_code, row.content) for row in rows} == {(204, None)}


def test_signatures(database: Database) -> None:
    with database.connect() as connection:
        rows = connection.execute(
            "select proname, pg_get_function_arguments(oid) || ' -> ' || prorettype::regtype from pg_proc"
            " where pronamespace = 'net'::regnamespace and (proname like 'http\\_%' or proname = 'worker_restart')"
        ).fetchall()
    found = {str(name): str(signature) for name, signature in rows}
    empty, timeout = "'{}'::jsonb", "timeout_milliseconds integer DEFAULT 5000"
    content_type = '\'{"Content-Type": "application/json"}\'::jsonb'
    assert found == {
        "http_get": f"url text, params jsonb DEFAULT {empty}, headers jsonb DEFAULT {empty}, {timeout} -> bigint",
        "http_post": (
            f"url text, body jsonb DEFAULT {empty}, params jsonb DEFAULT {empty},"
            f" headers jsonb DEFAULT {content_type}, {timeout} -> bigint"
        ),
        "http_delete": (
            f"url text, params jsonb DEFAULT {empty}, headers jsonb DEFAULT {empty}, {timeout},"
            " body jsonb DEFAULT NULL::jsonb -> bigint"
        ),
        "worker_restart": " -> boolean",
    }


@pytest.mark.parametrize("value", ["text/plain", "application/json; charset=utf-8", "APPLICATION/JSON"])
def test_content_type(database: Database, value: str) -> None:
    query = "select net.http_post('http://127.0.0.1:1/', headers => jsonb_build_object('content-TYPE', %s::text))"
    with database.connect() as connection:
        with pytest.raises(errors.RaiseException, match='Content-Type header must be "application/json"'):
            connection.execute(query, [value])
        connection.execute(query, ["application/json"])


@pytest.mark.parametrize(
    ("url", "params", "expected"),
    [
        ("http://host/path", "{}", "http://host/path"),
        ("http://host", "{}", "http://host/"),
        ("http://host", '{"a": "b c"}', "http://host/?a=b%20c"),
        ("http://host/p?x=1#top", '{"a": "&=?/"}', "http://host/p?x=1&a=%26%3D%3F%2F#top"),
        ("https://host:8080/p", '{"ü": "€~-._"}', "https://host:8080/p?%C3%BC=%E2%82%AC~-._"),
        ("http://host/p?", '{"a": 1, "b": true}', "http://host/p?a=1&b=true"),
    ],
)
def test_parameters(database: Database, url: str, params: str, expected: str) -> None:
    with database.connect(autocommit=False) as connection:
        connection.execute("select net.http_get(%s, %s)", [url, params])
        assert connection.execute("select url from net.http_request_queue").fetchall() == [(expected,)]


@pytest.mark.parametrize("url", ["localhost:8080", "example.com/path", "", "http://", "http:// host/"])
def test_url_without_scheme(database: Database, url: str) -> None:
    with database.connect() as connection, pytest.raises(errors.RaiseException, match="URL using bad/illegal format"):
        connection.execute("select net.http_post(%s)", [url])


@pytest.mark.parametrize("status", [400, 401, 500])
def test_error_statuses(database: Database, receiver: Receiver, status: int) -> None:
    receiver.answer = Answer(status, b"no")
    with database.connect() as connection:
        row = get_answer(connection, receiver.url)
    assert (row.status_code, row.content, row.timed_out, row.error_msg) == (status, "no", False, None)


def test_redirect_turns_post_into_get(database: Database, receiver: Receiver) -> None:
    receiver.redirect("/old", "/new")
    with database.connect() as connection:
        row = get_answer(connection, f"{receiver.url}/old")
    assert [(request.method, request.path) for request in receiver.requests] == [("POST", "/old"), ("GET", "/new")]
    assert row.status_code == 200
    assert row.headers is not None
    assert "Location" not in row.headers


def test_timeout(database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(delay=5)
    with database.connect() as connection:
        row = get_answer(connection, receiver.url, 200)
    assert (row.status_code, row.content, row.headers, row.timed_out) == (None, None, None, True)
    assert row.error_msg is not None
    assert row.error_msg.startswith("Timeout of 200 ms reached. Total time: ")
    assert "HTTP Request/Response time:" in row.error_msg


def test_refused_connection(database: Database) -> None:
    with database.connect() as connection:
        row = get_answer(connection, f"http://127.0.0.1:{free_port()}/")
    assert (row.status_code, row.timed_out, row.error_msg) == (None, False, "Could not connect to server")


def test_batch_timestamps(database: Database, receiver: Receiver) -> None:
    receiver.answers["/slow"] = Answer(held=True)
    with database.connect() as connection:
        with connection.transaction():
            ids = [post(connection, f"{receiver.url}{path}") for path in ("/fast", "/slow", "/timeout")]
        receiver.wait_for(3)
        # The fast one is answered by now, yet its row waits for the slow one.
        arrived = connection.execute("select clock_timestamp()").fetchone()
        assert connection.execute("select from net._http_response").fetchall() == []
        receiver.let_go()
        rows = answers(connection, ids)
    assert arrived is not None
    assert len({row.created for row in rows}) == 1
    assert rows[0].created < arrived[0]


def test_batch_size(database: Database, receiver: Receiver) -> None:
    with database.connect() as connection:
        with connection.transaction():
            ids = [post(connection, receiver.url) for _ in range(201)]
        rows = answers(connection, ids)
    created = [row.created for row in rows]
    assert sorted((created.count(moment) for moment in set(created)), reverse=True) == [200, 1]
    assert {row.status_code for row in rows} == {200}


def test_null_header_is_dropped(database: Database, receiver: Receiver) -> None:
    query = "select net.http_post(%s, headers => jsonb_build_object('Authorization', 'Bearer ' || null, 'X-A', 'a'))"
    with database.connect() as connection:
        connection.execute(query, [receiver.url])
    (request,) = receiver.wait_for(1)
    assert "authorization" not in request.headers
    assert request.headers["x-a"] == "a"


def test_echoed_token(database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(echo=True)
    query = 'select net.http_post(%s, headers => \'{"Authorization": "Bearer canary"}\')'
    with database.connect() as connection:
        (row,) = answers(connection, [one(connection, query, [receiver.url])])
    assert row.content is not None
    assert "Bearer canary" in row.content


def test_tables_are_open_to_everyone(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("create role guest login password 'guest'")
        connection.execute(
            "insert into net.http_request_queue (method, url, headers, timeout_milliseconds)"
            " values ('GET', 'http://127.0.0.1:1', '{\"Authorization\": \"Bearer canary\"}', 1000)"
        )
        connection.execute("insert into net._http_response (id, content) values (1, 'canary')")
    with psycopg.connect(database.url.replace("postgres:postgres@", "guest:guest@"), autocommit=True) as guest:
        assert guest.execute("select headers->>'Authorization' from net.http_request_queue").fetchall() == [
            ("Bearer canary",)
        ]
        assert guest.execute("select content from net._http_response").fetchall() == [("canary",)]
        guest.execute("delete from net._http_response")


def test_unlogged_tables_are_empty_after_a_crash(database: Database, receiver: Receiver) -> None:
    with database.connect() as connection:
        get_answer(connection, receiver.url)
        connection.execute("select vault.create_secret('kept', 'kept')")
        connection.execute(
            "insert into net.http_request_queue (method, url, timeout_milliseconds)"
            " values ('GET', 'http://127.0.0.1:1', 1000)"
        )
    database.cluster.kill()
    assert not database.cluster.running()
    database.cluster.start()
    with database.connect() as connection:
        assert connection.execute("select from net._http_response").fetchall() == []
        assert connection.execute("select from net.http_request_queue").fetchall() == []
        assert connection.execute("select decrypted_secret from vault.decrypted_secrets").fetchall() == [("kept",)]


def test_at_least_once(database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(held=True)
    with database.connect() as connection:
        identifier = post(connection, f"{receiver.url}/again", 60_000)
        receiver.wait_for(1)
        database.worker.stop()
        receiver.answer = Answer()
        database.worker.start()
        (row,) = answers(connection, [identifier])
    assert row.status_code == 200
    assert [request.path for request in receiver.requests] == ["/again", "/again"]


def test_answers_expire(database: Database, receiver: Receiver) -> None:
    with database.connect() as connection:
        connection.execute(
            "insert into net._http_response (id, created)"
            " values (-1, now() - interval '6 hours 1 minute'), (-2, now() - interval '5 hours 59 minutes')"
        )
        identifier = post(connection, receiver.url)
        answers(connection, [identifier])
        rows = connection.execute("select id from net._http_response order by id").fetchall()
    assert rows == [(-2,), (identifier,)]


def test_a_row_put_in_by_hand_waits(database: Database, receiver: Receiver) -> None:
    idle = WORKER + " and state = 'idle' and now() - state_change > interval '1.5 seconds'"
    with database.connect() as connection:
        deadline = time.monotonic() + LIMIT_SECONDS
        while connection.execute(idle, [APPLICATION_NAME]).fetchone() is None:
            assert time.monotonic() < deadline, "the worker does not rest"
            time.sleep(0.05)
        connection.execute(
            "insert into net.http_request_queue (method, url, timeout_milliseconds) values ('GET', %s, 1000)",
            [receiver.url],
        )
        time.sleep(0.3)
        assert receiver.requests == []
        connection.execute("select net.wake()")
        receiver.wait_for(1)


def test_worker_comes_back(database: Database, receiver: Receiver) -> None:
    database.cluster.restart()
    with database.connect() as connection:
        get_answer(connection, receiver.url)
        before = one(connection, WORKER, [APPLICATION_NAME])
        assert connection.execute("select net.worker_restart()").fetchone() == (True,)
        connection.execute("select net.wait_until_running()")
        deadline = time.monotonic() + LIMIT_SECONDS
        while connection.execute(WORKER + " and pid <> %s", [APPLICATION_NAME, before]).fetchone() is None:
            assert time.monotonic() < deadline, "the worker did not come back"
            time.sleep(0.05)
        get_answer(connection, receiver.url)


def test_check_worker_is_up(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select net.check_worker_is_up()")
        database.worker.stop()
        with pytest.raises(errors.RaiseException, match="the pg_net background worker is not up"):
            connection.execute("select net.check_worker_is_up()")
        database.worker.start()
        connection.execute("select net.check_worker_is_up()")
