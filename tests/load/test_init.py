from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import InvalidInput, Refused
from supacron.load.files import load_stack
from supacron.load.init import write_environment


def test_a_new_environment_is_valid_and_starts_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "stacks"

    paths = write_environment(directory, "qa", "abcdefghijklmnopqrst")

    assert paths == (directory / "qa.yaml", directory / "Pulumi.qa.yaml")
    loaded = load_stack(directory, "qa")
    assert loaded.warnings == ()
    assert loaded.environment.project_url == "https://abcdefghijklmnopqrst.supabase.co"
    assert not any(job.enabled for job in loaded.desired.jobs.values())
    assert paths[0].read_text().startswith("# yaml-language-server: $schema=../docs/stack.schema.json\n")


def test_its_comments_are_an_example_that_works(tmp_path: Path) -> None:
    path, _ = write_environment(tmp_path, "qa", "1234", "http://127.0.0.1:54321")
    text = path.read_text()
    head, _, rest = text.partition("# secrets:\n")
    example = "secrets:\n" + rest.replace("\n#   ", "\n  ").replace("#   hello_key", "  hello_key").replace(
        "# auth", "auth"
    )
    path.write_text(head + example)

    loaded = load_stack(tmp_path, "qa")

    assert loaded.environment.project_ref == "1234"
    assert loaded.desired.secrets["hello_key"].env == "HELLO_KEY"
    call = loaded.desired.jobs["hello"].call
    assert call is not None
    assert [auth.secret for auth in call.auth] == ["hello_key"]


@pytest.mark.parametrize("existing", ["qa.yaml", "Pulumi.qa.yaml"])
def test_nothing_is_overwritten(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("mine")

    with pytest.raises(Refused, match="is there already"):
        write_environment(tmp_path, "qa", "abcdefghijklmnopqrst")

    assert [path.name for path in tmp_path.iterdir()] == [existing]
    assert (tmp_path / existing).read_text() == "mine"


@pytest.mark.parametrize(
    ("ref", "url"),
    [
        ("Not A Ref", None),
        ("ref", "ftp://example.com"),
        ("abcdefghijklmnopqrst", "https://qrstqrstqrstqrstqrst.supabase.co"),
        ("a' b", None),
        ("ref", "https://example.com\n"),
    ],
)
def test_what_cannot_be_a_project_is_not_written(tmp_path: Path, ref: str, url: str | None) -> None:
    with pytest.raises(InvalidInput):
        write_environment(tmp_path / "stacks", "qa", ref, url)

    assert not (tmp_path / "stacks").exists()
