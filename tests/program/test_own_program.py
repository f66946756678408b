"""supacron as a package in a user's own Pulumi program: the wheel, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
import yaml

from supacron.schedule.spread import spread
from tests.program.project import CONFIG, JOB
from tests.support.database import Database
from tests.support.engine import ROOT, Engine

pytestmark = pytest.mark.slow

PROGRAM = f"""\
import pulumi
import supacron

SCHEDULE = pulumi.Config("shop").require("schedule")
JOB = {{"schedule": SCHEDULE, "function": "batch-processor", "body": {{"shops": [1, 2]}}}}
stack = supacron.Stack(definition={{"jobs": {{"{JOB}": JOB}}}})
pulumi.export("schedules", stack.schedules)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment's folder: supacron from its wheel, everything else from where the tests run."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    environment = {**os.environ, "PYTHONPATH": "", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, env=environment)
    (wheel,) = folder.glob("supacron-*.whl")
    made = folder / ".venv"
    venv.create(made, with_pip=False)
    python = made / "bin" / "python"
    install = [
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
        str(wheel),
    ]
    subprocess.run(install, check=True, env=environment)
    # A path from a .pth file brings packages, but not their own .pth files: no editable supacron of this repository.
    (site,) = made.glob("lib/python3*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    return made


def test_the_wheel_brings_the_tool_and_its_templates(installed: Path) -> None:
    def said(program: str, *arguments: str) -> str:
        command = [str(installed / "bin" / program), *arguments]
        environment = {**os.environ, "PYTHONPATH": ""}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=installed)
        return done.stdout

    assert "Supabase schedules as code" in said("supacron", "--help")
    directory, migrations = said(
        "python",
        "-c",
        "from supacron import Stack; from supacron.render import templates;"
        " print(templates.directory(), len(templates.names('runtime/migrations/*.sql')))",
    ).split()
    assert Path(directory).is_relative_to(installed)
    assert int(migrations) >= 1


def test_a_program_of_its_own(installed: Path, tmp_path: Path, database: Database) -> None:
    home, project = tmp_path / "home", tmp_path / "shop"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (project / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": {**CONFIG, "shop:schedule": "H/30 * * * *"}}))
    (project / "__main__.py").write_text(PROGRAM)
    _use_stand_in_without_its_path(home)
    path = [
        str(installed / "bin"),
        str(home / "bin"),
        *(folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "supacron").exists()),
        str(ROOT / ".tools" / "bin"),
    ]
    environment = {"PATH": os.pathsep.join(path), "PYTHONPATH": "", "SUPACRON_DATABASE_URL": database.url}
    engine = Engine(home, project, environment)
    engine.ok("stack", "init", "prod")
    shown = engine.ok("preview", "--stack", "prod", "--diff")
    assert f"urn:pulumi:prod::shop::supacron:index:Stack$supacron:index:CronJob::{JOB}" in shown
    engine.ok("up", "--stack", "prod", "--yes", "--skip-preview")
    with database.connect() as connection:
        rows = connection.execute("select name, schedule, body from supacron.job where stack = 'prod'").fetchall()
    # Drawn from the name that Pulumi itself has for the project.
    assert rows == [(JOB, spread("H/30 * * * *", "shop", JOB), {"shops": [1, 2]})]
    engine.ok("preview", "--stack", "prod", "--expect-no-changes")

    engine.ok("config", "set", "shop:schedule", "@yearly", "--stack", "prod")
    status, shown = engine.run("preview", "--stack", "prod")
    assert status != 0
    assert f"jobs.{JOB}.schedule: pg_cron accepts '@yearly' and never fires it." in shown

    (project / "__main__.py").write_text(
        PROGRAM.replace("stack = ", "supacron.Stack('other', definition={'jobs': {}})\nstack = ")
    )
    status, shown = engine.run("preview", "--stack", "prod")
    assert status != 0
    assert "this program declares a second supacron.Stack" in shown


def _use_stand_in_without_its_path(home: Path) -> None:
    """The plugin's PYTHONPATH would be its commands', too, and show them the supacron of this repository."""
    script = home / "bin" / "pulumi-resource-command"
    script.parent.mkdir(parents=True)
    start = f'import runpy, sys; sys.path.insert(0, "{ROOT}"); '
    start += 'runpy.run_module("local.pulumi_command", run_name="__main__")'
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{start}' \"$@\"\n")
    script.chmod(0o755)
