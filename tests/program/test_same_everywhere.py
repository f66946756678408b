"""The Command's inputs are the same on every machine, and it finds its tool wherever Pulumi is started."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.program.project import JOB, Project
from tests.support.engine import BUILT, ROOT

pytestmark = pytest.mark.slow


def test_another_folder_home_and_user_change_nothing(project: Project, tmp_path: Path) -> None:
    project.up()
    colleague = project.copy(tmp_path / "elsewhere" / "home", tmp_path / "elsewhere" / "my clone")
    colleague.environment |= {"HOME": str(tmp_path), "USER": "somebody", "LOGNAME": "somebody", "TZ": "Asia/Tokyo"}
    colleague.environment |= {"LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    (colleague.folder / "a" / "b").mkdir(parents=True)
    colleague.unchanged()
    colleague.up("--expect-no-changes")

    # The bytes, not only what Pulumi holds for equal: a state of its own on the same database.
    fresh = project.copy(tmp_path / "fresh" / "home", tmp_path / "fresh" / "project")
    shutil.rmtree(fresh.home / "state")
    fresh.engine.ok("stack", "init", "test")
    fresh.environment = dict(colleague.environment)
    assert "test: nothing to change" in fresh.up()
    assert json.dumps(fresh.command()["inputs"]) == json.dumps(project.command()["inputs"])

    # What is ours in the state. (Pulumi's SDK itself records where in a program a resource was declared.)
    state = json.dumps([{key: entry.get(key) for key in ("inputs", "outputs")} for entry in project.state()])
    for trace in (str(tmp_path), str(ROOT), os.environ["HOME"], "site-packages"):
        assert trace not in state


def test_an_environment_that_is_not_activated(project: Project, tmp_path: Path) -> None:
    """From a subfolder, and with -C from elsewhere. (An old language host takes the first python on PATH.)"""
    venv = Path(sys.executable).parents[1]
    (project.folder / ".venv").symlink_to(venv)
    only_python = tmp_path / "only-python"
    only_python.mkdir()
    for name in ("python", "python3"):
        script = only_python / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        script.chmod(0o755)
    plain = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "supacron").exists()]
    path = os.pathsep.join([str(only_python), str(project.home / "bin"), *plain, str(BUILT)])
    assert shutil.which("supacron", path=path) is None
    project.environment["PATH"] = path

    below = Project(project.home, project.folder / "stacks", project.database, project.environment)
    below.up()
    assert set(project.cron_jobs()) == {JOB}
    outside = Project(project.home, tmp_path, project.database, project.environment)
    outside.up("-C", str(project.folder), "--expect-no-changes")
    (project.folder / ".venv").unlink()
    assert "supacron: not found" in outside.fails("destroy", "-C", str(project.folder), "--yes", "--skip-preview")
    (project.folder / ".venv").symlink_to(venv)
    outside.destroy("-C", str(project.folder))
    assert project.cron_jobs() == {}
