"""What a process is told through its environment. Secrets travel here and on no command line.

`SUPACRON_STACK_DATABASE_URL`, `SUPACRON_SECRETS`, `SUPACRON_REPAIR` and `SUPACRON_RELEASE` are set by the Pulumi
program for its command; `SUPACRON_DATABASE_URL` and the variables named by `env:` in the YAML are the user's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from supacron.errors import Refused, SupacronError
from supacron.model.desired import Desired
from supacron.render import queue, templates
from supacron.secret import Secret

USER_URL = "SUPACRON_DATABASE_URL"
STACK_URL = "SUPACRON_STACK_DATABASE_URL"
SECRETS = "SUPACRON_SECRETS"
REPAIR = "SUPACRON_REPAIR"
RELEASE = "SUPACRON_RELEASE"
DESTROY = "SUPACRON_DESTROY"
NO_DATABASE = f"Run `pulumi config set --secret supacron:databaseUrl`, or set {USER_URL}."


def command_database_url(environ: Mapping[str, str]) -> Secret:
    """The database of an apply: the stack's configuration before the user's variable. Raises SupacronError for none."""
    return _first(
        environ, f"Run `pulumi config set --secret supacron:databaseUrl`, or set {USER_URL}.", STACK_URL, USER_URL
    )


def destroy_database_url(environ: Mapping[str, str]) -> Secret:
    """The database of a destroy: the user's variable first, since the one in Pulumi's state may be out of date."""
    return _first(environ, f"Set {USER_URL}: the last apply left no URL in Pulumi's state.", USER_URL, STACK_URL)


def destroy_uses_state(environ: Mapping[str, str]) -> bool:
    """Whether a destroy takes the database's URL from Pulumi's state, where the last apply left it."""
    return not environ.get(USER_URL)


def secret_values(desired: Desired, environ: Mapping[str, str]) -> dict[str, Secret]:
    """The values at hand, by name of secret. An absent or empty one is left out: it means `leave Vault as it is`."""
    configured = json.loads(environ.get(SECRETS) or "{}")
    values = {}
    for name, slot in desired.secrets.items():
        value = environ.get(slot.env) if slot.env else configured.get(name)
        if value:
            values[name] = Secret(value)
    return values


def release_mark(version: str) -> str:
    """What the program and its command must agree on: the tool's version and its templates."""
    return f"{version} {templates.digest()[:8]}{queue.digest()[:8]}"


def drops_data(environ: Mapping[str, str]) -> bool:
    """Whether what is destroyed goes with its data, and a queue that is no longer wanted with the jobs in it."""
    return environ.get(DESTROY) == "data"


def check_release(environ: Mapping[str, str], version: str) -> None:
    """Raises Refused when the command was found in another installation than the program that was previewed."""
    expected = environ.get(RELEASE)
    if expected and expected != release_mark(version):
        raise Refused(
            f"the Pulumi program is of supacron {expected}, and the command that it found of {release_mark(version)}",
            "Install the same supacron for both: the program's virtual environment is .venv or venv in its folder, "
            "or the one that is activated.",
        )


def repair_counter(environ: Mapping[str, str]) -> int:
    return int(environ.get(REPAIR) or 0)


def _first(environ: Mapping[str, str], remedy: str, *names: str) -> Secret:
    for name in names:
        if value := environ.get(name):
            return Secret(value)
    raise SupacronError("no database is given", remedy)
