"""Data against the models: keys, types and patterns, with pydantic's errors in plain words."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import ONE, SEVERAL
from supacron.validate.findings import Finding, did_you_mean

_Model = TypeVar("_Model", bound=BaseModel)

_PLACEHOLDERS: Final[dict[str, dict[str, Any]]] = {
    "jobs": {
        "schedule": "* * * * *",
        "at": "2000-01-01",
        "function": "placeholder",
        "url": "https://placeholder.invalid",
        "sql": "select 1",
    },
    "limits": {"concurrency": 1, "per_second": 1},
}
"""Stand for wrong values of a job or a limit, so that its rest is still checked; nothing is reported about them."""

_FORMS: Final = {
    "projectRef": "Use the project's ref: lower-case letters, digits and `-`, as in abcdefghijklmnopqrst.",
    "projectUrl": "Write scheme and host without a path, as in https://abcdefghijklmnopqrst.supabase.co",
    "env": "Name an environment variable: letters, digits and `_`, not starting with a digit.",
    "header": "Use a header's name: letters, digits and `-`, as in X-Cron-Key.",
    "function": "Name an SQL function with its schema, in lower case, as in `public.note_failure`.",
    "status": "Write statuses, as in [200, 2xx].",
    "outcomes": "Write statuses (503, 5xx), `timed_out`, `no_response`, `failed` or `bad_answer`.",
    "trigger_roles": "Name roles of the database, as in [authenticated].",
    "limits": "Name limits: lower-case letters, digits, `-` and `_`, starting with a letter.",
    "secret": "Name a secret: lower-case letters, digits and `_`, starting with a letter.",
}
_MISSING: Final = {
    "attempts": "Say how many requests in all, as in `attempts: 5`.",
    "secret": "Add `secret: NAME`, a name under `secrets:`.",
    "rule": "Say which guard does not hold here, as in `rule: expired`.",
    "place": "Copy it from the audit, as in `place: 'function: public.notify()'`.",
    "reason": "Say why it does not hold here.",
    "when": "Say what to look at, as in `when: {backlog: {over: 1000}}`.",
    "webhook": "Name the secret whose value is the URL to post to.",
    "url": "Name the secret whose value is the URL to call.",
    "over": "Say how many, or for how long, is too much.",
    "over_percent": "Say how many of a hundred may fail.",
    "projectRef": "Set it: pulumi config set supacron:projectRef VALUE",
    "projectUrl": "Set it: pulumi config set supacron:projectUrl VALUE",
}
_MESSAGES: Final = {
    "float_type": ("must be a number", "Write a number without quotes."),
    "greater_than": ("must be more than 0", "Write a greater number."),
    "string_type": ("must be text", "Quote it if it is text."),
    "string_too_short": ("is empty", "Write it, or remove the key."),
    "int_type": ("must be a whole number", "Write digits, without quotes."),
    "bool_type": ("must be true or false", "Write true or false, without quotes."),
    "too_short": ("is an empty list", "Add to it, or remove the key."),
    "list_type": ("must be a list", "Write `- ...` lines below it."),
    "dict_type": ("must be a mapping", "Write `key: value` lines below it, or {}."),
    "model_type": ("must be a mapping", "Write `key: value` lines below it, or {}."),
    "value_error": ("not a duration", "Write a whole number with a unit: 500ms, 30s, 15m, 2h or 30d."),
}
"""By pydantic's error type. The models' only validator of their own is that of durations."""

_OTHERWISE: Final = ("does not fit here", "See docs/stack.schema.json for what may stand here.")
_KEY_MESSAGES: Final = {"string_too_short": ("a job needs a name", "Write its name before the colon.")}
_ALERT_NAMES: Final = (
    "not the name of an alert",
    "Use lower-case letters, digits, `_` and `-`, starting with a letter, at most 63.",
)
_KEY_OTHERWISE: Final = (
    "not the name of a secret",
    "Use lower-case letters, digits and `_`, starting with a letter, at most 63.",
)
_LIMIT_KEY: Final = ("not the name of a limit", _FORMS["limits"])


def check_shape(model: type[_Model], data: Mapping[str, Any]) -> tuple[_Model | None, list[Finding]]:
    """`data` as a `model`, and everything that does not fit it.

    Data with mistakes comes back without the parts that do not fit, so that the rest can be checked, too; None when
    not even that is possible.
    """
    try:
        return _validate(model, data), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    errors: list[dict[str, Any]] = [{**each, "loc": _as_written(each["loc"])} for each in found]
    findings = [_translate(model, each) for each in errors]
    pruned = copy.deepcopy(dict(data))
    for each in errors:
        _prune(pruned, each["loc"])
    try:
        return _validate(model, pruned), findings
    except ValidationError:
        return None, findings


def _validate(model: type[_Model], data: Mapping[str, Any]) -> _Model:
    return model.model_validate(data, strict=True, by_alias=True, by_name=False)


def _as_written(loc: KeyPath) -> KeyPath:
    """The path without what pydantic adds for a key that has two forms."""
    return tuple(part for at, part in enumerate(loc) if not (at and loc[at - 1] == "auth" and part in (ONE, SEVERAL)))


def _translate(model: type[BaseModel], error: Mapping[str, Any]) -> Finding:
    loc: KeyPath = error["loc"]
    kind: str = error["type"]
    name = str(loc[-1]) if loc else ""
    if name == "[key]":
        otherwise = {"alerts": _ALERT_NAMES, "limits": _LIMIT_KEY}.get(str(loc[0]), _KEY_OTHERWISE)
        return Finding(loc[:-1], *_KEY_MESSAGES.get(kind, otherwise), at_key=True)
    if kind == "extra_forbidden":
        known = _known_keys(model, loc[:-1])
        remedy = did_you_mean(name, known) + f"Known keys: {', '.join(known)}."
        return Finding(loc, f"unknown key `{shorten(name)}`", remedy, at_key=True)
    if kind == "missing":
        return Finding(loc, f"`{name}` is missing", _MISSING[name])
    if kind == "string_pattern_mismatch":
        named = name if name in _FORMS or len(loc) < 2 else str(loc[-2])
        return Finding(loc, "does not have the right form", _FORMS[named])
    return Finding(loc, *_words(kind, error.get("ctx", {})))


def _words(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a value, and what to write, by pydantic's error type and its context."""
    match kind:
        case "literal_error":
            return f"must be {context['expected']}", f"Write {context['expected']}."
        case "greater_than_equal":
            return f"must be at least {context['ge']:,}", "Write a greater number."
        case "less_than_equal":
            return f"must be at most {context['le']:,}", "Write a smaller number."
        case _:
            return _MESSAGES.get(kind, _OTHERWISE)


