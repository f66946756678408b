"""The functions behind the gateway, on a database with the queue in it."""

from __future__ import annotations

import dataclasses
import http.client
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from local import environment
from local.ports import free_port
from local.services import REPOSITORY, Place, Service, gateway
from tests.queue.queue import Queue, fresh_queue
from tests.support.database import Database, fixture_for

# Handlers that behave as badly as handlers can, beside the ones that are shipped.
REGISTRY = """\
import { handlers as shipped } from "./shipped.ts";
import type { Handlers } from "./handler.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const handlers: Handlers = {
  ...shipped,
  good: { run: () => Promise.resolve() },
  throws: {
    run: () => {
      throw new Error("thrown at once");
    },
  },
  rejects: { run: () => Promise.reject(new Error("rejected")) },
  stray: {
    run: () => {
      Promise.reject(new Error("nobody awaits me"));
      return pause(50);
    },
  },
  deaf: { run: () => new Promise(() => {}), limitSeconds: 0.3 },
  calls: {
    run: async (_, { env, fetch, signal }) => {
      const response = await fetch(env("RECEIVER") + "/calls", { method: "POST", signal });
      await response.body?.cancel();
    },
  },
};
"""


@dataclass(frozen=True)
class Answer:
    status: int
    json: Any


@dataclass(frozen=True)
class Functions:
    """The running gateway. `set` changes what the functions find in their environment."""

    service: Service
    port: int
    env_file: Path

    @property
    def key(self) -> str:
        return environment.read(self.env_file)["BATCH_PROCESSOR_KEY"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/functions/v1"

    def set(self, **variables: str) -> None:
        """These, and none that an earlier test set; a function restarts when they differ."""
        kept = {name: environment.read(self.env_file)[name] for name in environment.GENERATED}
        lines = [f"{name}={value}\n" for name, value in {**kept, **variables}.items()]
        self.env_file.write_text("".join(lines))

    def send(self, method: str, path: str, body: str | None = None, key: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
            connection.request(method, f"/functions/v1/{path}", body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, json.loads(answer.read()))
        finally:
            connection.close()

    def rest(self, method: str, path: str, body: Any = None) -> Any:
        """What the REST API answers to service_role, as supabase-js asks it."""
        key = environment.api_key(environment.read(self.env_file)[environment.JWT_SECRET], "service_role")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"apikey": key, "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            connection.request(method, f"/rest/v1/{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, said
        return said

    def process_batch(self, **body: Any) -> Answer:
        return self.send("POST", "batch-processor", json.dumps(body))

    def process(self) -> psutil.Process:
        """The Deno process of the batch-processor."""
        parent = self.service.process()
        assert parent is not None
        (found,) = [each for each in parent.children() if "/batch-processor/" in " ".join(each.cmdline())]
        return found


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    database: Database = request.getfixturevalue(fixture_for(request.node))
    directory = tmp_path_factory.mktemp("functions")
    functions = directory / "functions"
    shutil.copytree(REPOSITORY / "functions", functions)
    registry = functions / "batch-processor" / "handlers" / "index.ts"
    registry.rename(registry.with_name("shipped.ts"))
    registry.write_text(REGISTRY)
    env_file = directory / ".local" / "env"
    place = Place(database.cluster, free_port())
    made = gateway(place)
    service = dataclasses.replace(
        made,
        directory=directory / "services",
        env={**made.env, "SUPACRON_LOCAL_FUNCTIONS": str(functions), "SUPACRON_LOCAL_ENV_FILE": str(env_file)},
    )
    service.start()
    try:
        yield Functions(service, place.api_port, env_file)
    finally:
        service.stop()


@pytest.fixture
def functions(running: Functions) -> Functions:
    running.set()
    return running


@pytest.fixture
def queue(database: Database) -> Iterator[Queue]:
    with fresh_queue(database) as queue:
        yield queue
