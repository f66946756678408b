"""Batches of requests through libcurl, without a database."""

from __future__ import annotations

import pytest

from local.curl_batch import Request, Response, send
from tests.support.receiver import Answer, Receiver


def request(url: str, method: str = "POST", body: bytes | None = b"{}", *headers: str | None) -> Request:
    return Request(1, method, url, 2000, headers, body)


def test_no_request_no_response() -> None:
    assert send([]) == []


def test_all_of_a_batch_are_sent_at_once(receiver: Receiver) -> None:
    receiver.answer = Answer(delay=0.5)
    responses = send([Request(number, "GET", receiver.url, 5000, [], None) for number in range(50)])
    assert sorted(response.id for response in responses) == list(range(50))
    assert {response.status_code for response in responses} == {200}


def test_a_get_may_have_a_body(receiver: Receiver) -> None:
    send([request(f"{receiver.url}/a", "get", b"{}"), request(f"{receiver.url}/b", "post", None)])
    assert {(r.method, r.path, r.body) for r in receiver.requests} == {("GET", "/a", b"{}"), ("POST", "/b", b"")}


def test_text_beyond_ascii(receiver: Receiver) -> None:
    receiver.answer = Answer(body="größer 🔑".encode())
    (response,) = send([request(f"{receiver.url}/%C3%BC", "POST", b"{}", "X-Name: größer", None)])
    assert response.content == "größer 🔑"
    assert receiver.requests[0].headers["x-name"].encode("latin-1").decode() == "größer"


@pytest.mark.parametrize(
    ("body", "content"), [(b"\xff\xfe", "\ufffd\ufffd"), (b"cut\0off", "cut"), (b"", None), (b"\0", None)]
)
def test_bytes_that_are_no_text(receiver: Receiver, body: bytes, content: str | None) -> None:
    receiver.answer = Answer(body=body, headers={})
    (response,) = send([request(receiver.url)])
    assert (response.content, response.content_type) == (content, None)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("file:///etc/passwd", "Unsupported protocol"),
        ("http://name.invalid/", "Could not resolve hostname"),
        ("http://127.0.0.1:1/", "Could not connect to server"),
    ],
)
def test_errors_are_in_libcurls_words(url: str, error: str) -> None:
    assert send([request(url)]) == [Response(1, error_msg=error)]


def test_a_circle_of_redirects_ends(receiver: Receiver) -> None:
    receiver.redirect("/round", "/round")
    (response,) = send([request(f"{receiver.url}/round")])
    assert response.error_msg == "Number of redirects hit maximum amount"


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    (response,) = send([request(receiver.url)])
    assert response.status_code == 200