def _known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that may stand in the mapping at `path`."""
    found: list[Any] = [model]
    for part in path:
        found = [inner for each in found for inner in _inside(each, part)]
    return sorted(
        field.alias or name
        for each in found
        if isinstance(each, type) and issubclass(each, BaseModel)
        for name, field in each.model_fields.items()
    )


def _inside(holder: Any, part: str | int) -> list[Any]:
    """The types of what stands under `part` in a model, a mapping or a list."""
    if isinstance(holder, type) and issubclass(holder, BaseModel):
        fields = holder.model_fields.items()
        return [inner for name, field in fields if part in (name, field.alias) for inner in _members(field.annotation)]
    return _members(get_args(holder)[-1]) if get_args(holder) else []


def _members(annotation: Any) -> list[Any]:
    """The alternatives of a union, without what is only annotated to them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [member for each in get_args(annotation) for member in _members(each)]
    return [annotation]


def _prune(data: dict[str, Any], loc: KeyPath) -> None:
    """Take what does not fit out of `data`."""
    if loc[-1] in ("[key]", "secret", "attempts") or loc[-2:] == ("on_failure", "function"):
        loc = loc[:-1]
    # A list goes as a whole, and an alert: most of it is required.
    loc = loc[: {"alerts": 2, "ping": 1}.get(str(loc[0]), len(loc))]
    loc = next((loc[:at] for at, part in enumerate(loc) if isinstance(part, int)), loc)
    here: Any = data
    for part in loc[:-1]:
        if not isinstance(here, dict) or part not in here:
            return  # a parent went already
        here = here[part]
    name = str(loc[-1])
    if isinstance(here, dict) and len(loc) == 3 and loc[0] in _PLACEHOLDERS and name in _PLACEHOLDERS[str(loc[0])]:
        here[name] = _PLACEHOLDERS[str(loc[0])][name]
    elif isinstance(here, dict):
        here.pop(name, None)
