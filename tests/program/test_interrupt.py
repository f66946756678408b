"""Ctrl-C while an update waits for another apply: the tool goes, nothing is half written, the next update works."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

import psutil
import psycopg
import pytest

from supacron.render import templates
from tests.program.project import JOB, STACK, Project
from tests.support.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.slow


def to_the_group(process: subprocess.Popen[str]) -> None:
    """As a terminal does."""
    os.killpg(process.pid, signal.SIGINT)


def to_pulumi_alone(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)


@pytest.mark.parametrize("interrupt", [to_the_group, to_pulumi_alone])
def test_interrupted_while_waiting(project: Project, interrupt: Callable[[subprocess.Popen[str]], None]) -> None:
    engine = project.engine
    with psycopg.connect(project.database.url) as holder:
        holder.execute(templates.sql("apply/lock.sql").encode())
        with subprocess.Popen(
            ["pulumi", "--non-interactive", "up", "--stack", STACK, "--yes", "--skip-preview"],
            cwd=engine.project,
            env=engine.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            tool = _waiting_tool(project)
            interrupt(process)
            output, _ = process.communicate()
        assert process.returncode != 0
        assert "waiting for another apply" in output
        _, alive = psutil.wait_procs([tool], timeout=LIMIT_SECONDS)
        assert alive == []
        assert project.query("select count(*) from pg_namespace where nspname = 'supacron'") == [(0,)]

    project.up()
    assert set(project.cron_jobs()) == {JOB}
    project.unchanged()


def _waiting_tool(project: Project) -> psutil.Process:
    """The process of `supacron apply`, once its connection waits for the lock."""
    deadline = time.monotonic() + LIMIT_SECONDS
    sql = (
        "select client_port from pg_stat_activity"
        " where application_name = 'supacron apply test' and wait_event_type = 'Lock'"
    )
    while not (found := project.query(sql)):
        assert time.monotonic() < deadline, "the tool never waited"
        time.sleep(0.05)
    ((port,),) = found
    (pid,) = {
        connection.pid
        for connection in psutil.net_connections("tcp")
        if connection.laddr and connection.laddr.port == port and connection.pid
    }
    return psutil.Process(pid)
