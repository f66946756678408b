"""What `pulumi destroy` does: unschedules what the stack owns; deletes its data only when told to."""

from __future__ import annotations

from collections.abc import Iterator

from supacron.live.read import ALERTS_SINCE, APPLIED_SINCE, FINGERPRINT_KEY
from supacron.live.state import LiveState
from supacron.plan.grants import grant_end
from supacron.plan.queue_steps import queue_end
from supacron.plan.runtime_jobs import RUNTIME_JOBS
from supacron.plan.step import Step, step
from supacron.render import templates


def destroy_steps(stack: str, live: LiveState, *, with_data: bool) -> tuple[Step, ...]:
    """The steps that remove `stack`; none when the database knows nothing of it.

    Without `with_data`, recorded runs, the ledger, the secrets in Vault and a queue that holds jobs stay. With it they
    go, and with the last stack everything of supacron's goes. Extensions stay: others may use them.
    """
    if live.stack is None or (live.stack.destroyed and not with_data):
        return ()
    return tuple(_steps(stack, live, with_data))


def _steps(stack: str, live: LiveState, with_data: bool) -> Iterator[Step]:
    last = not live.other_stacks
    if live.intact:
        # Functions that somebody changed or dropped must not stand in the way of a destroy.
        yield step("record what was answered until now", "select supacron.collect();\n")
    if live.alerts or live.ping:
        sql = templates.render("destroy/retire_alerts.sql.j2", stack=stack, intact=live.intact)
        yield step("end alerts and the ping", sql)
    names = [name for name, row in live.jobs.items() if not row.removed]
    jobids = [row.jobid for row in live.jobs.values() if row.jobid is not None]
    if jobids:
        yield step("unschedule jobs", templates.render("stack/unschedule_jobs.sql.j2", jobids=jobids))
    if names:
        yield step("mark jobs as removed", templates.render("stack/remove_jobs.sql.j2", stack=stack, names=names))
    yield from grant_end(live)
    yield from queue_end(stack, live, with_data=with_data)
    remembered = APPLIED_SINCE in live.migrations
    sql = templates.render("destroy/retire_stack.sql.j2", stack=stack, remembered=remembered)
    yield step("mark the stack as destroyed", sql)
    if with_data:
        if ALERTS_SINCE in live.migrations:
            yield step("delete its alerts", templates.render("destroy/delete_alerts.sql.j2", stack=stack))
        yield step("delete its history", templates.render("destroy/delete_history.sql.j2", stack=stack))
        if live.secrets:
            yield step("delete its secrets", templates.render("destroy/delete_secrets.sql.j2", stack=stack))
        yield step("delete the stack", templates.render("destroy/delete_stack.sql.j2", stack=stack))
    if last:
        yield from _runtime_steps(live, drop=with_data and not live.destroyed_stacks)


def _runtime_steps(live: LiveState, *, drop: bool) -> Iterator[Step]:
    names = list(RUNTIME_JOBS)
    if drop:
        yield step(
            "delete the runtime's history", templates.render("destroy/delete_runtime_history.sql.j2", names=names)
        )
    yield step("unschedule the runtime's jobs", templates.render("destroy/unschedule_runtime_jobs.sql.j2", names=names))
    if drop:
        if live.fingerprint_key is not None:
            yield step(
                "delete the fingerprint key",
                templates.render("destroy/delete_fingerprint_key.sql.j2", name=FINGERPRINT_KEY),
            )
        yield step("drop the schema supacron", templates.sql("destroy/drop_schema.sql"))
