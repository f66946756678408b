"""The templates: nothing unfiltered, nothing undefined, and SQL that a parser accepts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2
import pglast
import pytest

from supacron.render import templates
from supacron.render.literals import Sql, literal

PLAIN = [name for name in templates.names("**/*.sql") if "%(" not in templates.sql(name)]


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A template of the test's own, in a folder that stands for templates/."""
    monkeypatch.setattr(templates, "directory", lambda: tmp_path)
    templates._environment.cache_clear()
    yield tmp_path / "one.sql.j2"
    templates._environment.cache_clear()


def test_a_filtered_value_is_printed(template: Path) -> None:
    template.write_text("select {{ name | literal }};\n")
    assert templates.render("one.sql.j2", name="it's") == "select 'it''s';\n"


@pytest.mark.parametrize("value", ["text", 7, True, None, ["a"], ","])
def test_an_unfiltered_value_is_an_error(template: Path, value: object) -> None:
    template.write_text("select {{ name }};\n")
    with pytest.raises(templates.UnfilteredValue, match="without a filter"):
        templates.render("one.sql.j2", name=value)


def test_an_undefined_value_is_an_error(template: Path) -> None:
    template.write_text("select {{ nothing }};\n")
    with pytest.raises(jinja2.UndefinedError, match="nothing"):
        templates.render("one.sql.j2")


def test_sql_text_may_be_printed(template: Path) -> None:
    template.write_text("select {{ value }};\n")
    assert templates.render("one.sql.j2", value=literal(1)) == "select 1;\n"
    assert isinstance(literal("x"), Sql)


@pytest.mark.parametrize("name", PLAIN)
def test_every_plain_template_parses(name: str) -> None:
    assert pglast.parse_sql(templates.sql(name))


@pytest.mark.parametrize("name", templates.names("runtime/functions/*.sql"))
def test_every_function_qualifies_its_names(name: str) -> None:
    text = templates.sql(name)
    assert "set search_path = ''" in text
    assert ("security definer" in text.lower()) is (name == "runtime/functions/trigger.sql")


def test_the_digest_covers_every_template_that_is_applied() -> None:
    before = templates.digest()
    assert len(before) == 64
    applied = [*templates.names("runtime/**/*.sql"), *templates.names("stack/*")]
    assert {name.split("/")[0] for name in applied} == {"runtime", "stack"}
    assert not [name for name in templates.names("runtime/**/*") if name.endswith(".j2")]
