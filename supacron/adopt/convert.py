"""One job from SQL to YAML: a call where that says the same, else the SQL with its keys looked up in Vault."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from supacron.adopt.calls import NotOneCall, Signatures, every_call, only_call
from supacron.adopt.lookups import NotSafe, with_lookups
from supacron.adopt.request import Auth, NotExpressible, Request, literal_keys, request_of
from supacron.adopt.slots import Slots
from supacron.adopt.syntax import NotParsed
from supacron.audit.credentials import find_credentials
from supacron.model.desired import DesiredJob
from supacron.model.stack_file import Environment, StackFile
from supacron.model.units import format_duration
from supacron.secret import Secret
from supacron.validate.check import check_definition
from supacron.validate.http import FUNCTION_NAME, JSON_TYPE
from supacron.validate.parameters import KEY as PARAMETER
from supacron.validate.parameters import parameters_of
from supacron.validate.resolve import resolve, vault_name
from supacron.validate.timezones import UTC
from supacron.validate.tokens import find_in_data

_NOT_SQL: Final = "PostgreSQL's parser does not take its SQL"


@dataclass(frozen=True, slots=True)
class LiveJob:
    """A job of cron.job."""

    jobid: int
    name: str
    schedule: str
    command: str = field(repr=False)
    active: bool = True


@dataclass(frozen=True)
class Adopted:
    """A job as YAML. `why_sql` is empty for a call; `request` is what the call has to send."""

    live: LiveJob
    job: Mapping[str, Any]
    why_sql: str = ""
    request: Request | None = None

    @property
    def has_look_ups(self) -> bool:
        """Whether keys in its SQL became look-ups."""
        return bool(self.why_sql) and self.job["sql"] != self.live.command.strip()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A job that stays as it is, and why."""

    name: str
    jobid: int
    reason: str
    remedy: str


@dataclass(frozen=True)
class Setting:
    """What a conversion depends on: the stack as it is, its project, pg_net's signatures, values for URLs."""

    stack: str
    definition: StackFile
    environment: Environment
    signatures: Signatures
    vault: Mapping[str, Secret]
    now: datetime


def convert(live: LiveJob, setting: Setting, slots: Slots) -> Adopted | Refusal:
    """The job as YAML; slots for its keys are added to `slots`."""
    trial = slots.copy()
    try:
        adopted = _as_call(live, setting, trial)
        why = ""
    except (NotOneCall, NotExpressible) as reason:
        why = str(reason)
    except NotParsed:
        why = _NOT_SQL
    if why:
        trial = slots.copy()
        try:
            adopted = _as_sql(live, setting, trial, why)
        except (NotSafe, NotExpressible) as reason:
            return _refusal(live, str(reason), "Change the job by hand, then adopt it; or write it in the YAML anew.")
        except NotParsed:
            return _refusal(
                live, _NOT_SQL, "It holds a key, so it cannot stay as it is: mend its SQL, or unschedule it."
            )
    slots.take(trial)
    return adopted


def _refusal(live: LiveJob, reason: str, remedy: str) -> Refusal:
    return Refusal(live.name, live.jobid, reason, remedy)


def _as_call(live: LiveJob, setting: Setting, slots: Slots) -> Adopted:
    """Raises NotOneCall, NotExpressible, NotParsed."""
    request = request_of(only_call(live.command, setting.signatures), setting.vault)
    auths = [(auth, _slot(auth, live, setting, slots)) for auth in request.auths]
    slots.needed |= {slot for auth, slot in auths if not _goes_beside(auth, slot, auths)}
    job: dict[str, Any] = {**_schedule(live, setting), **_target(request.url, setting.environment.project_url)}
    if request.method != "POST":
        job["method"] = request.method
    headers = _headers_to_write(request)
    if headers:
        job["headers"] = headers
    if request.method == "POST" and request.body != {}:
        job["body"] = request.body
    job["timeout"] = format_duration(request.timeout_ms)
    if auths:
        written = [_auth(*each) for each in auths]
        job["auth"] = written if len(written) > 1 else written[0]
    elif setting.definition.defaults.auth is not None:
        job["auth"] = None
    _finish(job, live)
    if parameters_of(request.body):
        raise NotExpressible(f"the body: `{PARAMETER}` has a meaning of its own in the YAML")
    checked = _check(live.name, job, setting, slots)
    if not _says_the_same(resolve(setting.stack, checked, setting.environment).jobs[live.name], request, auths):
        raise NotExpressible("the stack's `defaults` would change it")
    return Adopted(live, job, "", request)


def _as_sql(live: LiveJob, setting: Setting, slots: Slots, why: str) -> Adopted:
    """Raises NotSafe, NotExpressible, NotParsed."""
    names = {}
    for wanted, kind, key in _keys(live, setting):
        slot = slots.for_key(key, kind, wanted)
        slots.needed.add(slot)
        names[key] = slots.vault_name(slot)
    sql = with_lookups(live.command, names) if names else live.command
    # What surrounds it means nothing, and would keep YAML from showing the lines as they are.
    job: dict[str, Any] = {**_schedule(live, setting), "sql": sql.strip()}
    _finish(job, live)
    _check(live.name, job, setting, slots)
    return Adopted(live, job, why)


