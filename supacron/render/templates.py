"""The SQL templates: where they lie, how they are filled in, and a digest that changes when they do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supacron.render import literals
from supacron.render.literals import Sql

if TYPE_CHECKING:
    import jinja2


class UnfilteredValue(TypeError):
    """A template prints a value that went through none of the filters of `supacron.render.literals`."""


@cache
def directory() -> Path:
    """`templates/`: inside the package when it is installed, beside it in a clone."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def sql(name: str) -> str:
    """A template without variables, such as `runtime/schema.sql`."""
    return (directory() / name).read_text(encoding="utf-8")


def render(name: str, /, **values: Any) -> str:
    """A template with its variables filled in; a missing or unfiltered one is an error."""
    return _environment().get_template(name).render(**values)


def names(pattern: str) -> list[str]:
    """The templates that match, in order of name."""
    root = directory()
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))


@cache
def digest() -> str:
    """SHA-256 over every template that makes SQL to apply, but for those of the queue."""
    return digest_of([*names("runtime/**/*.sql"), *names("stack/*")])


def digest_of(chosen: Iterable[str]) -> str:
    """SHA-256 over the names and the texts of templates."""
    total = hashlib.sha256()
    for name in chosen:
        total.update(name.encode() + b"\0" + sql(name).encode() + b"\0")
    return total.hexdigest()


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(directory()),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 -- SQL, not HTML; `finalize` refuses whatever no filter has quoted
    )
    for name in ("literal", "identifier", "jsonb", "text_array", "bigint_array"):
        environment.filters[name] = getattr(literals, name)
    return environment


def _finalize(value: object) -> object:
    if isinstance(value, Sql):
        return value
    import jinja2

    if isinstance(value, jinja2.Undefined):
        return value
    raise UnfilteredValue(f"a template prints a {type(value).__name__} without a filter")
