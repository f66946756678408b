"""Each behaviour that local/pulumi_command lists, seen on a running engine (the number is the list's)."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.engine import Engine, use_command_stand_in

pytestmark = pytest.mark.slow

PROGRAM = """\
import json
from pathlib import Path

import pulumi
from pulumi_command import local

said = json.loads(Path("command.json").read_text())
options = said.pop("options", {})
export = said.pop("export", False)
for name in said.pop("secret", []):
    said[name] = pulumi.Output.secret(said[name])
command = local.Command("it", **said, opts=pulumi.ResourceOptions(**options))
if export:
    pulumi.export("printed", command.stdout)
"""


class Stack:
    """One project with one Command, whose inputs are what `write` was last told."""

    def __init__(self, directory: Path) -> None:
        self.project = directory / "project"
        self.project.mkdir()
        self.trace = directory / "trace"
        self.engine = Engine(directory, self.project, {"TRACE": str(self.trace), "INHERITED": "from the plugin"})
        (self.project / "Pulumi.yaml").write_text("name: commands\nruntime: python\n")
        (self.project / "__main__.py").write_text(PROGRAM)
        self.engine.ok("stack", "init", "test")

    def write(self, **inputs: Any) -> None:
        (self.project / "command.json").write_text(json.dumps(inputs))

    def up(self, **inputs: Any) -> str:
        self.write(**inputs)
        return self.engine.ok("up", "--stack", "test", "--yes", "--skip-preview")

    def command(self) -> dict[str, Any]:
        """The Command's recorded state."""
        (found,) = [entry for entry in self.engine.state("test") if entry["type"] == "command:local:Command"]
        return found

    def traced(self) -> list[str]:
        """What the commands wrote to $TRACE since the last call, by line."""
        lines = self.trace.read_text().splitlines() if self.trace.exists() else []
        self.trace.unlink(missing_ok=True)
        return lines


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    use_command_stand_in(tmp_path)
    return Stack(tmp_path)


def test_a_preview_runs_nothing_and_a_refresh_sees_nothing(stack: Stack) -> None:
    """1 and 8."""
    stack.write(create="echo ran >> $TRACE", export=True)
    assert re.search(r"printed *: (output<string>|\[unknown\])", stack.engine.ok("preview", "--stack", "test"))
    assert stack.traced() == []

    stack.up(create="echo ran >> $TRACE")
    assert stack.traced() == ["ran"]
    stack.engine.ok("refresh", "--stack", "test", "--yes", "--skip-preview", "--expect-no-changes")
    stack.engine.ok("up", "--stack", "test", "--yes", "--skip-preview", "--expect-no-changes")
    stack.write(create="echo again >> $TRACE")
    stack.engine.ok("preview", "--stack", "test")
    assert stack.traced() == []


def test_the_process_that_is_started(stack: Stack, tmp_path: Path) -> None:
    """2, 3, 4 and 9."""
    stack.up(
        create="echo $0; pwd; echo $INHERITED; echo $OWN; cat; echo; echo; printf 'warned\\n\\n' >&2",
        interpreter=["/bin/bash", "-e", "-c"],
        dir=str(tmp_path),
        environment={"OWN": "given", "INHERITED": "overridden"},
        stdin="typed\nin",
    )
    outputs = stack.command()["outputs"]
    assert outputs["stdout"] == f"/bin/bash\n{tmp_path}\noverridden\ngiven\ntyped\nin\n"
    assert outputs["stderr"] == "warned\n"

    # Less one newline each, they are what the next run is given; the shell is /bin/sh, the folder the project's.
    show = 'echo $0; pwd; printf %s "$PULUMI_COMMAND_STDOUT|$PULUMI_COMMAND_STDERR"; cat; echo'
    stack.up(create=show)
    assert stack.command()["outputs"]["stdout"] == f"/bin/sh\n{stack.project}\n{outputs['stdout']}|warned\n"

    stack.up(create=show, add_previous_output_in_env=False)
    assert stack.command()["outputs"]["stdout"] == f"/bin/sh\n{stack.project}\n|"


def test_any_changed_input_runs_the_update(stack: Stack) -> None:
    """5."""
    inputs: dict[str, Any] = {"create": "echo create >> $TRACE"}
    stack.up(**inputs)
    for change in ({"delete": "true"}, {"logging": "none"}, {"stdin": "x"}, {"environment": {"A": "1"}}):
        inputs |= change
        stack.up(**inputs)
    assert stack.traced() == ["create"] * 5
    inputs["update"] = "echo update >> $TRACE"
    stack.up(**inputs)
    assert stack.traced() == ["update"]

    stack.write(**(inputs | {"environment": {"A": "2", "B": "3"}}))
    preview = json.loads(stack.engine.ok("preview", "--stack", "test", "--json"))
    (step,) = [step for step in preview["steps"] if "Command" in step["urn"]]
    assert step["op"] == "update"
    assert {path: change["kind"] for path, change in step["detailedDiff"].items()} == {
        "environment.A": "update",
        "environment.B": "add",
    }


