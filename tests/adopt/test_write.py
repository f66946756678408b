from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supacron.adopt.write import add, snippet
from supacron.errors import Refused
from supacron.load.yaml_source import parse_text

JOB: dict[str, Any] = {"schedule": "*/5 * * * *", "function": "worker", "adopt": True}
SECRETS: dict[str, Any] = {"anon_key": {}}


def test_a_file_that_has_neither() -> None:
    assert add("version: 1\n", "dev.yaml", {"jobs": {"nightly": JOB}, "secrets": SECRETS}) == (
        "version: 1\n\nsecrets:\n  anon_key: {}\n\njobs:\n  nightly:\n    schedule: '*/5 * * * *'\n"
        "    function: worker\n    adopt: true\n"
    )


def test_what_is_there_stays_byte_for_byte() -> None:
    text = (
        "# mine\nversion: 1\njobs:   # all of them\n    first:\n        schedule: '0 1 * * *'  # early\n"
        "        sql: |\n            select 1;\n            select 2;\n\n# the end\nretention: {runs: 30d}"
    )
    new = add(text, "dev.yaml", {"jobs": {"nightly": JOB}, "secrets": SECRETS})
    assert new == (
        "# mine\nversion: 1\nsecrets:\n  anon_key: {}\n\njobs:   # all of them\n    first:\n"
        "        schedule: '0 1 * * *'  # early\n        sql: |\n            select 1;\n            select 2;\n\n"
        "    nightly:\n      schedule: '*/5 * * * *'\n      function: worker\n      adopt: true\n"
        "# the end\nretention: {runs: 30d}\n"
    )


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("jobs:\n", "jobs:\n  nightly:\n"),
        ("jobs: null\n", None),
        ("jobs:\n- 1\n", None),
        ("jobs: {}\n", None),
        ("jobs: {a: {schedule: '* * * * *', sql: x}}\n", None),
        ("jobs:\n  a: {schedule: '* * * * *', sql: x}", "sql: x}\n  nightly:\n"),
        ("secrets:\n  b: {}\njobs:\n  a: {sql: x}\n", "  b: {}\n  anon_key: {}\njobs:\n  a: {sql: x}\n  nightly:\n"),
    ],
)
def test_layouts(text: str, added: str | None) -> None:
    if added is None:
        with pytest.raises(Refused, match="laid out in a way"):
            add(text, "dev.yaml", {"jobs": {"nightly": JOB}, "secrets": SECRETS})
    else:
        assert added in add(text, "dev.yaml", {"jobs": {"nightly": JOB}, "secrets": SECRETS})


def test_nothing_to_add() -> None:
    assert add("jobs: {}\n", "dev.yaml", {"jobs": {}}) == "jobs: {}\n"
    assert snippet({}, {}) == "{}\n"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co"]), max_size=60)
LINES = st.lists(TEXTS, min_size=1, max_size=4).map("\n".join)


@given(st.dictionaries(TEXTS.filter(bool), st.one_of(TEXTS, LINES, st.integers(), st.booleans(), st.lists(TEXTS))))
def test_any_text_comes_back(job: dict[str, Any]) -> None:
    text = snippet({}, {"nightly": job})
    source = parse_text(text, "dev.yaml")
    assert source.problems == ()
    assert source.data == {"jobs": {"nightly": job}}


@given(LINES)
@example("select 1\n\xa0\nfrom a")
def test_any_sql_can_be_added(sql: str) -> None:
    job = {"schedule": "* * * * *", "sql": sql}
    new = add("version: 1\njobs:\n   a: {sql: x}\n# end\n", "dev.yaml", {"jobs": {"nightly": job}})
    assert parse_text(new, "dev.yaml").data["jobs"]["nightly"] == job
