"""The checks of `doctor`, each with its finding and the remedy. Pure: from facts that were read to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from supacron.operate.ages import age_faults
from supacron.operate.facts import Collector, Facts, Server
from supacron.operate.times import age, clock
from supacron.operate.words import counted
from supacron.plan.changes import Plan
from supacron.plan.refusals import MINIMUM_CRON

FRESH = timedelta(minutes=3)
"""The collector runs every minute: silence for longer than this is a fault."""
LONG_QUEUE = 200
"""pg_net's default batch size: more than one batch waits."""
LARGE_BYTES = 2**30
NAMED = 20
"""So many jobs are named one by one."""


COPY = "this database is a copy of the one that was applied: its jobs do not run here"
FAILOVER = "this database is on another timeline than the last apply saw: after a failover, or restored"


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `remedy` is empty where there is nothing to mend."""

    name: str
    level: Level
    message: str
    remedy: str = ""

    def to_json(self) -> dict[str, Any]:
        return {key: str(value) for key, value in asdict(self).items()}


def ok(name: str, message: str) -> Check:
    return Check(name, Level.OK, message)


def warning(name: str, message: str, remedy: str = "") -> Check:
    return Check(name, Level.WARNING, message, remedy)


def failure(name: str, message: str, remedy: str) -> Check:
    return Check(name, Level.FAILURE, message, remedy)


def all_checks(facts: Facts, plan: Plan | None) -> Iterator[Check]:
    """Every check; `plan` is None where the stack's files hold mistakes."""
    yield ok("database", f"PostgreSQL {facts.server.version}, connected as {facts.live.capabilities.user}")
    if plan is not None:
        yield from (failure("refusal", problem.message, problem.remedy) for problem in plan.refusals)
    yield from extensions(facts)
    yield from runtime(facts)
    yield from place(facts)
    if facts.collector is None:
        return
    yield from launcher(facts.server, facts.collector)
    yield from collector(facts.server, facts.collector)
    yield from net_worker(facts)
    yield from secrets(facts)
    yield from ages(facts)
    yield from jobs(facts)
    yield from outcomes(facts)
    yield from queue(facts)
    yield from late(facts)
    yield from alerts(facts)
    if plan is not None:
        yield from changes(plan)
    yield from history(facts)


def extensions(facts: Facts) -> Iterator[Check]:
    """Whether the extensions are there that the applied jobs need."""
    have = facts.live.capabilities
    calls = any(row.record.method and not row.removed for row in facts.live.jobs.values())
    needed = {"pg_cron": True, "pg_net": calls, "supabase_vault": bool(facts.live.secrets)}
    for name, is_needed in needed.items():
        version = have.extensions.get(name)
        if version is None and not is_needed:
            yield ok(name, "not installed, and not needed")
        elif version is None:
            yield failure(
                name, "not installed", f"Enable {name} (dashboard: Database, Extensions), or run `pulumi up`."
            )
        elif name == "pg_cron" and version < MINIMUM_CRON:
            yield failure(name, f"version {_dotted(version)} is too old", "supacron needs pg_cron 1.4 or later.")
        else:
            yield ok(name, f"version {_dotted(version)}")


def runtime(facts: Facts) -> Iterator[Check]:
    """Whether what supacron installed is there and as it was installed, and the stack with it."""
    live = facts.live
    if live.runtime is None:
        yield failure("runtime", "nothing was ever applied to this database", f"Run `pulumi up --stack {facts.stack}`.")
        return
    if not live.intact:
        yield failure(
            "runtime", "its functions, views or grants were changed outside", "Run `pulumi up`: it mends them."
        )
    else:
        yield ok("runtime", f"version {live.runtime.tool_version}, as it was installed")
    if live.stack is None or live.stack.destroyed:
        gone = "was destroyed" if live.stack else "was never applied to this database"
        yield failure("stack", f"{facts.stack} {gone}", f"Run `pulumi up --stack {facts.stack}`.")


def place(facts: Facts) -> Iterator[Check]:
    """Whether this is the database that was applied to."""
    recorded, here = facts.live.runtime, facts.live.capabilities
    if recorded is None:
        return
    remedy = f"If this is where the jobs are to run: pulumi up --stack {facts.stack}"
    if recorded.system_identifier != here.system_identifier:
        yield failure("place", COPY, remedy)
    elif recorded.timeline == here.timeline:
        yield ok("place", "the database that was applied to")
    elif facts.live.stack is not None and facts.live.stack.on_failover == "refuse":
        yield failure("place", f"{FAILOVER}; its jobs do not run here", remedy)
    else:
        yield warning("place", FAILOVER, remedy)


