"""What a preview shows: a component for each job, secret, alert and function, and one for the queue. They do nothing.

Pulumi records a component's `props` and shows how they differ, without running anything for it. They have no outputs
to register: that would be a second step, and a second writing of the state, for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from supacron.model.alerts import DesiredAlert
from supacron.model.desired import LATE_AFTER, DesiredJob, DesiredSecret
from supacron.model.functions import DeployedFunction
from supacron.model.queue import DesiredQueue
from supacron.model.units import format_duration


class CronJob(pulumi.ComponentResource):
    """One schedule: `supacron:index:CronJob`."""

    def __init__(self, name: str, job: DesiredJob, opts: pulumi.ResourceOptions) -> None:
        super().__init__("supacron:index:CronJob", name, job_properties(job), opts)


class Secret(pulumi.ComponentResource):
    """One secret's slot, without its value: `supacron:index:Secret`."""

    def __init__(self, name: str, secret: DesiredSecret, opts: pulumi.ResourceOptions) -> None:
        super().__init__("supacron:index:Secret", name, secret_properties(secret), opts)


class Function(pulumi.ComponentResource):
    """One Edge Function: `supacron:index:Function`."""

    def __init__(self, name: str, function: DeployedFunction, opts: pulumi.ResourceOptions) -> None:
        properties = {"verifyJwt": function.verify_jwt, "sources": function.sources}
        super().__init__("supacron:index:Function", name, properties, opts)


class Queue(pulumi.ComponentResource):
    """The queue's rules: `supacron:index:Queue`."""

    def __init__(self, name: str, queue: DesiredQueue, opts: pulumi.ResourceOptions) -> None:
        super().__init__("supacron:index:Queue", name, queue_properties(queue), opts)


class Alert(pulumi.ComponentResource):
    """What a webhook is told of: `supacron:index:Alert`."""

    def __init__(self, name: str, alert: DesiredAlert, opts: pulumi.ResourceOptions) -> None:
        super().__init__("supacron:index:Alert", name, alert_properties(alert), opts)


def job_properties(job: DesiredJob) -> dict[str, Any]:
    """A job as people think of it; what is absent is left out."""
    properties: dict[str, Any] = {
        "schedule": job.schedule if job.runs_at is None else None,
        "spreadFrom": job.spread_from,
        "at": job.runs_at,
        "from": job.runs_from,
        "until": job.runs_until,
        "timezone": job.timezone,
        "enabled": job.enabled,
        "description": job.description,
        "owner": job.owner,
        "protect": job.protect or None,
        "lateAfter": job.late_after if job.late_after != LATE_AFTER else None,
        "onFailure": job.on_failure,
        "sql": job.sql,
        "triggerRoles": list(job.trigger_roles) or None,
    }
    if job.call is not None:
        call = job.call
        properties |= {
            "method": call.method,
            "url": call.url,
            "headers": call.headers,
            "body": call.body,
            "timeout": format_duration(call.timeout_ms),
        }
        if call.auth:
            properties["auth"] = [str(auth) for auth in call.auth]
        properties |= {
            "retry": _rules(call.retry.model_dump()) if call.retry else None,
            "overlap": call.overlap,
            "limits": list(call.limits) or None,
            "expect": call.expect,
            "parameters": list(call.parameters) or None,
            "catchUp": call.catch_up,
        }
    return {key: value for key, value in properties.items() if value is not None}


def secret_properties(secret: DesiredSecret) -> dict[str, Any]:
    """A slot: its name in Vault, and where its value comes from."""
    properties = {
        "vaultName": secret.vault_name,
        "source": f"environment variable {secret.env}" if secret.env else "stack config",
        "description": secret.description,
    }
    return {key: value for key, value in properties.items() if value is not None}


def queue_properties(queue: DesiredQueue) -> dict[str, Any]:
    """The rules under the names that they have in the YAML."""
    types = {name: _rules(rules) for name, rules in queue.types.items()}
    return _rules(queue.settings) | ({"job_types": types} if types else {})


def _rules(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key.removesuffix("_ms"): format_duration(value)
        if key.endswith("_ms")
        else list(value)
        if isinstance(value, tuple)
        else value
        for key, value in values.items()
        if value is not None
    }


def alert_properties(alert: DesiredAlert) -> dict[str, Any]:
    """A condition and whom it is told to; durations as people write them."""
    condition = {
        key.removesuffix("_ms"): format_duration(value) if key.endswith("_ms") and isinstance(value, int) else value
        for key, value in alert.condition.items()
    }
    properties: dict[str, Any] = {
        "when": {alert.kind: condition},
        "webhook": alert.webhook,
        "format": alert.format,
        "description": alert.description,
        "for": format_duration(alert.start_after_ms),
        "clearFor": format_duration(alert.end_after_ms),
        "repeat": format_duration(alert.repeat_every_ms) if alert.repeat_every_ms else None,
    }
    return {key: value for key, value in properties.items() if value is not None}
