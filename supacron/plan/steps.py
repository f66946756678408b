"""The list of steps that carries out a plan: what `render` prints, `plan` explains and `apply` runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from supacron import __version__
from supacron.live.read import FINGERPRINT_KEY
from supacron.live.state import JobRecord, JobRow, LiveState
from supacron.model.desired import Desired
from supacron.plan.alerts import alert_steps
from supacron.plan.changes import Action, Change, Kind, Plan
from supacron.plan.columns import Records, split_columns
from supacron.plan.grants import grant_steps
from supacron.plan.jobs import wanted_active
from supacron.plan.migrations import migrations
from supacron.plan.plan import IDENTITY, stale_runtime_jobs
from supacron.plan.queue_steps import queue_steps
from supacron.plan.record import limits_of
from supacron.plan.refusals import EXTENSION_SCHEMAS
from supacron.plan.release import Release, record_release
from supacron.plan.rows import moves_rows, slot_fields, stack_fields
from supacron.plan.runtime_jobs import RUNTIME_JOBS, scheduling
from supacron.plan.secrets import Values, current, expiry_of, forgotten, unrecorded, writes
from supacron.plan.step import Statement, Step, step
from supacron.plan.windows import COLUMNS
from supacron.render import templates
from supacron.secret import Secret

FINGERPRINT_KEY_NOTE = "The key under which supacron fingerprints the values it applied."


def steps(
    plan: Plan,
    desired: Desired,
    live: LiveState,
    values: Values,
    *,
    new_key: Secret | None = None,
    release: Release | None = None,
) -> tuple[Step, ...]:
    """The steps of `plan`, in order; none when nothing changes.

    new_key: a fresh random key, used when Vault holds no fingerprint key yet.
    release: None when nothing is to be recorded (`render`).
    """
    wanted = [
        *_extension_steps(plan),
        *_runtime_steps(plan, desired, live),
        *queue_steps(plan, desired, live),
        *_stack_steps(plan, desired, live, release),
        *_secret_steps(plan, desired, live, values, new_key),
        *alert_steps(plan, desired),
        *_job_steps(plan, desired, live),
        *_row_steps(plan, desired, live),
    ]
    if wanted and release:
        wanted.append(step("record the release", record_release(desired, release, plan)))
    return tuple(wanted)


def _extension_steps(plan: Plan) -> Iterator[Step]:
    for change in plan.of(Kind.EXTENSION, Action.CREATE):
        schema = EXTENSION_SCHEMAS[change.name]
        yield step(
            f"create extension {change.name}",
            *([] if schema == "pg_catalog" else [f"create schema if not exists {schema};\n"]),
            templates.render("stack/create_extension.sql.j2", extension=change.name, schema=schema),
        )


def _runtime_steps(plan: Plan, desired: Desired, live: LiveState) -> Iterator[Step]:
    names = {change.name for change in plan.of(Kind.RUNTIME)}
    if "supacron" in names:
        yield step("make the schema supacron", templates.sql("runtime/schema.sql"))
        for migration in migrations():
            if migration.number not in live.migrations:
                yield step(
                    f"migration {migration.number}: {migration.name}",
                    templates.sql(migration.template),
                    templates.render("stack/record_migration.sql.j2", number=migration.number, name=migration.name),
                )
        yield step(
            "install functions and views",
            *map(templates.sql, templates.names("runtime/functions/*.sql")),
            *map(templates.sql, templates.names("runtime/procedures/*.sql")),
            *map(templates.sql, templates.names("runtime/views/*.sql")),
            templates.sql("runtime/lock_down.sql"),
            templates.render(
                "stack/record_runtime.sql.j2",
                project_ref=desired.project_ref,
                tool_version=__version__,
                digest=templates.digest(),
            ),
        )
    yield from grant_steps(plan, desired, live)
    if IDENTITY in names:
        yield step(
            "record which database this is", templates.render("stack/record_identity.sql.j2", stack=desired.stack)
        )
    if stale := stale_runtime_jobs(live):
        jobs = scheduling(RUNTIME_JOBS, stale)
        yield step("schedule the runtime's own jobs", templates.render("stack/schedule_runtime_jobs.sql.j2", jobs=jobs))


def _stack_steps(plan: Plan, desired: Desired, live: LiveState, release: Release | None) -> Iterator[Step]:
    repair = release.repair if release else 0
    if plan.of(Kind.STACK) or (live.stack and repair > live.stack.repair):
        yield step(
            f"record the stack {desired.stack}",
            templates.render(
                "stack/upsert_stack.sql.j2",
                stack=desired.stack,
                program=desired.program,
                project_url=desired.project_url,
                runs_ms=desired.retention.runs_ms,
                cron_history_ms=desired.retention.cron_history_ms,
                on_failover=desired.on_failover,
                limits=limits_of(desired),
                repair=repair,
            ),
        )


def _secret_steps(
    plan: Plan, desired: Desired, live: LiveState, values: Values, new_key: Secret | None
) -> Iterator[Step]:
    changed = [change.name for change in plan.of(Kind.SECRET, Action.CREATE, Action.UPDATE)]
    if changed:
        slots = [{"name": name, **desired.secrets[name].model_dump()} for name in changed]
        yield step(
            "define secrets", templates.render("stack/upsert_secrets.sql.j2", stack=desired.stack, secrets=slots)
        )
    held_key = live.fingerprint_key
    key = (held_key.value if held_key else None) or new_key
    if key is None:
        return
    new_values = writes(desired, live, values)
    rows = [
        _input_row(live, desired.secrets[name].vault_name, value, desired.secrets[name].description or "")
        for name, value in sorted(new_values.items())
    ]
    prints = unrecorded(desired, live, values, key)
    if prints and (held_key is None or held_key.value is None):
        rows.append((held_key.id if held_key else None, FINGERPRINT_KEY, key, FINGERPRINT_KEY_NOTE))
    if rows:
        yield Step(
            "write secrets to Vault",
            (
                Statement(templates.sql("stack/secret_input.sql")),
                Statement(templates.sql("stack/secret_input_copy.sql"), tuple(rows)),
                Statement(templates.sql("stack/create_vault_secrets.sql")),
                Statement(templates.sql("stack/update_vault_secrets.sql")),
            ),
        )
    if prints:
        written = {desired.secrets[name].vault_name for name in new_values}
        there = current(desired, live, values)
        expiry = {desired.secrets[name].vault_name: expiry_of(value) for name, value in there.items()}
        versions = [
            {"vault_name": name, "fingerprint": print_, "written": name in written, "expires_at": expiry[name]}
            for name, print_ in sorted(prints.items())
        ]
        yield step(
            "remember which values were applied",
            templates.render("stack/record_secret_versions.sql.j2", versions=versions),
        )


def _input_row(live: LiveState, vault_name: str, value: Secret, description: str) -> tuple[str | Secret | None, ...]:
    held = live.vault.get(vault_name)
    return (held.id if held else None, vault_name, value, description)


def _job_steps(plan: Plan, desired: Desired, live: LiveState) -> Iterator[Step]:
    stack = desired.stack
    if renamed := plan.of(Kind.JOB, Action.RENAME):
        pairs = [{"old": _field(change, "name").old, "new": change.name} for change in renamed]
        yield step("rename jobs", templates.render("stack/rename_jobs.sql.j2", stack=stack, jobs=pairs))

    records = plan.records
    created = [change.name for change in plan.of(Kind.JOB, Action.CREATE, Action.RENAME)]
    # After "rename jobs" the row of a renamed job stands under its new name.
    replaced = [
        name
        for name in created
        if any(
            row.jobid is not None
            for former in (name, desired.jobs[name].renamed_from)
            if (row := live.jobs.get(former or ""))
        )
    ]
    if replaced:
        yield step("retire jobids", templates.render("stack/retire_jobids.sql.j2", stack=stack, names=replaced))
    if created:
        yield step("create jobs", _upsert_jobs(stack, created, records, schedule=True))
    if changed := plan.of(Kind.JOB, Action.ADOPT, Action.UPDATE):
        names = [change.name for change in changed]
        yield step("define jobs", _upsert_jobs(stack, names, records, schedule=False))

    inactive = [name for name in created if not wanted_active(name, desired.jobs[name], live)]
    if inactive:
        yield step("deactivate jobs", templates.render("stack/deactivate_jobs.sql.j2", stack=stack, names=inactive))

    yield from _alter_steps(plan, desired, live, records)
    yield from _remember_steps(plan, live, stack)
    if any(_has_window(records.get(change.name), live.jobs.get(change.name)) for change in plan.of(Kind.JOB)):
        yield step("schedule those whose time it is", templates.sql("stack/keep_windows.sql"))

    removed = [change.name for change in plan.of(Kind.JOB, Action.REMOVE)]
    former = [_field(change, "name").old for change in renamed]
    jobids = [row.jobid for name in (*removed, *former) if (row := live.jobs[name]).jobid is not None]
    if jobids:
        yield step("unschedule jobs", templates.render("stack/unschedule_jobs.sql.j2", jobids=jobids))
    if removed:
        yield step("mark jobs as removed", templates.render("stack/remove_jobs.sql.j2", stack=stack, names=removed))
    gone = [change.name for change in plan.of(Kind.SECRET, Action.REMOVE)]
    unused = forgotten(desired, live) if plan.of(Kind.SECRET) else ()
    if gone or unused:
        yield step(
            "remove secrets",
            templates.render("stack/delete_secrets.sql.j2", stack=stack, names=gone, vault_names=unused),
        )


def _row_steps(plan: Plan, desired: Desired, live: LiveState) -> Iterator[Step]:
    """Which rows of definitions there are from now on, and what those say that do not keep it themselves."""
    upgraded = live.stack and plan.of(Kind.RUNTIME)
    if not (upgraded or any(map(moves_rows, plan.changes))):
        return
    slots = {name: slot_fields(slot) for name, slot in desired.secrets.items()}
    sql = templates.render("stack/remember_rows.sql.j2", stack=desired.stack, fields=stack_fields(desired), slots=slots)
    yield step("remember which rows there are", sql)


def _has_window(wanted: JobRecord | None, row: JobRow | None) -> bool:
    had = row.record if row is not None else None
    return any(record and getattr(record, column) is not None for record in (wanted, had) for column in COLUMNS)


def _upsert_jobs(stack: str, names: Sequence[str], records: Records, *, schedule: bool) -> str:
    """The rows of supacron.job; with `schedule` they are put into cron.job, too."""
    used, unused = split_columns(records[name] for name in names)
    jobs = [(name, records[name], records.sql(name, used)) for name in names]
    return templates.render(
        "stack/upsert_jobs.sql.j2", stack=stack, jobs=jobs, used=used, unused=unused, schedule=schedule
    )


def _remember_steps(plan: Plan, live: LiveState, stack: str) -> Iterator[Step]:
    """What was applied, so that drift is seen; and what is to start when the stack is stopped."""
    defined = [change.name for change in plan.of(Kind.JOB) if change.action is not Action.REMOVE]
    if defined or (live.jobs and plan.of(Kind.RUNTIME)):
        yield step(
            "remember the definitions", templates.render("stack/remember_jobs.sql.j2", stack=stack, names=defined)
        )
    if live.stopped and defined:
        yield step("keep what is to start", templates.render("stack/keep_stopped.sql.j2", stack=stack, names=defined))


def _alter_steps(plan: Plan, desired: Desired, live: LiveState, records: Records) -> Iterator[Step]:
    """cron.job in place: only what differs, since alter_job raises when nothing does."""
    found = {job.name: job for job in live.cron if job.username == live.capabilities.user}
    alterations, links = [], []
    for change in plan.of(Kind.JOB, Action.UPDATE, Action.ADOPT):
        record = records[change.name]
        job = found.get(change.name)
        if job is None:
            continue  # Its time is over.
        active = wanted_active(change.name, desired.jobs[change.name], live)
        alteration = {
            "jobid": job.jobid,
            "schedule": record.line if record.line != job.schedule else None,
            "command": record.command if record.command != job.command else None,
            "active": active if active != job.active else None,
        }
        if any(alteration[key] is not None for key in ("schedule", "command", "active")):
            alterations.append(alteration)
        row = live.jobs.get(change.name)
        if row is None or row.removed or row.jobid != job.jobid:
            links.append({"name": change.name, "jobid": job.jobid})
    if alterations:
        yield step("alter jobs in place", templates.render("stack/alter_jobs.sql.j2", jobs=alterations))
    if links:
        yield step(
            "record which cron jobs they are",
            templates.render("stack/link_jobs.sql.j2", stack=desired.stack, jobs=links),
        )


def _field(change: Change, name: str) -> Any:
    return next(field for field in change.fields if field.name == name)