def launcher(seen: Server, here: Collector) -> Iterator[Check]:
    """Whether pg_cron runs jobs: its launcher may be dead while all jobs are there."""
    if here.cron_started_at is not None and seen.now - here.cron_started_at < FRESH:
        yield ok("pg_cron runs", f"a job started {age(seen.now - here.cron_started_at)} ago")
        return
    since = max(seen.started_at, here.set_up_at)
    if seen.now - since < FRESH:
        what = "the database started" if since == seen.started_at else "the stack was set up"
        yield warning("pg_cron runs", f"{what} only {age(seen.now - since)} ago", "Look again in three minutes.")
        return
    last = f"since {clock(here.cron_started_at)} UTC" if here.cron_started_at else "ever"
    remedy = "Restart the database (dashboard: Settings, General, Restart project): that starts the launcher."
    if seen.sees_launcher:
        remedy = (
            "Its launcher is alive: look for `cron` in the server's log, and at cron.database_name; then restart it."
        )
    yield failure("pg_cron runs", f"no job of the runtime has started {last}", remedy)


def collector(seen: Server, here: Collector) -> Iterator[Check]:
    """Whether answers become outcomes."""
    if here.cron_status == "failed":
        yield failure(
            "collector",
            f"its last run failed: {_first_line(here.cron_message)}",
            "Run `pulumi up`: it mends the runtime.",
        )
    elif here.collected_at is not None and seen.now - here.collected_at < FRESH:
        yield ok("collector", f"ran {age(seen.now - here.collected_at)} ago")
    elif seen.now - here.set_up_at < FRESH:
        yield warning("collector", "has not run yet: the stack was just set up", "Look again in three minutes.")
    else:
        last = f"last ran at {clock(here.collected_at)} UTC" if here.collected_at else "never ran"
        yield failure(
            "collector", last, "See pg_cron above; if that runs, `pulumi up` schedules supacron-collect again."
        )
    if here.overdue:
        yield warning("collector", f"{counted(here.overdue, 'run')} past the deadline without an outcome", "See above.")


def net_worker(facts: Facts) -> Iterator[Check]:
    """Whether pg_net sends."""
    if facts.queue is None:
        return
    restart = "Run `select net.worker_restart()`, or restart the database."
    waiting = f"{counted(facts.queue, 'request')} queued"
    if not facts.server.sees_net_worker:
        yield failure("pg_net sends", f"its worker is not to be seen; {waiting}", restart)
    elif facts.queue > LONG_QUEUE:
        yield warning(
            "pg_net sends", f"its worker is alive, but {waiting}", "Spread the schedules, or shorten timeouts."
        )
    else:
        yield ok("pg_net sends", f"its worker is alive; {waiting}")


def secrets(facts: Facts) -> Iterator[Check]:
    """Whether Vault holds what the jobs need."""
    live = facts.live
    rows = [row.record for row in live.jobs.values() if not row.removed]
    needed = {name for row in rows for name in row.secrets}
    needed |= {row.fields["webhook"] for row in live.alerts.values()}
    needed |= {live.ping.fields["secret"]} if live.ping else set()
    # An SQL job looks a secret up by its name in Vault.
    texts = [row.statement for row in rows if row.statement is not None]
    needed |= {name for name, slot in live.secrets.items() if any(slot.vault_name in text for text in texts)}
    missing = []
    for name, row in live.secrets.items():
        held = live.vault.get(row.vault_name)
        if held is not None and held.value:
            continue
        missing.append(name)
        why = "cannot be decrypted here" if held is not None and held.value is None else "is not in Vault"
        source = (
            f"the environment variable {row.env}"
            if row.env
            else f"`pulumi config set --secret --path 'supacron:secrets.{name}'`"
        )
        report = failure if name in needed else warning
        yield report("secrets", f"{name} {why} (as {row.vault_name})", f"Give it with {source}, and run `pulumi up`.")
    if not missing:
        yield ok("secrets", f"{counted(len(live.secrets), 'secret')} in Vault" if live.secrets else "none needed")


def ages(facts: Facts) -> Iterator[Check]:
    """Secrets that expired, expire soon, or are older than the stack says."""
    known = facts.status.secrets if facts.status else ()
    for fault in age_faults(known, facts.stack, facts.server.now):
        report = failure if fault.over else warning
        yield report("secret age", fault.message, fault.remedy)


def jobs(facts: Facts) -> Iterator[Check]:
    """Jobs that do not run: on purpose, or because somebody switched them off outside."""
    states: dict[str, list[str]] = {}
    paused = []
    for job in facts.status.jobs if facts.status else ():
        states.setdefault(job.state, []).append(job.name)
        if job.state == "paused":
            until = f" until {clock(job.paused_until)} UTC" if job.paused_until else ""
            paused.append(f"{job.name} by {job.paused_by}{until} ({job.paused_reason})")
    for state, how in (("inactive", "switched off"), ("missing", "deleted")):
        if names := states.get(state):
            yield failure(
                "jobs", f"{how} in cron.job, without a pause: {_names(names)}", "Run `pulumi up`: it mends them."
            )
    if paused:
        yield warning("jobs", f"paused: {_names(paused)}", "supacron resume JOB")
    if facts.status and facts.status.stopped:
        yield warning("jobs", f"the stack is {facts.status.stopped}", f"supacron start --stack {facts.stack}")
    if disabled := states.get("disabled"):
        yield ok("jobs", f"disabled in the YAML: {_names(disabled)}")
    if ended := states.get("ended"):
        yield ok("jobs", f"ended, and not scheduled any more: {_names(ended)}")
    yield ok("jobs", f"{counted(len(states.get('active', [])), 'job')} active")


