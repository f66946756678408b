"""The lifecycle of `command:local:Command`: which command runs when, and what is recorded."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.provider import (
    CheckFailure,
    CheckRequest,
    CheckResponse,
    CreateRequest,
    CreateResponse,
    DeleteRequest,
    DiffRequest,
    DiffResponse,
    Provider,
    UpdateRequest,
    UpdateResponse,
)
from pulumi.runtime.rpc import UNKNOWN

from local.pulumi_command.difference import REPLACES, differences
from local.pulumi_command.process import CommandFailed, Printed, Processes, Settings

RESOURCE = "command:local:Command"
INPUTS = (
    "addPreviousOutputInEnv",
    "create",
    "delete",
    "dir",
    "environment",
    "interpreter",
    "logging",
    "stdin",
    "triggers",
    "update",
)
# The protocol's mark for "not known yet"; the SDK's own PropertyValue.computed() cannot be sent.
UNKNOWN_VALUE = PropertyValue(UNKNOWN)
NOT_SERVED = ("archivePaths", "assetPaths")

Values = Mapping[str, PropertyValue]
LogLine = Callable[[str, str], Awaitable[None]]
"""Shows one line (the second argument) as the progress of the resource with this URN (the first)."""


class CommandProvider(Provider):
    """Serves local.Command. `log_line` reaches the engine's console."""

    def __init__(self, log_line: LogLine) -> None:
        self._processes = Processes()
        self._log_line = log_line

    async def check(self, request: CheckRequest) -> CheckResponse:
        # A child of a component has its parents before its own type: parent$type.
        if request.type.rsplit("$", 1)[-1] != RESOURCE:
            refused = [CheckFailure("", f"{request.type} is not served by the stand-in, only {RESOURCE}")]
            return CheckResponse(inputs=request.new_inputs, failures=refused)
        refused = [
            CheckFailure(name, "not served by the stand-in for the command plugin")
            for name in NOT_SERVED
            if name in request.new_inputs
        ]
        return CheckResponse(inputs=request.new_inputs, failures=refused)

    async def diff(self, request: DiffRequest) -> DiffResponse:
        found = differences(request.old_state, request.new_inputs, INPUTS, request.ignore_changes)
        changed = sorted({path.partition(".")[0].partition("[")[0] for path in found})
        return DiffResponse(
            changes=bool(found),
            diffs=changed,
            replaces=[REPLACES] if REPLACES in changed else [],
            detailed_diff=found,
        )

    async def create(self, request: CreateRequest) -> CreateResponse:
        if request.preview:
            return CreateResponse(properties=_unknown(request.properties))
        printed = await self._run(request.urn, "create", request.properties, Printed())
        identifier = f"{request.name}{secrets.token_hex(4)}"
        return CreateResponse(resource_id=identifier, properties=_recorded(request.properties, printed))

    async def update(self, request: UpdateRequest) -> UpdateResponse:
        if request.preview:
            return UpdateResponse(properties=_unknown(request.news))
        which = "update" if _get(request.news, "update") is not None else "create"
        printed = await self._run(request.urn, which, request.news, _previous(request.olds))
        return UpdateResponse(properties=_recorded(request.news, printed))

    async def delete(self, request: DeleteRequest) -> None:
        await self._run(request.urn, "delete", request.properties, _previous(request.properties))

    async def cancel(self) -> None:
        self._processes.kill_all()

    async def _run(self, urn: str, which: str, values: Values, previous: Printed) -> Printed:
        """Run the command under the key `which`; where there is none, the previous output stays."""
        command = _get(values, which)
        if command is None:
            return previous

        async def log(line: str) -> None:
            await self._log_line(urn, line)

        return await self._processes.run(command, _settings(values, previous), log)


def _settings(values: Values, previous: Printed) -> Settings:
    environment: dict[str, str] = _get(values, "environment") or {}
    if _get(values, "addPreviousOutputInEnv") is not False:
        environment = environment | previous.as_environment()
    logging = _get(values, "logging")
    return Settings(
        interpreter=tuple(_get(values, "interpreter") or Settings().interpreter),
        directory=_get(values, "dir"),
        environment=environment,
        stdin=_get(values, "stdin"),
        logs_stdout=logging in (None, "stdout", "stdoutAndStderr"),
        logs_stderr=logging in (None, "stderr", "stdoutAndStderr"),
    )


def _previous(state: Values) -> Printed:
    return Printed(_get(state, "stdout") or "", _get(state, "stderr") or "")


def _recorded(values: Values, printed: Printed) -> dict[str, PropertyValue]:
    return {**values, "stdout": PropertyValue(printed.stdout), "stderr": PropertyValue(printed.stderr)}


def _unknown(values: Values) -> dict[str, PropertyValue]:
    return {**values, "stdout": UNKNOWN_VALUE, "stderr": UNKNOWN_VALUE}


def _get(values: Values, name: str) -> Any:
    """The input `name` as plain Python, None where it is absent."""
    return _plain(values[name]) if name in values else None


def _plain(value: PropertyValue) -> Any:
    inner = value.value
    if isinstance(inner, Mapping):
        return {key: _plain(item) for key, item in inner.items()}
    if isinstance(inner, list | tuple):
        return [_plain(item) for item in inner]
    return inner


__all__ = ["RESOURCE", "CommandFailed", "CommandProvider"]
