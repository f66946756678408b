"""`functions:`: what can be deployed, and with which secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from supacron.model.functions import SLUG, VARIABLE, Functions
from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import StackFile
from supacron.validate.findings import Finding, did_you_mean

PROJECT_REF: Final = re.compile(r"[a-z]{20}")
_RESERVED: Final = "SUPABASE_"
_LONGEST_VALUE: Final = 24_576
"""What the platform takes."""


def check_functions(definition: StackFile) -> Iterator[Finding]:
    """Mistakes; where there is nothing to deploy, none."""
    functions = definition.functions
    if functions is None:
        return
    yield from _check_directory(functions)
    yield from _check_deploy(functions)
    yield from _check_secrets(functions, definition)
    yield from _check_variables(functions)


def check_project_ref(functions: Functions | None, project_ref: str) -> Iterator[Finding]:
    """A finding of the stack's config: only a hosted project has functions to deploy to."""
    if functions is not None and not PROJECT_REF.fullmatch(project_ref):
        message = "functions are deployed to a hosted project, whose ref has 20 lower-case letters"
        yield Finding(("projectRef",), message, "Set the project's ref, or take `functions:` out of this stack.")


def _check_directory(functions: Functions) -> Iterator[Finding]:
    path = PurePosixPath(functions.directory)
    if path.is_absolute() or not functions.directory.strip() or "\\" in functions.directory:
        message = "must be a path from the project's folder"
        yield Finding(("functions", "directory"), message, "Write it as in `functions` or `supabase/functions`.")


def _check_deploy(functions: Functions) -> Iterator[Finding]:
    if not functions.deploy:
        remedy = "Name the folders, as in `deploy: {hello: {verify_jwt: true}}`, or remove `functions:`."
        yield Finding(("functions",), "names no function to deploy", remedy, at_key=True)
    for slug, function in functions.deploy.items():
        path: KeyPath = ("functions", "deploy", slug)
        if not re.fullmatch(SLUG, slug):
            remedy = "Use letters, digits, `-` and `_`, starting with a letter, at most 100."
            yield Finding(path, "not the name of a function", remedy, at_key=True)
        if function.verify_jwt is None:
            remedy = (
                "Write `verify_jwt: false` where the function checks its caller itself, as one that a schedule calls "
                "should; else `verify_jwt: true`."
            )
            yield Finding((*path, "verify_jwt"), "`verify_jwt` is missing", remedy)


def _check_secrets(functions: Functions, definition: StackFile) -> Iterator[Finding]:
    for name, slot in functions.secrets.items():
        path: KeyPath = ("functions", "secrets", name)
        yield from _check_name(name, path)
        if slot not in definition.secrets:
            remedy = did_you_mean(slot, definition.secrets) + "Declare it under `secrets:`, and name it here."
            yield Finding(path, f"no secret `{shorten(slot)}` under `secrets:`", remedy)


def _check_variables(functions: Functions) -> Iterator[Finding]:
    for name, value in functions.variables.items():
        path: KeyPath = ("functions", "variables", name)
        yield from _check_name(name, path)
        if name in functions.secrets:
            remedy = "Keep one of the two."
            yield Finding(path, "stands under `secrets` of the functions, too", remedy, at_key=True)
        if len(value) > _LONGEST_VALUE:
            yield Finding(path, f"longer than {_LONGEST_VALUE} characters", "Shorten it.")


def _check_name(name: str, path: KeyPath) -> Iterator[Finding]:
    if not re.fullmatch(VARIABLE, name):
        remedy = "Use letters, digits and `_`, not starting with a digit, at most 256."
        yield Finding(path, "not the name of a variable", remedy, at_key=True)
    elif name.startswith(_RESERVED):
        remedy = "Choose another name."
        yield Finding(path, f"names that start with `{_RESERVED}` are the platform's own", remedy, at_key=True)
