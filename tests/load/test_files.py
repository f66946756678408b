from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import InvalidInput
from supacron.load.files import build, load_stack, short_name
from supacron.plan.script import script_digest

STACKS = Path(__file__).parents[2] / "stacks"
DEFINITION = {"jobs": {"one": {"schedule": "*/30 * * * *", "function": "f", "body": {"n": 1}}}}
CONFIG = {"projectRef": "abcdefghijklmnopqrst", "projectUrl": "https://abcdefghijklmnopqrst.supabase.co"}


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_the_shipped_stacks_hold_no_mistakes(stack: str) -> None:
    loaded = load_stack(STACKS, stack)

    assert loaded.warnings == ()
    job = loaded.desired.jobs["batch-processor-30min"]
    assert job.call is not None
    assert job.call.url == f"{loaded.environment.project_url}/functions/v1/batch-processor"
    (auth,) = job.call.auth
    assert loaded.desired.secrets[auth.secret].vault_name == f"supacron/{stack}/batch_processor_key"


def test_the_shipped_overrides_take_effect() -> None:
    dev, prod = load_stack(STACKS, "dev").desired, load_stack(STACKS, "organization/supacron/prod").desired

    assert dev.jobs["batch-processor-30min"].schedule == "*/5 * * * *"
    assert not dev.jobs["transcription-processor"].enabled
    assert prod.jobs["batch-processor-30min"].call is not None
    assert prod.jobs["batch-processor-30min"].call.body == {"batch_size": 50}


def test_what_h_stands_for_depends_on_the_project_and_the_definitions_digest_does_not(tmp_path: Path) -> None:
    drawn = {"jobs": {"one": {"schedule": "H H * * *", "function": "f"}}}
    one, two = (build("qa", drawn, CONFIG, project=project).desired for project in ("one", "two"))
    assert one.jobs["one"].schedule != two.jobs["one"].schedule
    assert one.jobs["one"].spread_from == two.jobs["one"].spread_from == "H H * * *"
    assert one.source == two.source
    assert script_digest(one) != script_digest(two)
    # Another environment of the same project runs it at the same time.
    (tmp_path / "Pulumi.yaml").write_text("name: one\nruntime: python\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "prod.yaml").write_text("jobs: {one: {schedule: H H * * *, function: f}}\n")
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text(
        "config: {supacron:projectRef: other, supacron:projectUrl: https://other.supabase.co}\n"
    )
    assert load_stack(tmp_path / "stacks", "prod").desired.jobs["one"].schedule == one.jobs["one"].schedule


def test_loading_twice_gives_the_same_bytes() -> None:
    assert load_stack(STACKS, "prod").desired.to_json() == load_stack(STACKS, "prod").desired.to_json()


def test_config_that_was_read_elsewhere_gives_the_same(tmp_path: Path) -> None:
    overrides = {"jobs": {"one": {"body": {"n": 2}}}}
    path = tmp_path / "case.yaml"
    path.write_text(
        "secrets: {key: {}}\njobs: {one: {schedule: '*/30 * * * *', function: f, body: {n: 1}, auth: {secret: key}}}"
    )
    config = {**CONFIG, "overrides": overrides, "secrets": {"key": None}}

    from_file = build("case", path, config)
    from_data = build(
        "case",
        {"secrets": {"key": {}}, "jobs": {"one": {**DEFINITION["jobs"]["one"], "auth": {"secret": "key"}}}},
        config,
    )

    assert from_file == from_data
    assert from_file.configured_secrets == {"key"}
    assert from_file.desired.jobs["one"].call is not None
    assert from_file.desired.jobs["one"].call.body == {"n": 2}


def test_mistakes_in_config_that_was_read_elsewhere_have_a_path_and_no_place() -> None:
    token = "sb_secret_madeupmadeup1234"
    with pytest.raises(InvalidInput) as caught:
        build("case", DEFINITION, {**CONFIG, "overrides": {"jobs": {"one": {"schedule": "1", "body": {"k": token}}}}})

    assert [(problem.path, problem.place) for problem in caught.value.problems] == [
        ("jobs.one.schedule", None),
        ("supacron:overrides.jobs.one.body.k", None),
    ]
    assert token not in str(caught.value)


def test_a_token_as_a_long_name_is_not_repeated_in_part() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiIsIm5vdGUiOiJtYWRlIHVwLCBhbmQgbG9uZyJ9.bm90LWEtcmVhbC1zaWduYXR1cmU"
    with pytest.raises(InvalidInput) as caught:
        build("case", {"jobs": {token: {"schedule": "* *", "function": "f"}}, token: 1}, CONFIG)

    assert len(caught.value.problems) >= 3
    assert "eyJ" not in str(caught.value)


@pytest.mark.parametrize("stack", ["../prod", "a b", "", ".", "..", "x/", "a" * 101])
def test_names_that_are_no_stacks(stack: str) -> None:
    if stack == "../prod":
        assert short_name(stack) == "prod"
        return
    with pytest.raises(InvalidInput, match="not the name of a stack"):
        load_stack(STACKS, stack)


def test_a_missing_stack_names_those_that_are_there() -> None:
    with pytest.raises(InvalidInput) as caught:
        load_stack(STACKS, "stagin")

    assert len(caught.value.problems) == 2
    assert "Did you mean `staging`?" in caught.value.problems[0].remedy
    assert "Stacks here: dev, local, prod, staging." in caught.value.problems[0].remedy


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").mkdir()

    with pytest.raises(InvalidInput, match="cannot be read: Is a directory"):
        build("case", tmp_path / "case.yaml", CONFIG)


def test_an_unreadable_file_hides_no_mistake_of_the_other(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("jobs: [")
    (tmp_path / "Pulumi.case.yaml").write_text("config: {}")

    with pytest.raises(InvalidInput) as caught:
        load_stack(tmp_path, "case")

    assert [problem.path for problem in caught.value.problems] == ["supacron:projectRef", "supacron:projectUrl", ""]
