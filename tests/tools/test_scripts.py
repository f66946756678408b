"""The shell scripts of tools/, each run in a copy of its own, with programs on PATH that stand for the machine's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Copy:
    """A repository with tools/ and a .venv only; `machine` is what its scripts find on PATH beside the system's."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "a clone"
        self.machine = directory / "machine"
        self.home = directory / "home"
        self.machine.mkdir(parents=True)
        self.home.mkdir()
        shutil.copytree(ROOT / "tools", self.root / "tools")
        (self.root / ".venv").symlink_to(sys.prefix)

    @property
    def built(self) -> Path:
        return self.root / ".tools" / "bin"

    def program(self, name: str, script: str, *, built: bool = False) -> None:
        path = (self.built if built else self.machine) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run(self, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(self.machine), "/usr/bin", "/bin", str(self.built)])
        environment = {"HOME": str(self.home), "PATH": path, **variables}
        command = [str(self.root / "tools" / script), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=300)

    def shell(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A script that has sourced lib.sh."""
        path = f"{self.machine}:/usr/bin:/bin:{self.built}"
        return subprocess.run(
            ["bash", "-euc", f". '{self.root}/tools/lib.sh'\n{script}"],
            capture_output=True,
            text=True,
            env={"HOME": str(self.home), "PATH": path, **variables},
            check=False,
            timeout=300,
        )


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_only_the_local_stack_gets_the_local_settings(copy: Copy) -> None:
    (copy.root / ".local").mkdir()
    (copy.root / ".local" / "env").write_text("BATCH_PROCESSOR_KEY=generated\n")
    show = 'echo "$PULUMI_BACKEND_URL|$PULUMI_CONFIG_PASSPHRASE|$SUPACRON_DATABASE_URL|$BATCH_PROCESSOR_KEY"'
    local = copy.run("with-env", "local", "sh", "-c", show, PULUMI_CONFIG_PASSPHRASE="mine", BATCH_PROCESSOR_KEY="mine")
    url = "postgresql://postgres:postgres@127.0.0.1:54322/postgres"
    assert local.stdout == f"file://{copy.root}/.pulumi-state|local|{url}|generated\n"
    other = copy.run("with-env", "prod", "sh", "-c", show, PULUMI_CONFIG_PASSPHRASE="mine")
    assert other.stdout == "|mine||\n"


def test_a_database_by_url_is_the_one_that_is_used(copy: Copy) -> None:
    (copy.root / ".local").mkdir()
    (copy.root / ".local" / "env").write_text("BATCH_PROCESSOR_KEY=generated\n")
    show = 'echo "$PULUMI_BACKEND_URL|$SUPACRON_DATABASE_URL|$BATCH_PROCESSOR_KEY"'
    for stack in ("local", "prod"):
        given = {"DATABASE_URL": "postgresql://elsewhere", "PULUMI_BACKEND_URL": "s3://theirs"}
        found = copy.run("with-env", stack, "sh", "-c", show, BATCH_PROCESSOR_KEY="mine", **given)
        assert found.stdout == "s3://theirs|postgresql://elsewhere|mine\n"


def test_the_venv_comes_first_and_our_engine_last(copy: Copy) -> None:
    copy.program("pulumi", "echo ours", built=True)
    assert copy.run("with-env", "none", "pulumi").stdout == "ours\n"
    copy.program("pulumi", "echo theirs")
    assert copy.run("with-env", "none", "pulumi").stdout == "theirs\n"
    found = copy.run("with-env", "none", "sh", "-c", "command -v python")
    assert found.stdout == f"{copy.root}/.venv/bin/python\n"


def test_an_engine_on_path_replaces_ours(copy: Copy) -> None:
    copy.program("pulumi", "exit 1")
    for name in ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", ".engine-stamp"):
        copy.program(name, "exit 1", built=True)
    copy.program("pulumi-resource-command", "exit 1", built=True)
    assert copy.run("engine/build").returncode == 0
    assert [path.name for path in copy.built.iterdir()] == ["pulumi-resource-command"]


def test_without_engine_and_go_it_says_what_to_install(copy: Copy) -> None:
    found = copy.run("engine/build")
    assert found.returncode == 1
    assert "there is no pulumi on PATH, and no Go to build it with" in found.stderr
    assert "https://www.pulumi.com/docs/install/" in found.stderr
    assert "Go 1.26" in found.stderr


def test_the_stand_in_serves_only_where_the_real_plugin_is_refused(copy: Copy) -> None:
    tries = copy.home / "tries"
    copy.program("pulumi", f"echo tried >> {tries}; exit 1")
    stand_in = copy.built / "pulumi-resource-command"
    first = copy.run("engine/command-plugin")
    assert "not to be had from here" in first.stdout
    assert stand_in.exists()
    # The refusal is remembered for a day.
    assert copy.run("engine/command-plugin").stdout == ""
    assert tries.read_text() == "tried\n"

    # As `pulumi plugin install resource command VERSION` leaves it.
    plugin = '"$HOME/.pulumi/plugins/resource-command-v$5"'
    copy.program("pulumi", f"mkdir -p {plugin} && cp /bin/true {plugin}/pulumi-resource-command")
    (copy.root / ".tools" / "command-plugin-refused").unlink()
    assert copy.run("engine/command-plugin").stdout.endswith(" done\n")
    assert not stand_in.exists()
    assert copy.run("engine/command-plugin").stdout == ""


def test_the_stand_in_starts_from_a_folder_with_a_blank_in_its_name(copy: Copy) -> None:
    copy.program("pulumi", "exit 1")
    copy.run("engine/command-plugin")
    shutil.copytree(ROOT / "local" / "pulumi_command", copy.root / "local" / "pulumi_command")
    (copy.root / "local" / "__init__.py").touch()
    started = subprocess.run(
        [copy.built / "pulumi-resource-command"], capture_output=True, text=True, check=False, cwd="/"
    )
    assert "the Pulumi engine starts it" in started.stderr


def test_a_real_plugin_on_path_is_left_to_serve(copy: Copy) -> None:
    copy.program("pulumi", "exit 1")
    copy.program("pulumi-resource-command", "exit 0")
    copy.program("pulumi-resource-command", "exit 0", built=True)
    assert copy.run("engine/command-plugin").stdout == ""
    assert not (copy.built / "pulumi-resource-command").exists()


def test_a_step_shows_its_time_and_keeps_its_output(copy: Copy) -> None:
    found = copy.shell('step quiet "Doing it" sh -c "echo out; echo err >&2; cat"')
    assert re.fullmatch(r"Doing it \.\.\. [0-9]+ s\n", found.stdout)
    assert found.stderr == ""
    assert (copy.root / ".tools" / "log" / "quiet.log").read_text() == "out\nerr\n"


def test_a_failing_step_shows_the_end_of_its_log_and_stops(copy: Copy) -> None:
    found = copy.shell('step bad "Doing it" sh -c "seq 100; exit 3"; echo not reached')
    assert found.returncode == 1
    assert "not reached" not in found.stdout
    assert found.stderr.splitlines()[0] == "71"
    assert "failed with status 3" in found.stderr
    assert ".tools/log/bad.log" in found.stderr