def _schedule(live: LiveJob, setting: Setting) -> dict[str, str]:
    """As pg_cron has it: in UTC, whatever zone the stack's other jobs have."""
    elsewhere = setting.definition.defaults.timezone is not None and "second" not in live.schedule.lower()
    return {"schedule": live.schedule} | ({"timezone": UTC} if elsewhere else {})


def _finish(job: dict[str, Any], live: LiveJob) -> None:
    if not live.active:
        job["enabled"] = False
    job["adopt"] = True


def _keys(live: LiveJob, setting: Setting) -> Iterator[tuple[str, str, Secret]]:
    """(a name for its slot, kind, value) of each literal key in the job's command."""
    seen: set[Secret] = set()
    for located in find_credentials(live.command, setting.now):
        value = located.credential.value
        if value not in seen:
            seen.add(value)
            yield live.name, located.credential.kind, value
    try:
        calls = list(every_call(live.command, setting.signatures))
    except NotParsed:
        return
    for call in calls:
        for _, value in literal_keys(call):
            # A detector may have taken the shorter part of a header, and the other way round.
            if not any(value.reveal() in known.reveal() for known in seen):
                seen.add(value)
                yield live.name, "", value


def _slot(auth: Auth, live: LiveJob, setting: Setting, slots: Slots) -> str:
    kind = ""
    if isinstance(auth.key, Secret):
        found = next(find_credentials(auth.key.reveal(), setting.now), None)
        kind = found.credential.kind if found else ""
    return slots.for_key(auth.key, kind, live.name)


def _goes_beside(auth: Auth, slot: str, auths: Sequence[tuple[Auth, str]]) -> bool:
    """Whether another secret lets the call in."""
    return auth.header.lower() == "apikey" and any(other != slot for _, other in auths)


def _target(url: str, project_url: str) -> dict[str, str]:
    prefix = f"{project_url}/functions/v1/"
    name = url.removeprefix(prefix)
    return {"function": name} if url.startswith(prefix) and FUNCTION_NAME.fullmatch(name) else {"url": url}


def _headers_to_write(request: Request) -> dict[str, str]:
    """The headers without the one that every POST has anyway."""
    return {
        name: value
        for name, value in request.headers.items()
        if not (request.method == "POST" and name.lower() == "content-type" and value == JSON_TYPE)
    }


def _auth(auth: Auth, slot: str) -> dict[str, str]:
    if auth.prefix:
        return {"secret": slot}
    if auth.header.lower() == "apikey":
        return {"secret": slot, "as": "apikey"}
    return {"secret": slot, "header": auth.header}


def _says_the_same(job: DesiredJob, request: Request, auths: Sequence[tuple[Auth, str]]) -> bool:
    """Whether the job sends what the original did; names of headers have no case."""
    call = job.call
    if call is None:
        return False
    wanted = {name.lower(): value for name, value in request.headers.items()}
    if request.method == "POST":
        wanted.setdefault("content-type", JSON_TYPE)
    keys = {(auth.header.lower(), auth.prefix, slot) for auth, slot in auths}
    return (
        (call.method, call.url, call.timeout_ms) == (request.method, request.url, request.timeout_ms)
        and {name.lower(): value for name, value in call.headers.items()} == wanted
        and json.dumps(call.body, sort_keys=True) == json.dumps(request.body, sort_keys=True)
        and {(auth.header.lower(), auth.prefix, auth.secret) for auth in call.auth} == keys
    )


def _check(name: str, job: Mapping[str, Any], setting: Setting, slots: Slots) -> StackFile:
    """Raises NotExpressible where the job would be a mistake in the stack's file."""
    token = next(find_in_data(job), None)
    if token is not None:
        raise NotExpressible(f"{token.kind} stands in its {token.path[0]}")
    known = setting.definition.model_dump(by_alias=True, include={"defaults"}, exclude_unset=True)
    existing = {slot: {"vault_name": in_vault} for slot, in_vault in slots.existing.items()}
    data = {"defaults": _written(known.get("defaults", {})), "secrets": existing | slots.yaml(), "jobs": {name: job}}
    checked = check_definition(data, setting.stack, project_url=setting.environment.project_url)
    if checked.mistakes or checked.definition is None:
        path = ".".join(map(str, checked.mistakes[0].path[2:]))
        raise NotExpressible(f"{path}: {checked.mistakes[0].message}" if path else checked.mistakes[0].message)
    return checked.definition


def _written(defaults: dict[str, Any]) -> dict[str, Any]:
    """The defaults as they are written: a duration as text."""
    timeout = defaults.get("timeout")
    return {**defaults, "timeout": format_duration(timeout)} if isinstance(timeout, int) else defaults


def slots_of(stack: str, definition: StackFile) -> Slots:
    """The slots that the stack has already."""
    return Slots(stack, {name: vault_name(stack, name, slot) for name, slot in definition.secrets.items()})
