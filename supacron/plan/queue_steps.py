"""The steps that install a queue, set its rules, or end it."""

from __future__ import annotations

from collections.abc import Iterator

from supacron import __version__
from supacron.live.state import LiveState, QueueState
from supacron.model.desired import Desired
from supacron.model.queue import DesiredQueue
from supacron.plan.changes import Action, Kind, Plan
from supacron.plan.migrations import migrations
from supacron.plan.queue import QUEUE, is_ours, stale_queue_jobs
from supacron.plan.runtime_jobs import QUEUE_JOBS, scheduling
from supacron.plan.step import Step, step
from supacron.render import queue as installed
from supacron.render import templates


def queue_steps(plan: Plan, desired: Desired, live: LiveState) -> Iterator[Step]:
    """The queue's part of a plan."""
    changes = plan.of(Kind.QUEUE)
    if not changes:
        return
    wanted, here = desired.queue, live.queue
    if wanted is None:
        if here is not None:
            yield from _end(here, live, drop=any(change.action is Action.REMOVE for change in changes))
        return
    names = {change.name for change in changes} - set(QUEUE_JOBS)
    if QUEUE in names:
        yield from _install(here)
    if here is None or names - {QUEUE}:
        yield step("set the queue's rules", _configure(wanted))
    if names:
        yield step("record the queue's set-up", _record(desired.stack, wanted))
    if stale := stale_queue_jobs(live):
        yield step(
            "schedule the queue's own job",
            templates.render("stack/schedule_runtime_jobs.sql.j2", jobs=scheduling(QUEUE_JOBS, stale)),
        )


def queue_end(stack: str, live: LiveState, *, with_data: bool) -> Iterator[Step]:
    """What a destroy of `stack` does to its queue: an empty one goes; one with jobs goes only with the data."""
    here = live.queue
    if here is None or not is_ours(stack, here):
        return
    drop = with_data or not here.holds_jobs
    if drop or not here.released:
        yield from _end(here, live, drop=drop)


def _install(here: QueueState | None) -> Iterator[Step]:
    yield step("make the schema supacron_queue", templates.sql("queue/schema.sql"))
    for migration in migrations("queue"):
        if here is None or migration.number not in here.migrations:
            yield step(
                f"migration {migration.number} of the queue: {migration.name}",
                templates.sql(migration.template),
                templates.render("queue/record_migration.sql.j2", number=migration.number, name=migration.name),
            )
    yield step(
        "install functions and the view of the queue",
        *map(templates.sql, templates.names("queue/functions/*.sql")),
        *map(templates.sql, templates.names("queue/views/*.sql")),
        templates.sql("queue/lock_down.sql"),
    )
    if here is None:
        # Later ones are made by the queue's own job.
        yield step("make the archive's first partitions", "select supacron_queue.make_partitions();\n")


def _record(stack: str, wanted: DesiredQueue) -> str:
    return templates.render(
        "queue/record.sql.j2",
        stack=stack,
        rules=wanted.model_dump(),
        tool_version=__version__,
        digest=installed.digest(),
        api=installed.api(),
    )


def _configure(wanted: DesiredQueue) -> str:
    types = [{"name": name, **rules} for name, rules in sorted(wanted.types.items())]
    return templates.render("queue/configure.sql.j2", settings=wanted.settings, job_types=types)


def _end(here: QueueState, live: LiveState, *, drop: bool) -> Iterator[Step]:
    names = list(QUEUE_JOBS)
    if not here.released and live.cron:
        if drop:
            yield step(
                "delete the history of the queue's own job",
                templates.render("destroy/delete_runtime_history.sql.j2", names=names),
            )
        yield step(
            "unschedule the queue's own job", templates.render("destroy/unschedule_runtime_jobs.sql.j2", names=names)
        )
    if drop:
        text = templates.render("queue/drop.sql.j2", with_jobs=here.holds_jobs, api=installed.api())
        yield step("drop the queue", text)
    else:
        yield step("let go of the queue, which holds jobs", templates.sql("queue/release.sql"))
