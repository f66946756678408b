"""House rules: each job that breaks one, all at once, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import InvalidInput
from supacron.load.house_rules import read_house_rules
from supacron.operate.validation import Validation, validate
from tests.support.engine import ROOT

RULES = """\
minimum_interval: 5m
per_minute: 2
require: [owner, description, timeout]
literal_secrets: false
"""
STACK = """\
defaults:
  headers: {X-Token: made-up}
jobs:
  good: {schedule: '0 3 * * *', sql: select 1, owner: me, description: Does it.}
  bad:
    schedule: '*/2 * * * *'
    url: https://example.com/?api_key=x
    headers: {X-Session-Secret: made-up}
  third: {schedule: '0 3 * * *', sql: select 1, owner: me, description: Does it.}
"""
CONFIG = "config: {'supacron:projectRef': local, 'supacron:projectUrl': 'https://p.example'}\n"


def found(folder: Path, rules: str, stack: str = STACK) -> list[str]:
    return [str(problem).replace(f"{folder}/", "").splitlines()[0] for problem in result(folder, rules, stack).problems]


def result(folder: Path, rules: str, stack: str = STACK) -> Validation:
    (folder / "dev.yaml").write_text(stack)
    (folder / "Pulumi.dev.yaml").write_text(CONFIG)
    (folder / "policy.yml").write_text(rules)
    return validate(folder, "dev", read_house_rules(folder / "policy.yml"))


def test_every_rule_that_is_broken_is_named_with_its_place(tmp_path: Path) -> None:
    assert found(tmp_path, RULES) == [
        "dev.yaml:6:15: jobs.bad.schedule: runs every 2m, and the house rules ask for 5m or more",
        "dev.yaml:5:3: jobs.bad: has no owner, which the house rules ask for",
        "dev.yaml:5:3: jobs.bad: has no description, which the house rules ask for",
        "dev.yaml:5:3: jobs.bad: sets no timeout, which the house rules ask for",
        "dev.yaml:8:15: jobs.bad.headers.X-Session-Secret: carries a credential that is written out",
        "dev.yaml:2:13: defaults.headers.X-Token: carries a credential that is written out",
        "dev.yaml:7:5: jobs.bad.url: carries a credential that is written out",
        "dev.yaml:9:21: jobs.third.schedule: 3 jobs start at 03:00 UTC, and the house rules allow 2: bad, good, third",
    ]


def test_what_is_not_asked_is_not_found(tmp_path: Path) -> None:
    assert found(tmp_path, "version: 1\n") == []


def test_a_rule_may_be_lifted_for_a_job(tmp_path: Path) -> None:
    rules = "minimum_interval: 5m\nper_minute: 2\nallow:\n"
    rules += "".join(f"- {{job: bad, rule: {rule}, reason: old}}\n" for rule in ("minimum_interval", "per_minute"))
    assert found(tmp_path, rules) == []


def test_defaults_count(tmp_path: Path) -> None:
    stack = "defaults: {timeout: 5s, owner: us}\njobs: {a: {schedule: '0 3 * * *', function: f}}\n"
    assert found(tmp_path, "require: [owner, timeout]\n", stack) == []


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("minimum_intervall: 5m\n", "policy.yml:1:1: minimum_intervall: unknown key `minimum_intervall`"),
        ("per_minute: lots\n", "policy.yml:1:13: per_minute: must be a whole number"),
        ("require: [purpose]\n", "policy.yml:1:11: require[0]: must be"),
        ("allow: [{job: a, rule: owner}]\n", "`reason` is missing"),
        ("a: [\n", "policy.yml:"),
    ],
)
def test_mistakes_in_the_rules_themselves(tmp_path: Path, rules: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        result(tmp_path, rules)
    assert message in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Check the path of --policy"):
        read_house_rules(tmp_path / "nothing.yml")


@pytest.mark.parametrize("stack", ["dev", "local", "prod", "staging"])
def test_the_shipped_stacks_keep_to_the_shipped_rules(stack: str) -> None:
    assert validate(ROOT / "stacks", stack, read_house_rules(ROOT / "policy.yaml")).problems == ()
