from __future__ import annotations

import copy
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from supacron.model.stack_file import Job, StackFile
from supacron.validate.check import check_definition

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["", "@daily", "f", "30s", "POST", "key", "https://a/"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["key", "secret", "as", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
JOBS = st.dictionaries(st.sampled_from([*Job.model_fields, "as", "typo"]), VALUES, max_size=8) | VALUES
STACKS = st.dictionaries(
    st.sampled_from([*StackFile.model_fields, "typo"]),
    VALUES | st.dictionaries(st.sampled_from(["a", "B", "", "secret"]), JOBS),
)


@given(STACKS)
def test_any_data_is_either_right_or_has_mistakes(data: dict[str, object]) -> None:
    before = copy.deepcopy(data)

    checked = check_definition(data, "qa", project_url="https://a")

    assert checked.mistakes or checked.definition is not None
    assert all(found.message and found.remedy for found in (*checked.mistakes, *checked.warnings))
    assert data == before


def test_one_bad_job_hides_nothing_of_another() -> None:
    bad = {"schedule": "@daily", "function": "f", "typo": 1}

    checked = check_definition({"jobs": {"a": bad, "b": {"schedule": "@daily"}}}, "qa", project_url=None)

    assert [found.path for found in checked.mistakes] == [("jobs", "a", "typo"), ("jobs", "b")]


def test_values_that_json_cannot_hold() -> None:
    data = {"jobs": {"a": {"schedule": "@daily", "function": "f", "body": {"at": dt.date(2024, 1, 1)}}}}

    checked = check_definition(data, "qa", project_url=None)

    assert [found.path[:3] for found in checked.mistakes] == [("jobs", "a", "body")]
