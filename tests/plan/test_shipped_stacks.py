"""The SQL of every stack that is shipped, read by PostgreSQL's own parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pglast
import pytest
from pglast import ast

from supacron.load.files import load_stack
from supacron.plan.script import script

STACKS = Path(__file__).resolve().parents[2] / "stacks"
NAMES = sorted(path.stem for path in STACKS.glob("*.yaml") if not path.name.startswith("Pulumi."))


def test_the_four_are_shipped() -> None:
    assert NAMES == ["dev", "local", "prod", "staging"]


def of_kind(statements: list[Any], kind: type) -> list[Any]:
    return [statement for statement in statements if isinstance(statement, kind)]


@pytest.mark.parametrize("name", NAMES)
def test_it_parses_and_every_function_is_locked_down(name: str) -> None:
    statements: list[Any] = [statement.stmt for statement in pglast.parse_sql(script(load_stack(STACKS, name).desired))]
    made = of_kind(statements, ast.CreateFunctionStmt)
    assert made
    for function in made:
        options = {option.defname for option in function.options}
        # A procedure that commits may have none.
        assert ("set" in options) is not function.is_procedure, "search_path is not set"
        # The queue has its own rules about who may call what: tests/queue/test_roles.py.
        of_runtime = function.funcname[0].sval == "supacron"
        trigger = function.funcname[-1].sval == "trigger"
        assert not of_runtime or ("security" in options) is trigger, "SECURITY DEFINER"
    assert any(function.funcname[-1].sval == "enqueue_job" for function in made)
    tables = {statement.relation.relname for statement in of_kind(statements, ast.CreateStmt)}
    secured = {
        statement.relation.relname
        for statement in of_kind(statements, ast.AlterTableStmt)
        if any(command.subtype.name == "AT_EnableRowSecurity" for command in statement.cmds)
    }
    assert tables == secured, "row level security is not on for each table"
