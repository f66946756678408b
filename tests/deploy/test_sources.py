"""Which files a function is made of, and that their digest says when it changed, and only then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from supacron.deploy.sources import read_sources
from supacron.errors import InvalidInput
from supacron.model.functions import DeployedFunction, Deployment

FILES = {
    "_shared/deep/words.ts": "export const word = 'hello';\n",
    "_testing/project.ts": "export const help = 1;\n",
    "deno.json": "{}\n",
    "import_map.json": "{}\n",
    "config.toml": "[functions.a]\n",
    "a/index.ts": "Deno.serve(() => new Response('a'));\n",
    "a/deno.json": "{}\n",
    "a/page.html": "<p>\n",
    "a/index_test.ts": "// a test\n",
    "a/deep/more.test.tsx": "// a test\n",
    "a/node_modules/x/index.js": "\n",
    "a/.env": "KEY=canary\n",
    "b/index.ts": "Deno.serve(() => new Response('b'));\n",
    "c/index.ts": "Deno.serve(() => new Response('c'));\n",
}
OF_A = {"_shared/deep/words.ts", "deno.json", "import_map.json", "a/index.ts", "a/deno.json", "a/page.html"}


def deployment(*slugs: str, directory: str = "functions") -> Deployment:
    functions = {slug: DeployedFunction(verify_jwt=True) for slug in slugs}
    ref = "abcdefghijklmnopqrst"
    return Deployment(stack="dev", project_ref=ref, directory=directory, functions=functions, secrets={}, variables={})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, content in FILES.items():
        file = tmp_path / "functions" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


def test_the_files_of_what_is_deployed(root: Path) -> None:
    assert set(read_sources(root, deployment("a")).files) == OF_A
    assert set(read_sources(root, deployment("a", "b")).files) == OF_A | {"b/index.ts"}


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_digest_changes_with_its_own_files_alone(root: Path, path: str) -> None:
    before = read_sources(root, deployment("a", "b")).digests
    (root / "functions" / path).write_text(FILES[path] + "\n")
    after = read_sources(root, deployment("a", "b")).digests
    shared = path in OF_A and not path.startswith("a/")
    assert (before["a"] != after["a"]) == (path in OF_A)
    assert (before["b"] != after["b"]) == (shared or path == "b/index.ts")


def test_a_digest_is_of_names_and_contents(root: Path) -> None:
    before = read_sources(root, deployment("a")).digests
    shutil.copytree(root / "functions", root / "else" / "where")
    assert read_sources(root, deployment("a", directory="else/where")).digests == before
    (root / "functions" / "a" / "page.html").rename(root / "functions" / "a" / "other.html")
    assert read_sources(root, deployment("a")).digests != before


def test_what_is_not_there(root: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_sources(root, deployment("a", "d", "_shared"))
    assert [problem.path for problem in caught.value.problems] == ["functions.deploy.d", "functions.deploy._shared"]
    assert "functions/d/index.ts is not there" in str(caught.value)
    assert "Functions here: a, b, c." in str(caught.value)
    with pytest.raises(InvalidInput, match="nowhere is not there"):
        read_sources(root, deployment("a", directory="nowhere"))
    with pytest.raises(InvalidInput, match=r"deno\.json cannot be read: Not a directory"):
        read_sources(root, deployment("a", directory="functions/deno.json"))
