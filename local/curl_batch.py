"""Sends a batch of HTTP requests at once through libcurl, with the settings of pg_net."""

from __future__ import annotations

import io
import json
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pycurl

USER_AGENT = "User-Agent: pg_net/0.20.4"
POLL_SECONDS = 1.0

# What curl_easy_strerror says, which pycurl does not offer; pg_net records it in place of libcurl's longer message.
ERRORS = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "Unsupported protocol",
    pycurl.E_URL_MALFORMAT: "URL using bad/illegal format or missing URL",
    pycurl.E_COULDNT_RESOLVE_HOST: "Could not resolve hostname",
    pycurl.E_COULDNT_CONNECT: "Could not connect to server",
    pycurl.E_SSL_CONNECT_ERROR: "SSL connect error",
    pycurl.E_TOO_MANY_REDIRECTS: "Number of redirects hit maximum amount",
    pycurl.E_GOT_NOTHING: "Server returned nothing (no headers, no data)",
    pycurl.E_SEND_ERROR: "Failed sending data to the peer",
    pycurl.E_RECV_ERROR: "Failure when receiving data from the peer",
    pycurl.E_PEER_FAILED_VERIFICATION: "SSL peer certificate or SSH remote key was not OK",
}


@dataclass(frozen=True)
class Request:
    """A row of net.http_request_queue."""

    id: int
    method: str
    url: str
    timeout_milliseconds: int
    headers: Sequence[str | None]
    body: bytes | None


@dataclass(frozen=True)
class Response:
    """A row of net._http_response."""

    id: int
    status_code: int | None = None
    content_type: str | None = None
    headers: dict[str, str] | None = None
    content: str | None = None
    timed_out: bool = False
    error_msg: str | None = None

    def row(self) -> list[Any]:
        headers = None if self.headers is None else json.dumps(self.headers)
        return [self.id, self.status_code, self.content_type, headers, self.content, self.timed_out, self.error_msg]


@dataclass
class Transfer:
    """One request on its way."""

    request: Request
    body: io.BytesIO = field(default_factory=io.BytesIO)
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None

    def handle(self) -> pycurl.Curl:
        """The libcurl handle, set as pg_net sets it: redirects are followed, and a POST becomes a GET by them."""
        request = self.request
        method = request.method.upper()
        curl = pycurl.Curl()
        curl.setopt(pycurl.URL, request.url.encode())
        headers = [*request.headers, USER_AGENT]
        curl.setopt(pycurl.HTTPHEADER, [header.encode() for header in headers if header is not None])
        curl.setopt(pycurl.TIMEOUT_MS, request.timeout_milliseconds)
        curl.setopt(pycurl.FOLLOWLOCATION, True)
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.NOSIGNAL, True)
        curl.setopt(pycurl.WRITEDATA, self.body)
        curl.setopt(pycurl.HEADERFUNCTION, self._header)
        # The caller's environment may name a proxy; a database server's does not.
        curl.setopt(pycurl.PROXY, "")
        trusted = ssl.get_default_verify_paths()
        if trusted.cafile:
            curl.setopt(pycurl.CAINFO, trusted.cafile)
        if trusted.capath:
            curl.setopt(pycurl.CAPATH, trusted.capath)
        if request.body is not None:
            curl.setopt(pycurl.COPYPOSTFIELDS, request.body)
        elif method == "POST":
            curl.setopt(pycurl.POST, True)
            curl.setopt(pycurl.POSTFIELDSIZE, 0)
        if method == "DELETE" or (method == "GET" and request.body is not None):
            curl.setopt(pycurl.CUSTOMREQUEST, method)
        return curl

    def _header(self, line: bytes) -> None:
        text = line.decode("latin-1").strip()
        if text.startswith("HTTP/"):
            # A redirect was followed: only the headers of the last answer count.
            self.headers.clear()
            self.content_type = None
            return
        name, colon, value = text.partition(":")
        if colon:
            self.headers[name] = value.strip()
            if name.lower() == "content-type":
                self.content_type = value.strip()

    def answered(self, status: int) -> Response:
        # A text value of the database ends at a NUL, as a C string does.
        content = self.body.getvalue().split(b"\0", 1)[0].decode("utf-8", errors="replace")
        return Response(self.request.id, status, self.content_type, self.headers, content or None)

    def failed(self, curl: pycurl.Curl, code: int, message: str) -> Response:
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return Response(self.request.id, timed_out=True, error_msg=timeout_message(curl, self.request))
        return Response(self.request.id, error_msg=ERRORS.get(code, message))


def timeout_message(curl: pycurl.Curl, request: Request) -> str:
    """Says in which step the time ran out, in pg_net's words; a step that did not end has no time of its own."""
    total = float(curl.getinfo(pycurl.TOTAL_TIME))
    lookup = float(curl.getinfo(pycurl.NAMELOOKUP_TIME))
    connect = float(curl.getinfo(pycurl.CONNECT_TIME))
    tls = float(curl.getinfo(pycurl.APPCONNECT_TIME))
    sent = float(curl.getinfo(pycurl.PRETRANSFER_TIME))
    if lookup == 0 and connect == 0:
        dns, handshake, http = total, 0.0, 0.0
    elif sent == 0:
        dns, handshake, http = lookup, total - lookup, 0.0
    else:
        dns, handshake, http = lookup, max(connect, tls) - lookup, total - sent
    return (
        f"Timeout of {request.timeout_milliseconds} ms reached. Total time: {total * 1000:f} ms "
        f"(DNS time: {dns * 1000:f} ms, TCP/SSL handshake time: {handshake * 1000:f} ms, "
        f"HTTP Request/Response time: {http * 1000:f} ms)"
    )


def send(requests: Sequence[Request]) -> list[Response]:
    """Sends all the requests at once; returns when the slowest has ended, one response per request."""
    responses: list[Response] = []
    transfers: dict[pycurl.Curl, Transfer] = {}
    multi = pycurl.CurlMulti()
    for request in requests:
        transfer = Transfer(request)
        curl = transfer.handle()
        transfers[curl] = transfer
        multi.add_handle(curl)
    running = len(transfers)
    while running:
        _, running = multi.perform()
        if running:
            # pycurl's select does not know of libcurl's own deadlines; -1 means there is none.
            deadline = multi.timeout()
            multi.select(POLL_SECONDS if deadline < 0 else min(POLL_SECONDS, deadline / 1000))
    left = 1
    while left:
        left, succeeded, failed = multi.info_read()
        responses += [transfers[curl].answered(curl.getinfo(pycurl.RESPONSE_CODE)) for curl in succeeded]
        responses += [transfers[curl].failed(curl, code, message) for curl, code, message in failed]
    for curl in transfers:
        multi.remove_handle(curl)
        curl.close()
    multi.close()
    return responses
