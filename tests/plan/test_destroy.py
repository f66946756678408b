"""What a destroy takes away, and what it leaves."""

from __future__ import annotations

from dataclasses import replace

from supacron.live.state import LiveState, empty
from supacron.plan.destroy import destroy_steps
from supacron.secret import Secret
from tests.plan.test_secrets import desired
from tests.support.states import applied


def titles(live: LiveState, *, with_data: bool = False) -> list[str]:
    return [step.title for step in destroy_steps("one", live, with_data=with_data)]


def live(**fields: object) -> LiveState:
    return replace(applied(desired(), {"key": Secret("x")}), **fields)  # type: ignore[arg-type]


def test_a_destroy_keeps_data() -> None:
    found = titles(live())
    assert "unschedule jobs" in found
    assert "unschedule the runtime's jobs" in found
    assert not any(title.startswith(("delete", "drop")) for title in found)


def test_the_last_stack_leaves_nothing_when_told() -> None:
    found = titles(live(), with_data=True)
    assert found[-2:] == ["delete the fingerprint key", "drop the schema supacron"]
    assert {"delete its history", "delete its secrets", "delete the stack"} <= set(found)


def test_another_stack_keeps_the_runtime() -> None:
    found = titles(live(other_stacks=frozenset({"two"})), with_data=True)
    assert found[-1] == "delete the stack"


def test_the_kept_data_of_a_destroyed_stack_stays() -> None:
    found = titles(live(destroyed_stacks=frozenset({"two"})), with_data=True)
    assert found[-1] == "unschedule the runtime's jobs"


def test_a_second_destroy_has_nothing_to_do() -> None:
    state = live()
    assert state.stack is not None
    gone = replace(state, stack=replace(state.stack, destroyed=True), jobs={}, secrets={})
    assert titles(gone) == []
    assert "delete the stack" in titles(gone, with_data=True)
    assert titles(empty()) == []
