"""A project with functions, and a stand-in of the API that they are deployed by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.management_api import Api
from tests.support.command import Ended, supacron
from tests.support.supabase import REF, cli_environment, management_api

DEFINITION: dict[str, Any] = {
    "secrets": {"key": {"env": "E_KEY"}, "other": {"env": "E_OTHER", "vault": False}},
    "functions": {
        "deploy": {"hello": {"verify_jwt": False}, "guarded": {"verify_jwt": True}},
        "secrets": {"HELLO_KEY": "key", "OTHER_KEY": "other"},
        "variables": {"GREETING": "good 'morning'"},
    },
    "jobs": {"hello": {"schedule": "0 1 * * *", "function": "hello", "auth": {"secret": "key"}}},
}
FILES = {
    "_shared/words.ts": "export const word = 'hello';\n",
    "deno.json": "{}\n",
    "hello/deno.json": '{"imports": {"words": "../_shared/words.ts"}}\n',
    "hello/index.ts": 'import { word } from "../_shared/words.ts";\nDeno.serve(() => new Response(word));\n',
    "hello/index_test.ts": "Deno.test('no part of it', () => {});\n",
    "guarded/index.ts": "Deno.serve(() => new Response('in'));\n",
    "unlisted/index.ts": "Deno.serve(() => new Response('out'));\n",
}


@dataclass(frozen=True)
class Folder:
    """A project's folder; `run` calls the command line in it, with the Supabase CLI pointed at `api`."""

    root: Path
    api: Api

    def define(self, definition: Mapping[str, Any] = DEFINITION, ref: str = REF) -> None:
        (self.root / "stacks").mkdir(exist_ok=True)
        (self.root / "Pulumi.yaml").write_text("name: try\nruntime: python\nstackConfigDir: stacks\n")
        (self.root / "stacks" / "dev.yaml").write_text(yaml.safe_dump(dict(definition), sort_keys=False))
        config = {"supacron:projectRef": ref, "supacron:projectUrl": f"https://{ref}.supabase.co"}
        (self.root / "stacks" / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))

    def write(self, path: str, content: str) -> None:
        file = self.root / "functions" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def run(self, *arguments: str, stdin: str = "", **variables: str) -> Ended:
        environment = {**cli_environment(self.api), "SUPACRON_STACK": "dev", **variables}
        return supacron(*arguments, cwd=self.root, env=environment, stdin=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with management_api(tmp_path) as api:
        folder = Folder(tmp_path / "project", api)
        folder.root.mkdir()
        folder.define()
        for path, content in FILES.items():
            folder.write(path, content)
        yield folder
