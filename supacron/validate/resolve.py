"""From what people wrote to what is to be applied: defaults filled in, names made whole. Pure."""

from __future__ import annotations

from typing import Final, Literal

from supacron.model.alerts import Alert, DesiredAlert, DesiredPing, durations
from supacron.model.desired import (
    LATE_AFTER,
    Desired,
    DesiredAuth,
    DesiredCall,
    DesiredJob,
    DesiredLimit,
    DesiredRetention,
    DesiredSecret,
)
from supacron.model.functions import DeployedFunction, Deployment, Functions, FunctionSecret
from supacron.model.queue import resolve_queue
from supacron.model.safety import resolve_safety
from supacron.model.stack_file import Auth, Environment, Job, JobDefaults, SecretSlot, StackFile
from supacron.schedule.spread import spread
from supacron.schedule.window import write_moment
from supacron.validate.behaviour import expect_of, limits_for, on_failure_of, own, retry_of
from supacron.validate.parameters import parameters_of
from supacron.validate.timezones import timezone_of, zone_of
from supacron.validate.windows import schedule_of, window_of

DEFAULT_TIMEOUT_MS: Final = 30_000
_SCHEMES: Final = {"bearer": ("Authorization", "Bearer "), "apikey": ("apikey", "")}


def resolve(stack: str, definition: StackFile, environment: Environment, project: str = "") -> Desired:
    """`definition` for one environment of a Pulumi project; it must have passed `supacron.validate.check`."""
    return Desired(
        stack=stack,
        project_ref=environment.project_ref,
        project_url=environment.project_url,
        retention=DesiredRetention(
            runs_ms=definition.retention.runs, cron_history_ms=definition.retention.cron_history
        ),
        on_failover=definition.on_failover,
        safety=resolve_safety(definition.safety),
        queue=resolve_queue(definition.queue) if definition.queue is not None else None,
        limits={
            name: DesiredLimit(concurrency=limit.concurrency, per_second=limit.per_second)
            for name, limit in definition.limits.items()
        },
        secrets={
            name: DesiredSecret(
                vault_name=vault_name(stack, name, slot),
                env=slot.env,
                description=slot.description,
                role=slot.role,
                rotate_after_ms=slot.rotate_after,
                allow={each.rule: each.reason for each in slot.allow},
            )
            for name, slot in definition.secrets.items()
            if slot.vault
        },
        jobs={name: _job(name, job, definition, environment, project) for name, job in definition.jobs.items()},
        alerts={name: _alert(alert) for name, alert in definition.alerts.items()},
        ping=DesiredPing(secret=definition.ping.url, every_ms=definition.ping.every) if definition.ping else None,
    )


def resolve_functions(stack: str, definition: StackFile, environment: Environment) -> Deployment | None:
    """What is to be deployed, without the digests of its sources; it must have passed `supacron.validate.check`."""
    functions: Functions | None = definition.functions
    if functions is None:
        return None
    return Deployment(
        stack=stack,
        project_ref=environment.project_ref,
        directory=functions.directory,
        functions={
            slug: DeployedFunction(verify_jwt=bool(function.verify_jwt)) for slug, function in functions.deploy.items()
        },
        secrets={
            name: FunctionSecret(secret=slot, env=definition.secrets[slot].env)
            for name, slot in functions.secrets.items()
        },
        variables=functions.variables,
    )


def vault_name(stack: str, name: str, slot: SecretSlot) -> str:
    return slot.vault_name or f"supacron/{stack}/{name}"


def method_of(job: Job) -> Literal["GET", "POST", "DELETE"]:
    return job.method or "POST"


def auths_of(job: Job, defaults: JobDefaults) -> tuple[Auth, ...]:
    """The job's own, else the stack's default; `auth: null` in the job means none."""
    return listed(job.auth if "auth" in job.model_fields_set else defaults.auth)


def listed(auth: Auth | list[Auth] | None) -> tuple[Auth, ...]:
    if auth is None:
        return ()
    return tuple(auth) if isinstance(auth, list) else (auth,)


def auth_header(auth: Auth) -> tuple[str, str]:
    """The header that carries the secret, and what stands before the secret in it."""
    if auth.header is not None:
        return auth.header, ""
    return _SCHEMES[auth.scheme or "bearer"]


def _job(name: str, job: Job, stack: StackFile, environment: Environment, project: str) -> DesiredJob:
    defaults = stack.defaults
    zone = zone_of(job, stack.defaults)
    written = schedule_of(job, zone)
    schedule = spread(written, project, name)
    window = window_of(job, zone)
    return DesiredJob(
        schedule=schedule,
        spread_from=written if schedule != written else None,
        runs_from=write_moment(window.starts) if window.starts else None,
        runs_until=write_moment(window.ends) if window.ends else None,
        runs_at=write_moment(window.at) if window.at else None,
        timezone=timezone_of(job, defaults),
        enabled=job.enabled,
        call=None if job.sql is not None else _call(job, stack, environment),
        sql=job.sql,
        description=job.description,
        owner=job.owner if job.owner is not None else defaults.owner,
        late_after=next(each for each in (job.late_after, defaults.late_after, LATE_AFTER) if each is not None),
        renamed_from=job.renamed_from,
        adopt=job.adopt,
        protect=job.protect,
        on_failure=on_failure_of(job, defaults),
        trigger_roles=tuple(sorted(set(job.trigger_roles))),
    )


def _call(job: Job, stack: StackFile, environment: Environment) -> DesiredCall:
    defaults = stack.defaults
    method = method_of(job)
    url = job.url if job.url is not None else f"{environment.project_url}/functions/v1/{job.function}"
    overlap = own(job, defaults, "overlap")
    catch_up = own(job, defaults, "catch_up")
    timeout = job.timeout if job.timeout is not None else defaults.timeout
    body = job.body if job.body is not None or method != "POST" else {}
    return DesiredCall(
        method=method,
        url=url,
        headers=_headers(job, defaults, method),
        body=body,
        timeout_ms=timeout if timeout is not None else DEFAULT_TIMEOUT_MS,
        auth=tuple(map(_auth, auths_of(job, defaults))),
        retry=retry_of(job, defaults),
        overlap=overlap if overlap != "skip" else None,
        limits=limits_for(url, job, stack, environment.project_url),
        expect=expect_of(job.expect),
        parameters=parameters_of(body),
        catch_up=catch_up if catch_up != "none" else None,
    )


def _auth(auth: Auth) -> DesiredAuth:
    header, prefix = auth_header(auth)
    return DesiredAuth(secret=auth.secret, header=header, prefix=prefix)


def _alert(alert: Alert) -> DesiredAlert:
    ((kind, condition),) = alert.when.model_dump(exclude_none=True).items()
    timed = durations(getattr(alert.when, kind))
    return DesiredAlert(
        kind=kind,
        condition={f"{key}_ms" if key in timed else key: value for key, value in condition.items()},
        webhook=alert.webhook,
        format=alert.format,
        description=alert.description,
        start_after_ms=alert.start_after,
        end_after_ms=alert.clear_for,
        repeat_every_ms=alert.repeat or None,
    )


def _headers(job: Job, defaults: JobDefaults, method: str) -> dict[str, str]:
    """The job's headers over the defaults', whatever their case, and the Content-Type that pg_net wants for a POST."""
    own = {name.lower() for name in job.headers}
    headers = {name: value for name, value in defaults.headers.items() if name.lower() not in own}
    headers.update(job.headers)
    if method == "POST" and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    return headers
