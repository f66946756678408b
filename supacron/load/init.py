"""A new environment's two files."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from supacron.errors import InvalidInput, Problem, Refused
from supacron.load.files import build_sources, short_name
from supacron.load.yaml_source import parse_text

_STARTER: Final = files("supacron.load") / "starter"


def write_environment(
    directory: Path, stack: str, project_ref: str, project_url: str | None = None
) -> tuple[Path, Path]:
    """Write `<stack>.yaml` and `Pulumi.<stack>.yaml` into `directory`, which is made if need be; returns their paths.

    `project_url` is the hosted project's unless given. Raises Refused when one of the files is there already, and
    InvalidInput when the ref or the URL cannot be one; nothing is written then.
    """
    name = short_name(stack)
    url = project_url if project_url is not None else f"https://{project_ref}.supabase.co"
    definition_path, config_path = directory / f"{name}.yaml", directory / f"Pulumi.{name}.yaml"
    _check_plain(project_ref, url)
    values = {"stack": name, "project_ref": project_ref, "project_url": url}
    definition = Template(_STARTER.joinpath("stack.yaml").read_text("utf-8")).substitute(values)
    config = Template(_STARTER.joinpath("config.yaml").read_text("utf-8")).substitute(values)
    build_sources(name, parse_text(definition, str(definition_path)), parse_text(config, str(config_path)))
    for path in (definition_path, config_path):
        if path.exists():
            raise Refused(f"{path} is there already; nothing was written.", "Edit it, or choose another stack's name.")
    directory.mkdir(parents=True, exist_ok=True)
    # "x": a file that appeared since the check is not overwritten either.
    with definition_path.open("x", encoding="utf-8") as file:
        file.write(definition)
    with config_path.open("x", encoding="utf-8") as file:
        file.write(config)
    return definition_path, config_path


def _check_plain(*values: str) -> None:
    """Keep the values inside of their single quotes."""
    for value in values:
        if "'" in value or not value.isprintable():
            problem = Problem("a quote or a control character in the project's ref or URL", "Check what you passed.")
            raise InvalidInput([problem])