def outcomes(facts: Facts) -> Iterator[Check]:
    """Jobs whose last run went wrong."""
    found = facts.status.jobs if facts.status else ()
    failed = [job for job in found if job.failed]
    for job in failed[:NAMED]:
        yield failure(
            "outcomes", f"{job.name}: {job.outcome} ({job.recent_ok} of the last {job.recent_runs} ok)", job.remedy
        )
    if len(failed) > NAMED:
        yield failure("outcomes", f"and {len(failed) - NAMED} more jobs", "supacron status shows them all.")
    never = [job.name for job in found if job.last_outcome is None and job.state == "active"]
    if never:
        yield ok("outcomes", f"never ran yet: {_names(never)}")
    if not failed:
        yield ok("outcomes", "no job's last run failed")


def queue(facts: Facts) -> Iterator[Check]:
    """Whether the database's queue is looked after: stuck jobs are taken back, and what is old goes."""
    here = facts.live.queue
    if here is None:
        return
    if here.released:
        remedy = "Write `queue: {}` into the file of the stack that it is for, and run `pulumi up`."
        yield warning("queue", "it is no stack's, so nobody takes back what a dead worker holds", remedy)
    elif facts.maintenance is not None and facts.maintenance[0] == "failed":
        message = f"its job supacron-queue fails: {_first_line(facts.maintenance[1])}"
        yield failure("queue", message, "Run `pulumi up`: it mends the queue.")
    else:
        yield ok("queue", f"set up by the stack {here.stack}")


def late(facts: Facts) -> Iterator[Check]:
    """Jobs that have not succeeded in as many intervals as they may take."""
    found = facts.status.jobs if facts.status else ()
    behind = [job for job in found if job.late(facts.server.now)]
    for job in behind[:NAMED]:
        remedy = job.remedy or f"See: supacron runs {job.name} --stack {facts.stack}"
        yield failure("late", f"{job.name} {job.lateness(facts.server.now)}", remedy)
    if len(behind) > NAMED:
        yield failure("late", f"and {len(behind) - NAMED} more jobs", "supacron status shows them all.")
    if not behind:
        yield ok("late", "no job is late")


def alerts(facts: Facts) -> Iterator[Check]:
    """What is wrong by the stack's own alerts, and whether anybody hears of it."""
    seen = facts.alerts
    if seen is None:
        return
    for state in seen.states:
        test = f"Check the URL in the secret {state.webhook}, and see: supacron alerts test {state.name}"
        if state.error:
            yield failure("alerts", f"{state.name} cannot be looked at: {state.error}", "Run `pulumi up`.")
        elif state.open_since:
            message = f"{state.name} is open, for {age(seen.now - state.open_since)}: {state.detail}"
            yield failure("alerts", message, f"See: supacron alerts --stack {seen.stack}")
        if state.undelivered:
            yield failure("alerts", f"{state.name} was not delivered: {state.post_error}", test)
    if seen.states and not any(state.error or state.open_since or state.undelivered for state in seen.states):
        yield ok("alerts", f"{counted(len(seen.states), 'alert')}, none open")
    if seen.ping is not None and seen.ping.error:
        yield failure("ping", f"the last one failed: {seen.ping.error}", f"Check the URL in {seen.ping.secret}.")
    elif seen.ping is not None and seen.ping.sent_at is not None:
        yield ok("ping", f"sent {age(seen.now - seen.ping.sent_at)} ago")


def changes(plan: Plan) -> Iterator[Check]:
    """How the database differs from what is wanted."""
    drift = [f"{change.kind} {change.name}" for change in plan.drift]
    pending = len(plan.changes) - len(drift)
    if drift:
        yield warning("drift", f"changed outside: {_names(drift)}", "See `supacron plan`; `pulumi up` mends it.")
    if pending:
        yield warning(
            "changes", f"{counted(pending, 'change')} not applied yet", "See `supacron plan`; run `pulumi up`."
        )
    if not plan.changes:
        yield ok("drift", "the database is as the stack's files want it")


def history(facts: Facts) -> Iterator[Check]:
    """Whether history fills the disk."""
    for name, size in facts.sizes:
        shown = f"{name} takes {size / 2**20:.0f} MiB"
        if size > LARGE_BYTES:
            remedy = "Shorten `retention:` in the YAML; only this tool's jobs are pruned, others' rows stay in it."
            yield warning("history", shown, remedy)
        else:
            yield ok("history", shown)


def _names(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return ", ".join(known[:NAMED]) + more


def _first_line(text: str | None) -> str:
    return (text or "no reason given").strip().splitlines()[0]


def _dotted(version: Iterable[int]) -> str:
    return ".".join(map(str, version))
