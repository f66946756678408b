"""A stand-in for the Management API of Supabase (https://api.supabase.com), as far as deploying functions needs it.

`running_api()` serves one project, and says how the Supabase CLI is pointed at it. What it keeps of the original is in
BEHAVIOURS.md, each line with its test.

How it differs: nothing runs. A bundle is not built: it is refused where the entry point is not in it, or a relative
import leads to no file of it; types, syntax and packages are not looked at. Versions start at 1, ids are made up, and
there are no limits on sizes, counts and rates.
"""

from __future__ import annotations

import email.policy
import hashlib
import json
import posixpath
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
RESERVED = "SUPABASE_"
# `import x from "./y.ts"`, `export * from "../y.ts"`, `import("./y.ts")`, `import "./y.ts"`
IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}/[^"']+)["']""")


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Bundle:
    """What was uploaded for one function: its files by path, and the metadata as it was sent."""

    files: Mapping[str, bytes]
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Deployed:
    """A function of the project."""

    version: int
    verify_jwt: bool
    bundle: Bundle


@dataclass
class Project:
    """What the platform knows of one project. `calls` are method and path of each request, in order."""

    ref: str
    token: str
    functions: dict[str, Deployed] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    failing: dict[str, Refused] = field(default_factory=dict)
    _bundles: dict[str, Bundle] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        """Status and JSON; raises Refused. `failing` has an answer by method and path that comes instead."""
        parts = urlsplit(target)
        with self._lock:
            self.calls.append(f"{method} {target}")
            if headers.get("authorization") != f"Bearer {self.token}":
                raise Refused(401, "Unauthorized")
            if refused := self.failing.get(f"{method} {parts.path}"):
                raise refused
            prefix = f"/v1/projects/{self.ref}"
            if not parts.path.startswith(prefix):
                raise Refused(404, "Project not found")
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return self._route(method, parts.path.removeprefix(prefix), query, headers.get("content-type", ""), body)

    def _route(self, method: str, path: str, query: Mapping[str, str], kind: str, body: bytes) -> tuple[int, Any]:
        if (method, path) == ("GET", ""):
            return 200, {"id": self.ref, "ref": self.ref, "name": "stand-in", "status": "ACTIVE_HEALTHY"}
        if (method, path) == ("POST", "/functions/deploy"):
            return 201, self._deploy(query, kind, body)
        if (method, path) == ("PUT", "/functions"):
            return 200, {"functions": [self._activate(each) for each in json.loads(body)]}
        if (method, path) == ("GET", "/functions"):
            return 200, [self._shown(slug) for slug in sorted(self.functions)]
        if method == "DELETE" and path.startswith("/functions/"):
            if self.functions.pop(path.removeprefix("/functions/"), None) is None:
                raise Refused(404, "Function not found")
            return 200, {}
        if (method, path) == ("POST", "/secrets"):
            return 201, self._set_secrets(json.loads(body))
        raise Refused(404, f"Cannot {method} {path}")

    def _deploy(self, query: Mapping[str, str], kind: str, body: bytes) -> dict[str, Any]:
        bundle = _read_form(kind, body)
        slug = query.get("slug") or str(bundle.metadata.get("name"))
        if not SLUG.fullmatch(slug):
            raise Refused(400, f"slug: {slug} is not a valid function slug")
        _check_bundle(bundle)
        self._bundles[_digest(bundle)] = bundle
        verify = bool(bundle.metadata.get("verify_jwt", True))
        if query.get("bundleOnly") != "true":
            self._put(slug, bundle, verify)
            return self._shown(slug)
        return _form(slug, 1, verify, bundle)

    def _activate(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        bundle = self._bundles.get(str(wanted.get("ezbr_sha256")))
        if bundle is None:
            raise Refused(400, "no bundle with this ezbr_sha256")
        slug = str(wanted["slug"])
        self._put(slug, bundle, bool(wanted.get("verify_jwt", True)))
        return self._shown(slug)

    def _put(self, slug: str, bundle: Bundle, verify_jwt: bool) -> None:
        before = self.functions.get(slug)
        self.functions[slug] = Deployed(before.version + 1 if before else 1, verify_jwt, bundle)

    def _shown(self, slug: str) -> dict[str, Any]:
        function = self.functions[slug]
        return _form(slug, function.version, function.verify_jwt, function.bundle)

    def _set_secrets(self, given: list[Mapping[str, str]]) -> dict[str, Any]:
        for each in given:
            if each["name"].startswith(RESERVED):
                raise Refused(400, f"Secret name must not start with {RESERVED}")
        self.secrets.update({each["name"]: each["value"] for each in given})
        return {}


def _read_form(kind: str, body: bytes) -> Bundle:
    message = BytesParser(policy=email.policy.HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    files: dict[str, bytes] = {}
    metadata: Mapping[str, Any] | None = None
    for part in message.iter_parts():
        disposition = part["content-disposition"].params
        content = bytes(part.get_payload(decode=True))
        if disposition.get("name") == "metadata":
            metadata = json.loads(content)
        else:
            files[disposition["filename"]] = content
    if metadata is None:
        raise Refused(400, "metadata is missing")
    return Bundle(files, metadata)


def _check_bundle(bundle: Bundle) -> None:
    entry = str(bundle.metadata.get("entrypoint_path"))
    if entry not in bundle.files:
        raise Refused(400, f"Failed to bundle the function (reason: entrypoint path does not exist: {entry})")
    for path, content in bundle.files.items():
        for imported in IMPORT.findall(content.decode(errors="replace")) if path.endswith((".ts", ".js")) else ():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), imported))
            if target not in bundle.files:
                raise Refused(400, f'Failed to bundle the function (reason: Module not found "{target}" at {path})')


def _digest(bundle: Bundle) -> str:
    digest = hashlib.sha256(json.dumps(dict(bundle.metadata), sort_keys=True).encode())
    for path, content in sorted(bundle.files.items()):
        digest.update(path.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _form(slug: str, version: int, verify_jwt: bool, bundle: Bundle) -> dict[str, Any]:
    return {
        "id": hashlib.sha256(slug.encode()).hexdigest()[:32],
        "slug": slug,
        "name": slug,
        "status": "ACTIVE",
        "version": version,
        "created_at": 1_700_000_000_000,
        "updated_at": 1_700_000_000_000,
        "verify_jwt": verify_jwt,
        "import_map": bool(bundle.metadata.get("import_map_path")),
        "entrypoint_path": f"file:///{bundle.metadata.get('entrypoint_path')}",
        "ezbr_sha256": _digest(bundle),
    }


def _handler(project: Project) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, answer = project.answer(self.command, self.path, headers, body)
            except Refused as refused:
                status, answer = refused.status, {"message": refused.message}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None:
            """A request's path is in `calls`; nothing else of it is anybody's business."""

    return Handler


@dataclass(frozen=True)
class Api:
    """The API as it runs. `environment` is what points the Supabase CLI at it."""

    project: Project
    port: int
    profile: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SUPABASE_PROFILE": str(self.profile),
            "SUPABASE_ACCESS_TOKEN": self.project.token,
        }


@contextmanager
def running_api(project: Project, directory: Path, port: int = 0) -> Iterator[Api]:
    """Serves `project` on 127.0.0.1; the CLI's profile is written to `directory`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(project))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    profile = directory / "profile.yaml"
    profile.write_text(f"name: stand-in\napi_url: {url}\ndashboard_url: {url}\nproject_host: 127.0.0.1\n")
    try:
        yield Api(project, server.server_port, profile)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