def test_triggers_replace_and_deletes_use_what_was_recorded(stack: Stack) -> None:
    """6 and 7."""
    inputs = {
        "create": "echo create $WORD >> $TRACE",
        "update": "echo update >> $TRACE",
        "delete": "echo delete $WORD $(cat) >> $TRACE",
    }
    stack.up(**inputs, triggers=["1"], environment={"WORD": "first"}, stdin="old")
    stack.up(**inputs, triggers=["2"], environment={"WORD": "second"}, stdin="new")
    assert stack.traced() == ["create first", "create second", "delete first old"]
    stack.up(
        **inputs,
        triggers=["2", "3"],
        environment={"WORD": "third"},
        stdin="newer",
        options={"delete_before_replace": True},
    )
    assert stack.traced() == ["delete second new", "create third"]

    stack.engine.ok("destroy", "--stack", "test", "--yes", "--skip-preview")
    assert stack.traced() == ["delete third newer"]


def test_a_failure_says_everything_and_records_nothing(stack: Stack) -> None:
    """10 and 11."""
    failing = "echo out loud; echo err loud >&2; exit 7"
    stack.write(create=failing, logging="none")
    status, output = stack.engine.run("up", "--stack", "test", "--yes", "--skip-preview")
    assert status != 0
    assert f'exit status 7: running "{failing}":' in output
    assert "out loud" in output
    assert "err loud" in output
    # The engine may interrupt a program that still waits for the resource; that traceback is the language host's.
    assert "pulumi_command/" not in output
    assert not [entry for entry in stack.engine.state("test") if entry["type"] == "command:local:Command"]

    shown = stack.up(create="echo out loud; echo err loud >&2", logging="stderr")
    assert "err loud" in shown
    assert "out loud" not in shown
    stack.write(create=failing)
    status, output = stack.engine.run("up", "--stack", "test", "--yes", "--skip-preview")
    assert status != 0
    assert stack.command()["inputs"]["create"] == "echo out loud; echo err loud >&2"


def test_output_is_stored_in_plain_text_even_with_secret_inputs(stack: Stack) -> None:
    """9: only additionalSecretOutputs hides it."""
    canary = "canary-5150"
    said = {"create": "echo $WORD", "environment": {"WORD": canary}, "secret": ["environment"]}
    shown = stack.up(**said)
    recorded = stack.command()
    assert canary in shown
    assert recorded["outputs"]["stdout"] == canary
    assert canary not in json.dumps(recorded["inputs"])

    hidden = {"logging": "none", "options": {"additional_secret_outputs": ["stdout", "stderr"]}}
    assert canary not in stack.up(**said, **hidden)
    assert canary not in json.dumps(stack.command())


def test_what_it_does_not_serve_is_refused_by_name(stack: Stack) -> None:
    stack.write(create="true", asset_paths=["*"])
    status, output = stack.engine.run("up", "--stack", "test", "--yes", "--skip-preview")
    assert status != 0
    assert "assetPaths" in output
    assert "not served by the stand-in" in output


@pytest.fixture
def orphan(tmp_path: Path) -> Iterator[Path]:
    """A file that gets the id of a process which outlives its shell; it is ended in any case."""
    file = tmp_path / "orphan"
    yield file
    if file.exists() and psutil.pid_exists(int(file.read_text())):
        psutil.Process(int(file.read_text())).kill()


def test_cancelling_kills_the_shell_but_not_its_children(stack: Stack, orphan: Path) -> None:
    """12."""
    # The child's output goes elsewhere: else the shell's end would not be the output's end.
    stack.write(create=f"sleep 60 >/dev/null 2>&1 & echo $! > {orphan}; wait; echo finished >> $TRACE")
    with stack.engine.start("up", "--stack", "test", "--yes", "--skip-preview") as process:
        deadline = time.monotonic() + 150
        while not (orphan.exists() and orphan.read_text().strip()):
            assert time.monotonic() < deadline, "the command never started"
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate()
    assert process.returncode != 0
    assert "signal: killed" in output.lower(), output
    assert stack.traced() == []
    child = psutil.Process(int(orphan.read_text()))
    assert child.is_running()
    assert child.status() != psutil.STATUS_ZOMBIE


def test_started_by_hand_it_says_what_it_is() -> None:
    found = subprocess.run([sys.executable, "-m", "local.pulumi_command"], capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert "the Pulumi engine starts it" in found.stderr
