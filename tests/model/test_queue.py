from __future__ import annotations

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
