"""The scripts that the workflows run, in a repository with two commits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CONFIG = "config:\n  supacron:projectRef: {0}\n  supacron:projectUrl: https://{0}.example.com\n"
BEFORE = "jobs:\n  nightly: {schedule: '15 3 * * *', sql: select 1}\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """dev and prod; since the first commit dev has another schedule."""
    root = tmp_path / "a clone"
    shutil.copytree(ROOT / "tools", root / "tools")
    (root / ".venv").symlink_to(sys.prefix)
    (root / ".gitignore").write_text(".venv\n")
    (root / "promotion.yaml").write_text("order: [dev, staging, prod]\n")
    (root / "stacks").mkdir()
    for name in ("dev", "prod", "local"):
        (root / "stacks" / f"{name}.yaml").write_text(BEFORE)
        (root / "stacks" / f"Pulumi.{name}.yaml").write_text(CONFIG.format(name))
    git(root, "init", "-q")
    commit(root)
    (root / "stacks" / "prod.yaml").write_text(BEFORE.replace("15 3", "45 3").replace("select 1", "select '```'"))
    commit(root)
    return root


def git(root: Path, *arguments: str) -> None:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *arguments]
    subprocess.run(command, cwd=root, env={**os.environ, **own}, check=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "a change")


def run(root: Path, script: str, *arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [str(root / "tools" / "ci" / script), *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_diff_of_the_sql(clone: Path) -> None:
    text = run(clone, "render-diff", "HEAD~1")
    assert text.startswith("## Rendered SQL\n\n### prod\n\n```diff\n--- prod before\n+++ prod after\n")
    assert "45 3 * * *" in text
    assert text.count("```") == 2
    assert (
        subprocess.run(["git", "worktree", "list"], cwd=clone, capture_output=True, check=True).stdout.count(b"\n") == 1
    )


def test_which_stacks_are_deployed(clone: Path) -> None:
    assert run(clone, "changed-stacks", "HEAD~1") == '["dev","prod"]\n'
    assert run(clone, "changed-stacks", "HEAD") == '["dev"]\n'
    assert run(clone, "changed-stacks", "0" * 40) == '["dev","staging","prod"]\n'


def test_a_promotion_as_a_pull_request(clone: Path, tmp_path: Path) -> None:
    """`gh` is a stand-in that keeps what it was given."""
    origin, programs = tmp_path / "origin", tmp_path / "programs"
    git(clone, "init", "-q", "--bare", str(origin))
    git(clone, "remote", "add", "origin", str(origin))
    programs.mkdir()
    gh = programs / "gh"
    gh.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >"{tmp_path}/arguments"\nfor last; do :; done\ncp "$last" "{tmp_path}/body"\n'
    )
    gh.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    (clone / "stacks" / "prod.yaml").write_text(BEFORE)
    (clone / "stacks" / "prod.promotion.json").write_text('{"release": 12}\n')
    run(clone, "promotion-pr", "staging", "prod", PATH=path)
    assert (tmp_path / "arguments").read_text().splitlines()[:6] == [
        "pr",
        "create",
        "--title",
        "Promote release 12 of staging to prod",
        "--head",
        "promote/prod-12",
    ]
    assert '{"release": 12}' in (tmp_path / "body").read_text()
    shown = subprocess.run(
        ["git", "show", "--stat", "--format=%an %s", "promote/prod-12"],
        cwd=origin,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Promote release 12 of staging to prod" in shown
    assert "2 files changed" in shown
    assert "has what is live in staging already" in run(clone, "promotion-pr", "staging", "prod", PATH=path)


def test_every_stack_is_reported_on(clone: Path, tmp_path: Path) -> None:
    """One whose database cannot be read makes the report fail, and ends none of it."""
    pulumi = tmp_path / "programs" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text('#!/bin/sh\necho "a preview of $3"\n')
    pulumi.chmod(0o755)
    done = subprocess.run(
        [str(clone / "tools" / "ci" / "preview-report"), "dev", "prod"],
        env={
            **os.environ,
            "PATH": f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}",
            "SUPACRON_DATABASE_URL": "https://u:canary@example.com",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    report = done.stdout
    assert [line for line in report.splitlines() if line.startswith("## ")] == ["## dev", "## prod"]
    assert report.count("the database URL is not of the form") == 2
    assert "<details><summary>pulumi preview: ok</summary>\n\n```text\na preview of prod\n```\n</details>" in report
    assert "canary" not in report
