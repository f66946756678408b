"""The component that a Pulumi program declares: `supacron.Stack()`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor
from pulumi_command import local

from supacron import __version__
from supacron.errors import SupacronError
from supacron.load.promotion import read_promotion
from supacron.operate.environment import RELEASE, REPAIR, SECRETS, STACK_TOKEN, STACK_URL, release_mark
from supacron.plan.changes import Action, Change, Plan
from supacron.plan.queue import QUEUE
from supacron.plan.report import field_text
from supacron.program.look import Look, look
from supacron.program.resources import Alert, CronJob, Function, Queue, Secret
from supacron.program.settings import Settings, read_settings

_RUN = 'PATH="$PWD/.venv/bin:$PWD/venv/bin:$PATH" exec supacron'
"""The same on every machine, right where the virtual environment is not activated, and ended by what ends its shell."""

SHOWN_CHANGES = 20
_CLAIM = "_has_supacron_stack"


class Stack(pulumi.ComponentResource):
    """Everything of one stack: its secrets, its jobs, and the command that applies them in one transaction.

    A program declares one: a database knows the stack by the Pulumi stack's name.

    name: the resource's name; the stack's name unless given.
    definition: what runs, as a file or as data; `<directory>/<stack>.yaml` unless given.
    directory: where the stack's file lies, from the project's folder.

    Where it runs comes from the stack's configuration, in the namespace `supacron`: projectRef, projectUrl,
    databaseUrl (secret), secrets (secret), overrides.
    Raises pulumi.RunError, which Pulumi shows as plain text, for mistakes in the input and for what must not be
    applied.
    """

    schedules: dict[str, str]
    """Each job's schedule, by name."""

    def __init__(
        self,
        name: str | None = None,
        *,
        definition: Path | Mapping[str, Any] | None = None,
        directory: Path | str = "stacks",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        _claim_program()
        try:
            settings = read_settings(Path(directory), definition)
            seen = look(settings.url, settings.desired, settings.values, read_promotion(Path(directory)))
        except SupacronError as error:
            raise pulumi.RunError(str(error)) from None
        super().__init__("supacron:index:Stack", name or settings.desired.stack, None, opts)
        _tell(settings, seen, self)

        deployment = _deployment(settings, self)
        self.command = _command(settings, seen, self, [] if deployment is None else [deployment])
        under = pulumi.ResourceOptions(parent=self, depends_on=[self.command])
        for secret_name, secret in settings.desired.secrets.items():
            Secret(secret_name, secret, under)
        if settings.desired.queue is not None:
            Queue(QUEUE, settings.desired.queue, under)
        for alert_name, alert in settings.desired.alerts.items():
            Alert(alert_name, alert, under)
        for job_name, job in settings.desired.jobs.items():
            CronJob(job_name, job, under)
        self.schedules = {job_name: job.schedule for job_name, job in settings.desired.jobs.items()}
        self.register_outputs({})


def _claim_program() -> None:
    """Refuses a second Stack: the two would take each other's jobs for their own that are no longer wanted."""
    if isinstance(get_monitor(), MockMonitor):
        return  # the programs of a user's tests share one root
    root = pulumi.runtime.get_root_resource()
    if getattr(root, _CLAIM, False):
        raise pulumi.RunError(
            "this program declares a second supacron.Stack\n"
            "    Put all jobs into one definition, or make it another Pulumi project with a stack of another name."
        )
    if root is not None:
        setattr(root, _CLAIM, True)


def _tell(settings: Settings, seen: Look, resource: pulumi.Resource) -> None:
    """Diagnostics: what is odd in the input, the plan with drift first, and that the database was not seen."""
    for warning in settings.warnings:
        pulumi.log.warn(warning, resource)
    if seen.plan is None:
        pulumi.log.warn(
            f"The live database was not looked at, so what was changed outside of Pulumi is not shown: {seen.trouble}\n"
            f"    {seen.remedy}",
            resource,
        )
        return
    for warning in seen.plan.warnings:
        pulumi.log.warn(warning, resource)
    if drift := seen.plan.drift:
        pulumi.log.warn(f"Changed outside of Pulumi, to be repaired:\n{_list(drift)}", resource)
    if planned := [change for change in seen.plan.changes if not change.drift]:
        pulumi.log.info(f"To be changed in the database:\n{_list(planned)}", resource)
    if seen.plan.stopped:
        pulumi.log.warn(f"The stack is {seen.plan.stopped}; nothing starts until `supacron start`", resource)
    for line in _resting(seen.plan):
        pulumi.log.info(line, resource)
    if seen.plan.unmanaged:
        pulumi.log.info(f"Left alone, made by hand: {_names(seen.plan.unmanaged)}", resource)
    if seen.plan.refusals:
        raise pulumi.RunError("\n".join(str(problem) for problem in seen.plan.refusals))


def _resting(plan: Plan) -> Iterator[str]:
    yield from (f"{job} is paused: {reason}" for job, reason in plan.paused.items())
    yield from (f"{job} is not due now: {reason}" for job, reason in plan.windows.items())


def _list(changes: Sequence[Change]) -> str:
    shown = []
    for change in changes[:SHOWN_CHANGES]:
        shown.append(f"    {change}")
        # What is new stands in the components, too.
        shown.extend(f"        {field_text(field)}" for field in change.fields if change.action is not Action.CREATE)
    if len(changes) > SHOWN_CHANGES:
        shown.append(f"    and {len(changes) - SHOWN_CHANGES} more (all of them: supacron plan)")
    return "\n".join(shown)


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN_CHANGES} more" if len(names) > SHOWN_CHANGES else ""
    return ", ".join(names[:SHOWN_CHANGES]) + more


