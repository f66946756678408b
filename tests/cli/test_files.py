"""The commands that need no database: init, validate, render, next, completion."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from supacron.errors import ExitCode
from tests.cli.conftest import CommandLine
from tests.support.deployed import Project


def test_init_writes_two_files_that_are_valid(here: CommandLine, written: Project) -> None:
    result = here("init", "qa", "--project-ref", "abcdefghijklmnopqrst")
    assert result.code == 0
    assert "wrote stacks/Pulumi.qa.yaml" in result.out
    assert "pulumi up --stack qa" in result.out
    assert (written.stacks / "qa.yaml").is_file()
    assert here("validate", "--stack", "qa").code == 0


def test_init_overwrites_nothing(here: CommandLine) -> None:
    result = here("init", "dev", "--project-ref", "abcdefghijklmnopqrst")
    assert result.code == ExitCode.REFUSED
    assert "is there already" in result.err


def test_init_in_an_empty_folder_makes_stacks(
    supacron: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = supacron("init", "qa", "--project-ref", "local", "--project-url", "http://127.0.0.1:54321", "--json")
    assert result.data["files"] == ["stacks/qa.yaml", "stacks/Pulumi.qa.yaml"]
    assert "http://127.0.0.1:54321" in (tmp_path / "stacks" / "Pulumi.qa.yaml").read_text()


def test_validate_says_that_all_is_well(here: CommandLine) -> None:
    result = here("validate")
    assert (result.code, result.out, result.err) == (0, "dev  4 jobs, no mistake\n", "")


def test_validate_shows_every_mistake_with_its_place(here: CommandLine, written: Project) -> None:
    (written.stacks / "dev.yaml").write_text("jobs:\n  a: {schedule: '* *', sql: x}\n  b: {shedule: '* * * * *'}\n")
    result = here("validate")
    assert result.code == ExitCode.INVALID
    assert "stacks/dev.yaml:2:" in result.out
    assert "stacks/dev.yaml:3:" in result.out
    data = here("validate", "--json").data
    assert (data["valid"], data["stacks"][0]["jobs"]) == (False, None)
    assert {mistake["line"] for mistake in data["stacks"][0]["mistakes"]} == {2, 3}
    assert all(mistake["remedy"] for mistake in data["stacks"][0]["mistakes"])


def test_validate_looks_at_every_stack_unless_one_is_named(
    here: CommandLine, written: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUPACRON_STACK")
    (written.stacks / "prod.yaml").write_text("version: 1\n")
    result = here("validate")
    assert result.code == ExitCode.INVALID
    assert "dev  4 jobs, no mistake" in result.out
    assert "prod  1 mistake" in result.out
    assert "Pulumi.prod.yaml is not there" in result.out
    assert here("validate", "--stack", "dev").code == 0


def test_validate_shows_warnings_and_is_content(here: CommandLine, written: Project) -> None:
    written.write(url="http://example.com")
    result = here("validate")
    assert result.code == 0
    assert ": warning: " in result.out
    assert here("validate", "--json").data["stacks"][0]["warnings"]


def test_render_prints_sql_and_nothing_else(here: CommandLine) -> None:
    result = here("render")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("-- stack dev, project local, all; supacron ")
    assert "select supacron.call(''good'')" in result.out


@pytest.mark.parametrize("part", ["runtime", "jobs"])
def test_render_prints_a_part(here: CommandLine, part: str) -> None:
    data = here("render", "--only", part, "--json").data
    assert (data["stack"], data["part"]) == ("dev", part)
    assert ("create table supacron.run" in data["sql"]) == (part == "runtime")


def test_next_shows_times_in_words_and_utc(here: CommandLine) -> None:
    lines = here("next", "-n", "2").out.splitlines()
    assert lines[0] == "good  */30 * * * *  Every 30 minutes"
    assert lines[1].endswith(("00 UTC", "30 UTC"))
    assert lines[3] == "idle  0 9 * * 1  At 09:00 UTC, only on Monday  disabled"
    assert lines[4].startswith("nightly")


def test_next_of_one_job(here: CommandLine) -> None:
    data = here("next", "nightly", "--count", "4", "--json").data
    (job,) = data["jobs"]
    assert [moment[10:] for moment in job["next_runs"]] == ["T03:15:00Z"] * 4


def test_next_shows_both_times_of_a_job_in_a_zone(here: CommandLine, written: Project) -> None:
    written.write("jobs: {bill: {schedule: 0 3 1 * *, timezone: Asia/Tokyo, sql: select 1}}\n")
    lines = here("next", "-n", "1").out.splitlines()
    assert lines[0] == "bill  0 3 1 * *  At 03:00 Asia/Tokyo (18:00 UTC), on day 1 of the month"
    assert "18:00 UTC  (" in lines[1]
    assert lines[1].endswith("-01 03:00 Asia/Tokyo)")


def test_next_says_what_is_an_estimate(here: CommandLine, written: Project) -> None:
    written.write("jobs: {ticks: {schedule: 30 seconds, sql: select 1}}\n")
    assert "estimates" in here("next").out


def test_next_shows_what_h_stands_for_and_who_meets(here: CommandLine, written: Project) -> None:
    written.write(
        "jobs:\n  drawn: {schedule: H * * * *, sql: select 1}\n"
        "  a: {schedule: 0 3 * * *, sql: select 1}\n  b: {schedule: 0 3 * * 1, sql: select 1}\n"
    )
    (written.stacks.parent / "Pulumi.yaml").write_text("name: one\nruntime: python\n")
    one = here("next", "drawn").out
    assert one.startswith("drawn  17 * * * *  At 17 minutes past the hour  (from H * * * *)\n")
    assert "together" not in one
    assert here("next").out.splitlines()[-2:] == [
        "together  2 jobs start at 03:00 UTC: a, b",
        "  An `H` in place of the minute, as in `H * * * *`, gives each job one of its own (docs/schedules.md).",
    ]
    data = here("next", "--json").data
    assert data["collisions"] == [{"at": "03:00", "minutes": 1, "jobs": 2, "names": ["a", "b"]}]
    assert [job["spread_from"] for job in data["jobs"]] == [None, None, "H * * * *"]
    # What counts is the project's name, not the folder.
    (written.stacks.parent / "Pulumi.yaml").write_text("name: two\nruntime: python\n")
    assert here("next", "drawn").out.startswith("drawn  20 * * * *")


def test_next_lists_times_within_the_window_alone(here: CommandLine, written: Project) -> None:
    written.write(
        "jobs:\n  bounded: {schedule: 0 0 * * *, from: '2999-12-24', until: '2999-12-26', sql: select 1}\n"
        "  ended: {schedule: 0 0 * * *, until: '2020-01-01', sql: select 1}\n"
        "  once: {at: '2999-12-24T01:30:00+01:00', sql: select 1}\n"
        "  over: {at: '2020-01-01', sql: select 1}\n"
    )
    assert here("next").out.splitlines()[:7] == [
        "bounded  0 0 * * *  At 00:00 UTC  from 2999-12-24 00:00 UTC",
        "  2999-12-24 00:00 UTC",
        "  2999-12-25 00:00 UTC",
        "ended  0 0 * * *  At 00:00 UTC  ended 2020-01-01 00:00 UTC",
        "once  30 0 24 12 *  Once, 2999-12-24 00:30 UTC",
        "  2999-12-24 00:30 UTC",
        "over  0 0 1 1 *  Once, 2020-01-01 00:00 UTC  ended",
    ]


def test_next_of_no_job_is_an_error(here: CommandLine) -> None:
    result = here("next", "godo")
    assert result.code == ExitCode.FAILED
    assert "Did you mean `good`?" in result.err


def test_another_folder_can_be_named(supacron: CommandLine, written: Project) -> None:
    assert supacron("next", "-s", "dev", "--directory", str(written.stacks)).code == 0


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_prints_a_script(supacron: CommandLine, shell: str) -> None:
    result = supacron("completion", shell)
    assert result.code == 0
    assert f"_SUPACRON_COMPLETE={shell}_complete" in result.out


def test_bash_completes_commands_and_stacks(written: Project, tmp_path: Path) -> None:
    """With bash itself: it loads the script and asks it."""
    script = tmp_path / "complete.bash"
    ask = (
        f"source {script}; COMP_WORDS=(supacron $1 $2 $3); COMP_CWORD=$(($# < 3 ? 1 : 3));"
        " _supacron_completion supacron; echo ${COMPREPLY[@]}"
    )
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    wrapper = bin_folder / "supacron"
    wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} -m supacron "$@"\n')
    wrapper.chmod(0o755)
    bash = shutil.which("bash")
    assert bash
    environment = os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}"}

    def run(command: list[str]) -> str:
        return subprocess.run(
            command, cwd=written.root, env=environment, capture_output=True, text=True, check=True
        ).stdout

    script.write_text(run([str(wrapper), "completion", "bash"]))
    assert run([bash, "-c", ask, "bash", "stat"]).split() == ["status"]
    assert run([bash, "-c", ask, "bash", "status", "--stack", "d"]).split() == ["dev"]
