"""A job that calls the project of another environment whose config lies beside its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import InvalidInput
from supacron.load.files import load_stack
from supacron.load.neighbours import read_neighbours

PROD, STAGING = "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba"
URLS = [f"url: https://{PROD}.supabase.co/functions/v1/f", f"url: https://{PROD}.functions.supabase.co/f"]
SQL = [f"sql: select net.http_post('https://{PROD}.supabase.co/x')"]
ALLOW = "allow: [{rule: other-environment, reason: reads prod on purpose}]"


def config(folder: Path, stack: str, ref: str, url: str = "") -> None:
    text = f"config:\n  supacron:projectRef: {ref}\n  supacron:projectUrl: {url or f'https://{ref}.supabase.co'}\n"
    (folder / f"Pulumi.{stack}.yaml").write_text(text)


def folder_of(tmp_path: Path, target: str, extra: str = "") -> Path:
    config(tmp_path, "prod", PROD)
    config(tmp_path, "staging", STAGING)
    more = f"    {extra}\n" if extra else ""
    (tmp_path / "staging.yaml").write_text(f"jobs:\n  a:\n    schedule: '0 3 * * *'\n    {target}\n{more}")
    return tmp_path


@pytest.mark.parametrize("target", [*URLS, *SQL])
def test_it_is_a_mistake_with_its_place(tmp_path: Path, target: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_stack(folder_of(tmp_path, target), "staging")
    (problem,) = caught.value.problems
    assert problem.message == f"calls project {PROD}, which is that of the stack prod"
    assert (problem.place.line if problem.place else 0) == 4
    assert "rule: other-environment" in problem.remedy


@pytest.mark.parametrize("target", [*URLS, *SQL])
def test_it_can_be_allowed_with_a_reason(tmp_path: Path, target: str) -> None:
    (warning,) = load_stack(folder_of(tmp_path, target, ALLOW), "staging").warnings
    assert warning.message.endswith("; allowed: reads prod on purpose")


@pytest.mark.parametrize(
    "target", ["url: https://api.example.com/x", f"url: https://{STAGING}.supabase.co/x", "sql: select 'prod'"]
)
def test_other_targets_are_nobodys(tmp_path: Path, target: str) -> None:
    assert load_stack(folder_of(tmp_path, target), "staging").warnings == ()


def test_stacks_of_one_project_or_one_address_are_no_strangers(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "url: http://127.0.0.1:54321/x")
    config(folder, "staging", "local", "http://127.0.0.1:54321")
    config(folder, "local", "other", "http://127.0.0.1:54321")
    config(folder, "again", "local", "http://127.0.0.1:9")
    assert load_stack(folder, "staging").warnings == ()


def test_files_that_say_no_project_are_left_out(tmp_path: Path) -> None:
    config(tmp_path, "prod", PROD)
    (tmp_path / "Pulumi.broken.yaml").write_text("config: [")
    (tmp_path / "Pulumi.empty.yaml").write_text("config: {}\n")
    (tmp_path / "Pulumi.folder.yaml").mkdir()
    assert [each.stack for each in read_neighbours(tmp_path, "staging")] == ["prod"]