def _deployment(settings: Settings, parent: Stack) -> local.Command | None:
    """Deploys the functions, and shows each of them; None where the stack has none."""
    deployment = settings.deployment
    if deployment is None:
        return None
    environment: dict[str, pulumi.Input[str]] = {}
    if settings.access_token is not None:
        environment[STACK_TOKEN] = pulumi.Output.secret(settings.access_token.reveal())
    if settings.function_secrets:
        values = {name: value.reveal() for name, value in settings.function_secrets.items()}
        environment[SECRETS] = pulumi.Output.secret(json.dumps(values))
    command = local.Command(
        "deploy-functions",
        create=f"{_RUN} functions deploy --stdin",
        delete=f"{_RUN} functions destroy",
        stdin=deployment.to_json(),
        environment=environment,
        logging=local.Logging.NONE,
        add_previous_output_in_env=False,
        opts=pulumi.ResourceOptions(parent=parent, additional_secret_outputs=["stdout", "stderr"]),
    )
    under = pulumi.ResourceOptions(parent=parent, depends_on=[command])
    for slug, function in deployment.functions.items():
        Function(slug, function, under)
    return command


def _command(settings: Settings, seen: Look, parent: Stack, after: Sequence[pulumi.Resource]) -> local.Command:
    environment: dict[str, pulumi.Input[str]] = {
        RELEASE: release_mark(__version__),
        REPAIR: str(seen.repair or 0),
    }
    if settings.configured_url is not None:
        environment[STACK_URL] = pulumi.Output.secret(settings.configured_url.reveal())
    if settings.configured_secrets:
        values = {name: value.reveal() for name, value in sorted(settings.configured_secrets.items())}
        environment[SECRETS] = pulumi.Output.secret(json.dumps(values))
    return local.Command(
        "apply",
        create=f"{_RUN} apply",
        delete=f"{_RUN} destroy",
        stdin=settings.desired.to_json(),
        environment=environment,
        # Our own progress, which never holds a secret. Output is stored in the state in plain text otherwise.
        logging=local.Logging.STDERR,
        add_previous_output_in_env=False,
        opts=pulumi.ResourceOptions(
            parent=parent,
            # A schedule must not call what is not deployed yet.
            depends_on=after,
            additional_secret_outputs=["stdout", "stderr"],
            # Nothing was seen, so nothing may be claimed: the counter keeps the value that the state has.
            ignore_changes=[f"environment.{REPAIR}"] if seen.repair is None else [],
        ),
    )
