"""`python -m local`: the whole stack from nothing to nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from local import __main__ as command
from local.cluster import Cluster
from local.ports import free_port
from local.services import REPOSITORY


def run(folder: Path, ports: tuple[int, int], *arguments: str) -> subprocess.CompletedProcess[str]:
    db_port, api_port = map(str, ports)
    options = ["--directory", str(folder / "cluster"), "--db-port", db_port, "--api-port", api_port]
    return subprocess.run(
        [sys.executable, "-m", "local", *options, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )


@pytest.mark.slow
def test_up_down_and_reset(open_folder: Path) -> None:
    ports = (free_port(), free_port())
    cluster = Cluster(open_folder / "cluster", ports[0])
    try:
        first = run(open_folder, ports, "up")
        assert first.returncode == 0, first.stderr
        assert first.stdout.startswith("The local stack is running.")
        assert cluster.url in first.stdout
        assert run(open_folder, ports, "up").stdout.startswith("The local stack is already running.")
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("create table public.kept (id int)")
            connection.execute("select net.check_worker_is_up()")
        answer = run(open_folder, ports, "psql", "-At", "-c", "select current_user")
        assert answer.stdout == "postgres\n"
        status = run(open_folder, ports, "status")
        assert (status.returncode, "stopped" in status.stdout) == (0, False)
        assert run(open_folder, ports, "down").returncode == 0
        status = run(open_folder, ports, "status")
        assert (status.returncode, "running" in status.stdout) == (1, False)
        assert run(open_folder, ports, "up").returncode == 0
        with psycopg.connect(cluster.url) as connection:
            connection.execute("select from public.kept")
    finally:
        gone = run(open_folder, ports, "reset")
    assert gone.returncode == 0, gone.stderr
    assert not cluster.directory.exists()
    assert run(open_folder, ports, "down").returncode == 0
    assert run(open_folder, ports, "status").returncode == 1


@pytest.mark.slow
def test_a_foreign_directory_is_an_error_with_its_remedy(open_folder: Path) -> None:
    (open_folder / "cluster").mkdir()
    (open_folder / "cluster" / "precious").write_text("data")
    for arguments in ("up", "down", "status", "reset"):
        refused = run(open_folder, (free_port(), free_port()), arguments)
        assert refused.returncode == 1
        assert refused.stderr.startswith("Error: ")
        assert "--directory" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert (open_folder / "cluster" / "precious").read_text() == "data"


def test_two_clones_have_two_directories(tmp_path: Path) -> None:
    places = {command.default_directory(tmp_path / name, root=True) for name in ("a", "b")}
    assert len(places) == 2
    assert {place.parent for place in places} == {Path("/var/lib/supacron-local")}
    assert command.default_directory(tmp_path, root=False) == tmp_path / ".local" / "database"
    assert command.default_directory(tmp_path) == command.default_directory(tmp_path, root=os.geteuid() == 0)


def test_a_long_step_is_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with command.step("Short"):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(command, "SHOW_AFTER_SECONDS", 0.05)
    with command.step("Long"):
        time.sleep(0.2)
    shown = capsys.readouterr().err
    assert shown.startswith("Long ...\nLong: done in 0.")
