"""The stand-in for the Management API: what is asked of it, by plain HTTP and by the real Supabase CLI."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.management_api import Api
from tests.support.supabase import REF, TOKEN, cli_environment, management_api

ENTRY = "supabase/functions/hello/index.ts"
SOURCE = "Deno.serve(() => new Response('hello'));\n"


@dataclass(frozen=True)
class Client:
    api: Api

    def send(self, method: str, path: str, body: Any = None, *, token: str = TOKEN, ref: str = REF) -> tuple[int, Any]:
        return self.raw(method, path, json.dumps(body).encode(), "application/json", token, ref)

    def deploy(
        self, files: Mapping[str, str], query: str = "slug=hello", entry: str = ENTRY, **metadata: Any
    ) -> tuple[int, Any]:
        said = {"name": "hello", "entrypoint_path": entry, **metadata}
        parts = [f'Content-Disposition: form-data; name="metadata"\r\n\r\n{json.dumps(said)}']
        for name, content in files.items():
            head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
            parts.append(f"{head}\r\nContent-Type: application/octet-stream\r\n\r\n{content}")
        body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
        return self.raw("POST", f"/functions/deploy?{query}", body.encode(), "multipart/form-data; boundary=edge")

    def raw(
        self, method: str, path: str, body: bytes, kind: str, token: str = TOKEN, ref: str = REF
    ) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.api.port}/v1/projects/{ref}{path}",
            body,
            {"Authorization": f"Bearer {token}", "Content-Type": kind},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the URL is our own
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with management_api(tmp_path) as api:
        yield Client(api)


def test_access_tokens(client: Client) -> None:
    assert client.send("GET", "/functions")[0] == 200
    assert client.send("GET", "/functions", token="sbp_other") == (401, {"message": "Unauthorized"})


def test_another_project(client: Client) -> None:
    assert client.send("GET", "/functions", ref="zyxwvutsrqponmlkjihg")[0] == 404


def test_a_function_is_deployed(client: Client) -> None:
    status, made = client.deploy({ENTRY: SOURCE})
    assert (status, made["slug"], made["version"], made["status"]) == (201, "hello", 1, "ACTIVE")
    assert client.deploy({ENTRY: SOURCE})[1]["version"] == 2
    status, (listed,) = client.send("GET", "/functions")
    assert (listed["slug"], listed["version"]) == ("hello", 2)
    assert client.api.project.functions["hello"].bundle.files == {ENTRY: SOURCE.encode()}


def test_verify_jwt(client: Client) -> None:
    assert client.deploy({ENTRY: SOURCE}, verify_jwt=False)[1]["verify_jwt"] is False
    assert client.deploy({ENTRY: SOURCE})[1]["verify_jwt"] is True


def test_bundles_are_activated_together(client: Client) -> None:
    _, bundle = client.deploy({ENTRY: SOURCE}, "slug=hello&bundleOnly=true", verify_jwt=False)
    assert client.api.project.functions == {}
    assert client.send("PUT", "/functions", [bundle])[0] == 200
    assert client.api.project.functions["hello"].verify_jwt is False
    assert client.send("PUT", "/functions", [{**bundle, "ezbr_sha256": "another"}])[0] == 400


def test_bundles_that_cannot_be_built(client: Client) -> None:
    status, said = client.deploy({"supabase/functions/hello/other.ts": SOURCE})
    assert (status, "entrypoint path does not exist" in said["message"]) == (400, True)
    for source in ("import x from './x.ts'", "export * from '../_shared/x.ts'", "await import('./x.ts')"):
        status, said = client.deploy({ENTRY: source})
        assert (status, "Module not found" in said["message"]) == (400, True)
    other = "supabase/functions/_shared/x.ts"
    assert client.deploy({ENTRY: "import x from '../_shared/x.ts'\nimport 'npm:y'", other: SOURCE})[0] == 201


def test_slugs(client: Client) -> None:
    for slug in ("1st", "a%20b", "a.b"):
        assert client.deploy({ENTRY: SOURCE}, f"slug={slug}")[0] == 400


def test_a_function_is_deleted(client: Client) -> None:
    client.deploy({ENTRY: SOURCE})
    assert client.send("DELETE", "/functions/hello")[0] == 200
    assert client.send("DELETE", "/functions/hello")[0] == 404


def test_secrets(client: Client) -> None:
    assert client.send("POST", "/secrets", [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])[0] == 201
    assert client.send("POST", "/secrets", [{"name": "B", "value": "3"}])[0] == 201
    assert client.send("POST", "/secrets", [{"name": "SUPABASE_URL", "value": "4"}])[0] == 400
    assert client.api.project.secrets == {"A": "1", "B": "3"}


@pytest.mark.slow
def test_the_real_cli(client: Client, tmp_path: Path) -> None:
    """As a person runs it, without any of ours between."""
    entry = tmp_path / ENTRY
    entry.parent.mkdir(parents=True)
    entry.write_text(SOURCE)
    command = ["supabase", "functions", "deploy", "hello", "--use-api", "--no-verify-jwt", "--project-ref", REF]
    environment = {**cli_environment(client.api), "HOME": str(tmp_path)}
    subprocess.run([*command, "--workdir", str(tmp_path)], check=True, env=environment, capture_output=True)
    assert client.api.project.functions["hello"].verify_jwt is False
    assert f"POST /v1/projects/{REF}/functions/deploy?slug=hello" in client.api.project.calls
