from __future__ import annotations

from pathlib import Path

import yaml

from supacron.model.desired import Desired
from supacron.model.queue import DesiredJobType, DesiredQueue, Queue, QueueJobType, resolve_queue
from supacron.model.units import parse_duration
from tests.support.stacks import stack


def test_times_are_named_for_their_unit_and_nothing_is_lost() -> None:
    resolved = resolve_queue(Queue(lease="10m", job_types={"mail": QueueJobType(timeout="2s", urgent=True)}))

    assert resolved.lease_ms == parse_duration("10m")
    assert resolved.job_types == {"mail": DesiredJobType(timeout_ms=2000, urgent=True)}
    assert len(DesiredQueue.model_fields) == len(Queue.model_fields)
    assert len(DesiredJobType.model_fields) == len(QueueJobType.model_fields)


def test_the_order_of_roles_does_not_matter() -> None:
    one, two = (resolve_queue(Queue(urgent_roles=roles)) for roles in (["b", "a"], ["a", "b", "a"]))

    assert one == two


def test_a_queue_comes_back_from_its_text_with_each_rule_in_it() -> None:
    desired = stack(
        {}, queue=resolve_queue(Queue(job_types={"mail": QueueJobType(), "call": QueueJobType(lease="1s")}))
    )

    assert Desired.from_json(desired.to_json()) == desired
    assert '"lease_ms": 300000' in desired.to_json(), "a default too: a new one would be a change"


def test_the_documented_rules_are_the_usual_ones() -> None:
    text = (Path(__file__).parents[2] / "docs" / "queue.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(part.split("```")[0])["queue"] for part in text.split("```yaml\n")[1:]]
    (rules,) = [block for block in blocks if block]
    types = rules.pop("job_types")

    assert Queue.model_validate(rules) == Queue()
    assert rules.keys() | {"job_types"} == Queue.model_fields.keys()
    assert QueueJobType.model_validate(types["transcription"]).max_attempts == 3
