"""What is installed, and who runs it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.errors import LocalError
from local.installation import ServerUser, find_installation


def install(root: Path, version: int, *, cron: bool) -> None:
    (root / str(version) / "bin").mkdir(parents=True)
    (root / str(version) / "lib").mkdir()
    (root / str(version) / "bin" / "postgres").touch()
    if cron:
        (root / str(version) / "lib" / "pg_cron.so").touch()


def test_the_lowest_complete_version_is_taken(tmp_path: Path) -> None:
    install(tmp_path, 15, cron=False)
    install(tmp_path, 16, cron=True)
    install(tmp_path, 17, cron=True)
    assert find_installation(tmp_path).version == 16
    assert find_installation(tmp_path, version=17).bin == tmp_path / "17" / "bin"


@pytest.mark.parametrize(
    ("present", "message", "remedy"),
    [
        ((), "No PostgreSQL 15 or 16 or 17 found", "apt-get install --yes postgresql-15 postgresql-15-cron"),
        ((16,), "PostgreSQL 16 has no pg_cron", "apt-get install --yes postgresql-16-cron"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, present: tuple[int, ...], message: str, remedy: str) -> None:
    debian = tmp_path / "debian_version"
    debian.touch()
    for version in present:
        install(tmp_path, version, cron=False)
    with pytest.raises(LocalError, match=message) as caught:
        find_installation(tmp_path, debian_version=debian)
    assert remedy in caught.value.remedy


def test_another_system_is_told_to_bring_its_own_database(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="not Debian") as caught:
        find_installation(tmp_path, debian_version=tmp_path / "absent")
    assert "DATABASE_URL" in caught.value.remedy


def test_the_servers_user_is_never_root() -> None:
    user = ServerUser.current()
    assert user.uid != 0
    assert user.switch == (os.geteuid() == 0)


@pytest.mark.parametrize(
    ("mode", "own", "group", "expected"),
    [
        (0o100, True, True, True),
        (0o011, True, True, False),
        (0o010, False, True, True),
        (0o101, False, True, False),
        (0o001, False, False, True),
        (0o110, False, False, False),
    ],
)
def test_which_folders_a_user_may_enter(tmp_path: Path, mode: int, own: bool, group: bool, expected: bool) -> None:
    status = tmp_path.stat()
    user = ServerUser("somebody", status.st_uid + (not own), status.st_gid + (not group), switch=True)
    tmp_path.chmod(mode)
    try:
        assert user.may_enter(tmp_path) is expected
    finally:
        tmp_path.chmod(0o700)
