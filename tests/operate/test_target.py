from __future__ import annotations

import os
from pathlib import Path

import pytest

from supacron.errors import ExitCode, SupacronError
from supacron.operate.target import Target, Usage, choose, database_url, find_directory, stacks_in
from tests.support.deployed import Project


def test_the_folder_is_found_from_below(written: Project) -> None:
    below = written.root / "docs" / "deep"
    below.mkdir(parents=True)
    assert find_directory(None, below) == written.stacks


def test_the_folder_is_named_shortly_where_it_stands_below(written: Project) -> None:
    assert find_directory(None, written.root) == Path("stacks")


def test_a_folder_that_is_given_is_taken(written: Project, tmp_path: Path) -> None:
    assert find_directory(tmp_path / "elsewhere", written.root) == tmp_path / "elsewhere"


def test_without_a_project_it_is_stacks_here(tmp_path: Path) -> None:
    assert find_directory(None, tmp_path) == Path("stacks")


def test_stacks_are_those_with_a_definition(written: Project) -> None:
    (written.stacks / "Pulumi.prod.yaml").write_text("")
    (written.stacks / "qa.yaml").write_text("")
    assert stacks_in(written.stacks) == ["dev", "qa"]


def test_a_stack_is_chosen_by_name(written: Project) -> None:
    assert choose(written.stacks, "acme/cron/dev").name == "dev"


def test_without_a_name_the_error_lists_the_stacks(written: Project) -> None:
    with pytest.raises(Usage) as error:
        choose(written.stacks, None)
    assert "dev" in error.value.remedy
    assert error.value.exit_code == ExitCode.USAGE


def test_without_any_stack_the_error_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(Usage) as error:
        choose(tmp_path, "")
    assert "supacron init" in error.value.remedy


def test_a_label_fits_a_session() -> None:
    assert len(Target(Path(), "s" * 100).label) == 63


def test_the_variable_comes_first(written: Project) -> None:
    url = database_url(written.target, {"SUPACRON_DATABASE_URL": "postgresql://u:pw@h/d", "PATH": ""})
    assert url.reveal() == "postgresql://u:pw@h/d"


def test_without_a_project_pulumi_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(SupacronError, match=r"no Pulumi\.yaml"):
        database_url(Target(tmp_path, "dev"), os.environ | {"SUPACRON_DATABASE_URL": ""})


def test_without_pulumi_the_error_says_both_ways(written: Project, tmp_path: Path) -> None:
    with pytest.raises(SupacronError, match="not on PATH") as error:
        database_url(written.target, {"PATH": str(tmp_path)})
    assert "SUPACRON_DATABASE_URL" in error.value.remedy


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        ("error: no stack named 'dev' found", "no stack named", "pulumi stack init dev"),
        ("error: incorrect passphrase", "passphrase", "PULUMI_CONFIG_PASSPHRASE"),
        ("error: PULUMI_ACCESS_TOKEN must be set for login", "PULUMI_ACCESS_TOKEN", "pulumi login"),
        (
            "warning: old\nerror: configuration key 'supacron:databaseUrl' not found for stack 'dev'",
            "no database",
            "set",
        ),
        ("", "no database", "pulumi config set"),
        ("error: the disk is full", "the disk is full", "pulumi stack --stack dev"),
        ("panicked", "panicked", "pulumi stack --stack dev"),
    ],
)
def test_what_pulumi_says_is_put_in_words(
    written: Project, tmp_path: Path, said: str, message: str, remedy: str
) -> None:
    """Outputs that a real engine gives only on other machines, such as of a backend in the cloud."""
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\necho postgresql://u:leaked@h/d\ncat >&2 <<'E'\n{said}\nE\nexit 255\n")
    script.chmod(0o755)
    with pytest.raises(SupacronError, match=message) as error:
        database_url(written.target, {"PATH": f"{script.parent}:/bin:/usr/bin"})
    assert remedy in error.value.remedy
    assert "leaked" not in str(error.value)


def test_a_pulumi_that_hangs_is_given_up(written: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "bin" / "pulumi"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    script.chmod(0o755)
    monkeypatch.setattr("supacron.operate.target.PULUMI_SECONDS", 0.2)
    with pytest.raises(SupacronError, match=r"within 0\.2 s"):
        database_url(written.target, {"PATH": f"{script.parent}:/bin:/usr/bin"})
