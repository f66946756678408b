"""What a process is told through its environment. Secrets travel here and on no command line.

`SUPACRON_STACK_DATABASE_URL`, `SUPACRON_STACK_ACCESS_TOKEN`, `SUPACRON_SECRETS`, `SUPACRON_REPAIR` and
`SUPACRON_RELEASE` are set by the Pulumi program for its commands; `SUPACRON_DATABASE_URL`, `SUPABASE_ACCESS_TOKEN`,
`SUPACRON_SOURCE_DATABASE_URL`, `SUPACRON_WAIVE`, `SUPACRON_DESTROY`, `SUPACRON_ALLOW` and the variables named by `env:`
in the YAML are the user's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from supacron.errors import Refused, SupacronError
from supacron.model.desired import Desired
from supacron.model.functions import Deployment
from supacron.model.promotion import GATES
from supacron.model.safety import Brake
from supacron.render import queue, templates
from supacron.secret import Secret

USER_URL = "SUPACRON_DATABASE_URL"
STACK_URL = "SUPACRON_STACK_DATABASE_URL"
USER_TOKEN = "SUPABASE_ACCESS_TOKEN"  # noqa: S105 - a name
STACK_TOKEN = "SUPACRON_STACK_ACCESS_TOKEN"  # noqa: S105 - a name
SECRETS = "SUPACRON_SECRETS"
REPAIR = "SUPACRON_REPAIR"
RELEASE = "SUPACRON_RELEASE"
DESTROY = "SUPACRON_DESTROY"
ALLOW = "SUPACRON_ALLOW"
SOURCE_URL = "SUPACRON_SOURCE_DATABASE_URL"
WAIVE = "SUPACRON_WAIVE"
NO_DATABASE = f"Run `pulumi config set --secret supacron:databaseUrl`, or set {USER_URL}."


def command_database_url(environ: Mapping[str, str]) -> Secret:
    """The database of an apply: the stack's configuration before the user's variable. Raises SupacronError for none."""
    return _first(
        environ, f"Run `pulumi config set --secret supacron:databaseUrl`, or set {USER_URL}.", STACK_URL, USER_URL
    )


def destroy_database_url(environ: Mapping[str, str]) -> Secret:
    """The database of a destroy: the user's variable first, since the one in Pulumi's state may be out of date."""
    return _first(environ, f"Set {USER_URL}: the last apply left no URL in Pulumi's state.", USER_URL, STACK_URL)


def command_access_token(environ: Mapping[str, str]) -> Secret:
    """The token that deploys: the stack's configuration before the user's variable. Raises SupacronError for none."""
    return _token(environ, STACK_TOKEN, USER_TOKEN)


def destroy_access_token(environ: Mapping[str, str]) -> Secret:
    """The token that deletes: the user's variable first, since the one in Pulumi's state may be out of date."""
    return _token(environ, USER_TOKEN, STACK_TOKEN)


def destroys(environ: Mapping[str, str], what: str) -> bool:
    """Whether SUPACRON_DESTROY names `what`, perhaps beside others: `data`, `functions`."""
    return what in (environ.get(DESTROY) or "").replace(",", " ").split()


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


def function_values(deployment: Deployment, environ: Mapping[str, str]) -> dict[str, Secret]:
    """The values of function secrets at hand, by variable. An absent or empty one is left as the project has it."""
    configured = json.loads(environ.get(SECRETS) or "{}")
    values = {}
    for name, source in deployment.secrets.items():
        value = environ.get(source.env) if source.env else configured.get(source.secret)
        if value:
            values[name] = Secret(value)
    return values


def release_mark(version: str) -> str:
    """What the program and its command must agree on: the tool's version and its templates."""
    return f"{version} {templates.digest()[:8]}{queue.digest()[:8]}"


def drops_data(environ: Mapping[str, str]) -> bool:
    """Whether what is destroyed goes with its data, and a queue that is no longer wanted with the jobs in it."""
    return destroys(environ, "data")


def allowed(environ: Mapping[str, str], given: Iterable[str] = ()) -> frozenset[Brake]:
    """The brakes that are lifted this time, by SUPACRON_ALLOW or by `given`; raises SupacronError for what is none.

    It is an environment variable and no configuration, so that no state keeps it.
    """
    names = [*given, *(environ.get(ALLOW) or "").replace(",", " ").split()]
    for name in names:
        if name not in set(Brake):
            raise SupacronError(f"{name!r} is nothing that can be allowed", f"What can be: {', '.join(Brake)}.")
    return frozenset(map(Brake, names))


def check_release(environ: Mapping[str, str], version: str) -> None:
    """Raises Refused when the command was found in another installation than the program that was previewed."""
    expected = environ.get(RELEASE)
    if expected and expected != release_mark(version):
        raise Refused(
            f"the Pulumi program is of supacron {expected}, and the command that it found of {release_mark(version)}",
            "Install the same supacron for both: the program's virtual environment is .venv or venv in its folder, "
            "or the one that is activated.",
        )


def waived_gates(environ: Mapping[str, str]) -> dict[str, str]:
    """The gates that SUPACRON_WAIVE names, and why: `GATE=REASON`, several separated by `;`. Raises SupacronError."""
    return parse_waivers(part for part in environ.get(WAIVE, "").split(";") if part.strip())


def parse_waivers(given: Iterable[str]) -> dict[str, str]:
    """Each `GATE=REASON`; raises SupacronError for a gate that is not there, and for one without a reason."""
    waived = {}
    for text in given:
        gate, _, reason = (part.strip() for part in text.partition("="))
        if gate not in GATES:
            raise SupacronError(f"there is no gate `{gate}` to waive", f"Gates: {', '.join(GATES)}.")
        if not reason:
            raise SupacronError(f"the gate `{gate}` is waived without a reason", f"Write {gate}=REASON.")
        waived[gate] = reason
    return waived


def repair_counter(environ: Mapping[str, str]) -> int:
    return int(environ.get(REPAIR) or 0)


def _first(environ: Mapping[str, str], remedy: str, *names: str) -> Secret:
    return _given(environ, "no database is given", remedy, *names)


def _token(environ: Mapping[str, str], *names: str) -> Secret:
    remedy = f"Run `pulumi config set --secret supacron:accessToken`, or set {USER_TOKEN}."
    return _given(environ, "no access token of Supabase is given", remedy, *names)


def _given(environ: Mapping[str, str], message: str, remedy: str, *names: str) -> Secret:
    for name in names:
        if value := environ.get(name):
            return Secret(value)
    raise SupacronError(message, remedy)
