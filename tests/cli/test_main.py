from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from supacron import __version__
from supacron.cli import COMMANDS
from supacron.errors import ExitCode
from tests.cli.conftest import CommandLine
from tests.support.database import Database
from tests.support.deployed import Project
from tests.support.receiver import Answer, Receiver

VISIBLE = [name for name, entry in COMMANDS.items() if not entry.hidden]
HEAVY = ("psycopg", "pydantic", "rich", "jinja2", "pulumi", "cron_descriptor", "yaml", "tenacity", "detect_secrets")


def test_help_lists_every_command_in_order(supacron: CommandLine) -> None:
    result = supacron("--help")
    listed = [line.split()[0] for line in result.out.partition("Commands:")[2].splitlines() if line.strip()]
    assert (result.code, listed) == (0, VISIBLE)
    assert "apply" not in VISIBLE


@pytest.mark.parametrize("name", VISIBLE)
def test_each_command_explains_itself(supacron: CommandLine, name: str) -> None:
    result = supacron(name, "--help")
    assert result.code == 0
    assert result.out.startswith(f"Usage: supacron {name}")


@pytest.mark.parametrize("arguments", [("--help",), *((name, "--help") for name in VISIBLE)])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom supacron.cli import main\n"
        f"sys.argv = ['supacron', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        f"print('LOADED', *sorted({{name.partition('.')[0] for name in sys.modules}} & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_the_version(supacron: CommandLine) -> None:
    assert __version__ in supacron("--version").out


def test_an_unknown_command_is_a_usage_error(supacron: CommandLine) -> None:
    result = supacron("staus")
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert "No such command 'staus'" in result.err


def test_without_a_stack_the_error_lists_them(here: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPACRON_STACK")
    result = here("next")
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert result.err == "error: which stack?\n    Say --stack with one of: dev (or set SUPACRON_STACK).\n"


def test_a_known_error_is_its_text_and_its_exit_code(here: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPACRON_DATABASE_URL", "mysql://postgres:hidden@127.0.0.1/postgres")
    result = here("status", "--json")
    assert (result.code, result.out) == (ExitCode.UNREACHABLE, "")
    assert "error: the database URL is not of the form" in result.err
    assert "hidden" not in result.err


def test_no_color_means_none_on_a_terminal_too(supacron: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in supacron("next").err


def test_the_module_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "supacron", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"supacron, version {__version__}\n"


def test_a_reader_that_goes_away_ends_it_quietly(written: Project) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "supacron", "render", "--stack", "dev"],
        cwd=written.root,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_control_c_ends_it_quietly(project: Project, database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(delay=60)
    with subprocess.Popen(
        [sys.executable, "-m", "supacron", "trigger", "good", "--stack", "dev", "--wait"],
        cwd=project.root,
        env=os.environ | {"SUPACRON_DATABASE_URL": database.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        receiver.wait_for(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err.splitlines()[-1]) == (ExitCode.INTERRUPTED, "", "interrupted")
