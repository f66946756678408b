from __future__ import annotations

import pytest

from supacron.operate.project import project_ref_of_stack
from supacron.operate.target import Target
from tests.support.deployed import Project


def test_the_ref_is_that_of_the_stacks_config(written: Project) -> None:
    assert project_ref_of_stack(written.target) == "local"


def test_a_full_stack_name_means_the_same_file(written: Project) -> None:
    assert project_ref_of_stack(Target(written.stacks, "acme/cron/dev")) == "local"


def test_a_mistake_in_the_definition_does_not_matter(written: Project) -> None:
    (written.stacks / "dev.yaml").write_text("jobs: [")
    assert project_ref_of_stack(written.target) == "local"


def test_without_a_config_file_it_is_not_known(written: Project) -> None:
    assert project_ref_of_stack(Target(written.stacks, "prod")) is None


@pytest.mark.parametrize("text", ["", "config: 3\n", "config: {}\n", "config: {'supacron:projectRef': [a]}\n", "a: ["])
def test_a_config_that_does_not_say_it_leaves_it_unknown(written: Project, text: str) -> None:
    (written.stacks / "Pulumi.dev.yaml").write_text(text)
    assert project_ref_of_stack(written.target) is None
