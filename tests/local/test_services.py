"""Detached processes, known again by their recorded identity."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psutil
import pytest

from local import services
from local.errors import LocalError
from local.services import Service

SLEEP = "import time; time.sleep(60)"
FAMILY = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "


def python(directory: Path, code: str, **options: object) -> Service:
    return Service("sleeper", (sys.executable, "-c", code), {"CANARY": "from env"}, directory, **options)  # type: ignore[arg-type]


def test_start_and_stop(tmp_path: Path) -> None:
    service = python(tmp_path / "services", SLEEP)
    assert not service.running()
    service.stop()
    service.start()
    try:
        process = service.process()
        assert process is not None
        service.start()
        assert service.process() == process
        # A second object of the same place knows the process too, as a later command does.
        assert python(tmp_path / "services", SLEEP).process() == process
        assert os.getsid(process.pid) == process.pid
    finally:
        service.stop()
    assert not service.running()
    assert not process.is_running()


def test_environment_and_log(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = f"import os, pathlib; print(os.environ['CANARY'], flush=True); pathlib.Path({str(ready)!r}).touch(); {SLEEP}"
    service = python(tmp_path, code, ready=ready.exists)
    service.start()
    try:
        assert service.log_path.read_text() == "from env\n"
        process = service.process()
        assert process is not None
        assert process.cwd() == str(services.REPOSITORY)
    finally:
        service.stop()


def test_children_end_with_it(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = f"import pathlib; {FAMILY} pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    service = python(tmp_path, code, ready=ready.exists)
    service.start()
    process = service.process()
    assert process is not None
    (child,) = process.children()
    service.stop()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_one_that_ignores_the_request_is_ended_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STOP_LIMIT_SECONDS", 0.2)
    ready = tmp_path / "ready"
    code = (
        "import pathlib, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(ready)!r}).touch(); {SLEEP}"
    )
    service = python(tmp_path, code, ready=ready.exists)
    service.start()
    process = service.process()
    assert process is not None
    service.stop()
    assert not process.is_running()


def test_one_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    service = python(tmp_path, "raise SystemExit('no such thing')", ready=lambda: False)
    with pytest.raises(LocalError, match="sleeper ended early") as caught:
        service.start()
    assert "no such thing" in caught.value.remedy
    assert not service.running()


def test_one_that_is_never_ready_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "START_LIMIT_SECONDS", 0.2)
    service = python(tmp_path, SLEEP, ready=lambda: False)
    with pytest.raises(LocalError, match=r"was not ready within 0\.2 s"):
        service.start()
    assert not service.running()


@pytest.mark.parametrize("record", ["", "{}", '{"pid": 1}', "PID"])
def test_a_strange_record_is_no_process_of_ours(tmp_path: Path, record: str) -> None:
    # The last one names a living process, but with another start time: the number was given out again.
    text = json.dumps({"pid": os.getpid(), "started": 1.0}) if record == "PID" else record
    (tmp_path / "sleeper.json").write_text(text)
    service = python(tmp_path, SLEEP)
    assert not service.running()
    service.stop()
    assert psutil.pid_exists(os.getpid())
