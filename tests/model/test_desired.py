from __future__ import annotations

import json

import pytest

from supacron.model.desired import Desired, DesiredCall, DesiredJob, DesiredRetention, DesiredSecret


def desired(jobs: dict[str, DesiredJob]) -> Desired:
    return Desired(
        stack="qa",
        project_ref="ref",
        project_url="https://example.com",
        retention=DesiredRetention(runs_ms=1, cron_history_ms=2),
        secrets={"k": DesiredSecret(vault_name="v")},
        jobs=jobs,
    )


def test_canonical_text_comes_back_and_does_not_depend_on_order() -> None:
    call = DesiredCall(method="GET", url="https://example.com/ä", headers={}, body=None, timeout_ms=1, auth=None)
    one, two = (
        DesiredJob(schedule="@daily", enabled=True, call=call),
        DesiredJob(schedule="@daily", enabled=True, sql="x"),
    )

    text = desired({"one": one, "two": two}).to_json()

    assert text == desired({"two": two, "one": one}).to_json()
    assert Desired.from_json(text) == desired({"one": one, "two": two})
    assert "ä" in text


@pytest.mark.parametrize(
    ("auth", "sent"), [(None, []), ({"secret": "k", "header": "apikey", "prefix": ""}, ["apikey: <k>"])]
)
def test_what_an_earlier_release_recorded_is_read(auth: object, sent: list[str]) -> None:
    call = {"method": "GET", "url": "https://example.com", "headers": {}, "body": None, "timeout_ms": 1, "auth": auth}
    assert list(map(str, DesiredCall.model_validate_json(json.dumps(call)).auth)) == sent
