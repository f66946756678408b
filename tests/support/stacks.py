"""Definitions to apply, and ways of applying them: in this process, or as the command that Pulumi runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from supacron.apply.apply import Applied, apply, destroy
from supacron.model.desired import (
    Desired,
    DesiredAuth,
    DesiredCall,
    DesiredJob,
    DesiredLimit,
    DesiredRetention,
    DesiredSecret,
)
from supacron.model.queue import DesiredQueue
from supacron.secret import Secret
from tests.support.database import Database

DAY_MS = 86_400_000
PROJECT_REF = "abcdefghijklmnopqrst"


def secret(vault_name: str, *, env: str | None = None, description: str | None = None) -> DesiredSecret:
    return DesiredSecret(vault_name=vault_name, env=env, description=description)


def http_job(
    url: str = "http://127.0.0.1:9/nothing-listens",
    *,
    schedule: str = "*/30 * * * *",
    auth: str | None = None,
    enabled: bool = True,
    timeout_ms: int = 20_000,
    renamed_from: str | None = None,
    adopt: bool = False,
    on_failure: dict[str, str] | None = None,
    **policy: Any,
) -> DesiredJob:
    """A POST to `url`; `auth` names the secret that it bears, `policy` says how its runs behave."""
    return DesiredJob(
        schedule=schedule,
        enabled=enabled,
        call=DesiredCall(
            method="POST",
            url=url,
            headers={"Content-Type": "application/json"},
            body={"batch_size": 20},
            timeout_ms=timeout_ms,
            auth=(DesiredAuth(secret=auth, header="Authorization", prefix="Bearer "),) if auth else (),
            **policy,
        ),
        renamed_from=renamed_from,
        adopt=adopt,
        on_failure=on_failure,
    )


def sql_job(
    sql: str = "select 1",
    *,
    schedule: str = "0 3 * * *",
    enabled: bool = True,
    renamed_from: str | None = None,
    adopt: bool = False,
) -> DesiredJob:
    return DesiredJob(schedule=schedule, enabled=enabled, sql=sql, renamed_from=renamed_from, adopt=adopt)


def stack(
    jobs: Mapping[str, DesiredJob],
    secrets: Mapping[str, DesiredSecret] | None = None,
    *,
    name: str = "main",
    limits: Mapping[str, DesiredLimit] | None = None,
    project_ref: str = PROJECT_REF,
    runs_ms: int = 30 * DAY_MS,
    cron_history_ms: int = 7 * DAY_MS,
    queue: DesiredQueue | None = None,
) -> Desired:
    return Desired(
        stack=name,
        project_ref=project_ref,
        project_url="http://127.0.0.1:9",
        retention=DesiredRetention(runs_ms=runs_ms, cron_history_ms=cron_history_ms),
        queue=queue,
        limits=dict(limits or {}),
        secrets=dict(secrets or {}),
        jobs=dict(jobs),
    )


@dataclass
class Notes:
    """Remembers the progress of an apply."""

    steps: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def step(self, title: str) -> None:
        self.steps.append(title)

    def notice(self, text: str) -> None:
        self.notices.append(text)


def apply_here(
    database: Database | str,
    desired: Desired,
    values: Mapping[str, str] | None = None,
    *,
    notes: Notes | None = None,
    lock_wait_seconds: float = 20,
    drop_jobs: bool = False,
) -> Applied:
    """`supacron apply` without the process; `database` may also be a URL."""
    return apply(
        Secret(database if isinstance(database, str) else database.url),
        desired,
        {name: Secret(value) for name, value in (values or {}).items()},
        progress=notes or Notes(),
        drop_jobs=drop_jobs,
        lock_wait_seconds=lock_wait_seconds,
    )


def destroy_here(database: Database, desired: Desired, *, with_data: bool = False, notes: Notes | None = None) -> bool:
    return destroy(Secret(database.url), desired, with_data=with_data, progress=notes or Notes())


def command_environment(url: str, values: Mapping[str, str] | None, extra: Mapping[str, str] | None) -> dict[str, str]:
    """The environment in which Pulumi runs the command."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUPACRON_")}
    ours = {"SUPACRON_STACK_DATABASE_URL": url, "SUPACRON_SECRETS": json.dumps(dict(values or {})), "NO_COLOR": "1"}
    return {**inherited, **ours, **(extra or {})}


@dataclass(frozen=True)
class Finished:
    """A command that ended; `output` is what it printed to both streams."""

    code: int
    output: str


def start_supacron(
    arguments: list[str],
    desired: Desired | None,
    url: str,
    values: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """The real command, running, with the definitions on its standard input."""
    process = subprocess.Popen(
        [sys.executable, "-m", "supacron", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=command_environment(url, values, extra),
    )
    assert process.stdin is not None
    process.stdin.write(desired.to_json() if desired else "")
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: subprocess.Popen[str]) -> Finished:
    with process:
        output, _ = process.communicate(timeout=300)
    return Finished(process.returncode, output)


def run_supacron(
    arguments: list[str],
    desired: Desired | None,
    url: str,
    values: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
) -> Finished:
    return finish(start_supacron(arguments, desired, url, values, extra))
