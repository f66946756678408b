"""Live states for tests of the plan: a database after an apply, with what somebody did to it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from supacron import __version__
from supacron.live.state import (
    CronJob,
    Definition,
    JobRow,
    LiveState,
    QueueState,
    ReleaseRow,
    RuntimeRow,
    SecretRow,
    StackRow,
    VaultSecret,
    empty,
    frozen,
)
from supacron.model.alerts import DesiredAlert, DesiredPing
from supacron.model.desired import Desired
from supacron.plan.migrations import migrations
from supacron.plan.record import record_of
from supacron.plan.runtime_jobs import OWN_JOBS, RUNTIME_JOBS
from supacron.plan.secrets import fingerprint
from supacron.render import queue, templates
from supacron.secret import Secret

KEY = Secret("the fingerprint key")
FIRST_JOBID = 11


def applied(desired: Desired, values: Mapping[str, Secret] | None = None) -> LiveState:
    """The state that an apply of `desired` on an empty database leaves; jobids count from 11 in order of name."""
    values = values or {}
    live = empty()
    rows, cron = {}, []
    own = RUNTIME_JOBS if desired.queue is None else OWN_JOBS
    for jobid, (name, (schedule, command)) in enumerate(own.items(), start=1):
        cron.append(CronJob(jobid, name, schedule, command, True, live.capabilities.user))
    for jobid, (name, job) in enumerate(sorted(desired.jobs.items()), start=FIRST_JOBID):
        record = record_of(name, job)
        rows[name] = JobRow(jobid, False, record)
        cron.append(CronJob(jobid, name, record.line, record.command, record.enabled, live.capabilities.user))
    held = {desired.secrets[name].vault_name: value for name, value in values.items()}
    return replace(
        live,
        migrations=frozenset(migration.number for migration in migrations()),
        runtime=RuntimeRow(desired.project_ref, live.capabilities.system_identifier, __version__, templates.digest()),
        stack=StackRow(
            desired.program,
            desired.project_url,
            desired.retention.runs_ms,
            desired.retention.cron_history_ms,
            repair=0,
            destroyed=False,
        ),
        secrets=frozen(
            {
                name: SecretRow(name, secret.vault_name, secret.env, secret.description, secret.rotate_after_ms)
                for name, secret in desired.secrets.items()
            }
        ),
        vault=frozen({name: VaultSecret(f"id-of-{name}", value) for name, value in held.items()}),
        fingerprint_key=VaultSecret("id-of-the-key", KEY) if held else None,
        fingerprints=frozen({name: frozenset({fingerprint(KEY, value)}) for name, value in held.items()}),
        jobs=frozen(rows),
        alerts=frozen({name: _definition(alert) for name, alert in desired.alerts.items()}),
        ping=_definition(desired.ping) if desired.ping else None,
        cron=tuple(cron),
        release=ReleaseRow(1, desired.source.digest, desired.source.overrides) if desired.source else None,
        queue=_queue(desired),
        trigger_grants=frozenset(role for job in desired.jobs.values() for role in job.trigger_roles),
    )


def _queue(desired: Desired) -> QueueState | None:
    if desired.queue is None:
        return None
    rules = desired.queue.model_dump()
    return QueueState(
        stack=desired.stack,
        released=False,
        tool_version=__version__,
        digest=queue.digest(),
        migrations=frozenset(migration.number for migration in migrations("queue")),
        intact=True,
        rules=frozen(rules),
        applied=frozen(rules),
        holds_jobs=False,
    )


def _definition(wanted: DesiredAlert | DesiredPing) -> Definition:
    return Definition(wanted.model_dump(), wanted.model_dump())


def with_cron(live: LiveState, name: str, **fields: Any) -> LiveState:
    """`live`, in which somebody changed one row of cron.job."""
    return replace(live, cron=tuple(replace(job, **fields) if job.name == name else job for job in live.cron))


def without_cron(live: LiveState, name: str) -> LiveState:
    """`live`, in which somebody unscheduled a job."""
    return replace(live, cron=tuple(job for job in live.cron if job.name != name))


def and_cron(live: LiveState, *jobs: CronJob) -> LiveState:
    """`live`, with cron jobs that supacron did not make."""
    return replace(live, cron=(*live.cron, *jobs))
