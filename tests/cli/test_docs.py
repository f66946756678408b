"""docs/command-line.md says what the command line does; the commands of a longer task have a page of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supacron.cli import COMMANDS, queue
from supacron.errors import ExitCode
from supacron.operate import checks
from tests.cli.conftest import CommandLine

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "command-line.md").read_text(encoding="utf-8")


def page_of(command: str) -> str:
    """The page with a heading for the command."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))]
    found = [page for page in pages if re.search(rf"^##+ .*\b{command}\b", page, re.MULTILINE)]
    assert found, f"no page of docs/ has a heading for `{command}`"
    return "\n".join([TEXT, *found])


def test_the_help_is_shown_as_it_is(supacron: CommandLine) -> None:
    shown = TEXT.partition("$ supacron --help\n")[2].partition("```")[0].splitlines()
    assert len(shown) > 15
    assert set(shown) <= set(supacron("--help").out.splitlines())


@pytest.mark.parametrize("name", [name for name, entry in COMMANDS.items() if not entry.hidden])
def test_every_command_and_option_is_there(supacron: CommandLine, name: str) -> None:
    page = page_of(name)
    options = set(re.findall(r"--[a-z-]+", supacron(name, "--help").out)) - {"--help"}
    assert {option for option in options if option not in page} == set()


@pytest.mark.parametrize("name", sorted(queue.command.commands))
def test_every_command_of_the_queue_and_its_options_are_there(supacron: CommandLine, name: str) -> None:
    page = (DOCS / "queue.md").read_text(encoding="utf-8")
    assert f"supacron queue {name}" in page
    options = set(re.findall(r"--[a-z-]+", supacron("queue", name, "--help").out)) - {"--help"}
    assert {option for option in options if option not in page + TEXT} == set()


def test_every_exit_code_is_there() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    assert documented == set(ExitCode)


def test_every_check_of_doctor_is_there() -> None:
    source = Path(checks.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'(?:ok|warning|failure|report)\(\s*"([^"]+)"', source)) - {"drift", "changes", "history"}
    assert {name for name in names if f"`{name}`" not in TEXT} == set()
    assert len(names) > 8
