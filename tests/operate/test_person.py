from __future__ import annotations

from pathlib import Path

import pytest

from supacron.operate.person import current_person


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of the caller's git, and an OS user that is known."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, str(tmp_path / "gitconfig"))
    monkeypatch.setenv("LOGNAME", "operator")
    monkeypatch.chdir(tmp_path)


def test_git_knows_the_name(tmp_path: Path) -> None:
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada L.\n")
    assert current_person() == "Ada L."


def test_without_gits_name_it_is_the_os_user(tmp_path: Path) -> None:
    (tmp_path / "gitconfig").write_text("")
    assert current_person() == "operator"


def test_without_git_it_is_the_os_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert current_person() == "operator"


def test_a_user_id_without_a_name_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> None:
        raise KeyError("no such user id")

    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert current_person() == "unknown"
