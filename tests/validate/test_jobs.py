from __future__ import annotations

import pytest

from supacron.model.stack_file import StackFile
from supacron.schedule.grammar import parse
from supacron.schedule.model import ScheduleError
from supacron.validate.jobs import check_job, check_renames


@pytest.mark.parametrize("schedule", ["*/45 * * * *", "@yearly", "0 0 * * * *", "", "5/15 * * * *", "every day"])
def test_a_schedule_that_pg_cron_does_not_keep(schedule: str) -> None:
    with pytest.raises(ScheduleError) as error:
        parse(schedule)
    raw = {"schedule": schedule, "function": "f"}
    stack = StackFile.model_validate({"jobs": {"j": raw}})

    mistakes, warnings = check_job("j", stack.jobs["j"], raw, stack, None)

    assert [(found.path, found.message, found.remedy) for found in mistakes] == [
        (("jobs", "j", "schedule"), error.value.message, error.value.remedy)
    ]
    assert warnings == []


def test_a_schedule_that_is_easily_misread() -> None:
    raw = {"schedule": "0 0 13 * 5", "function": "f"}
    stack = StackFile.model_validate({"jobs": {"j": raw}})

    mistakes, warnings = check_job("j", stack.jobs["j"], raw, stack, None)

    assert mistakes == []
    assert [found.message for found in warnings] == list(parse("0 0 13 * 5").warnings)
    assert len(warnings) == 1


@pytest.mark.parametrize("url", ["https://[::1/", "https://example.com:99999/"])
def test_a_url_that_is_none_is_reported_once(url: str) -> None:
    raw = {"schedule": "@daily", "url": url}
    stack = StackFile.model_validate({"secrets": {"k": {}}, "defaults": {"auth": {"secret": "k"}}, "jobs": {"j": raw}})

    mistakes, warnings = check_job("j", stack.jobs["j"], raw, stack, "https://example.com")

    assert [found.message for found in mistakes] == ["not a URL that pg_net can call"]
    assert warnings == []


def test_a_chain_of_renames_is_fine() -> None:
    stack = StackFile.model_validate(
        {
            "jobs": {
                "c": {"schedule": "@daily", "function": "f", "renamed_from": "b"},
                "e": {"schedule": "@daily", "function": "f", "renamed_from": "d"},
            }
        }
    )

    assert list(check_renames(stack.jobs)) == []
