from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supacron.audit.files import MAX_BYTES, audit_files, files_below, tracked_files
from supacron.audit.findings import Audit, Fingerprints
from supacron.errors import Place, SupacronError
from tests.support.tokens import SECRET_KEY, token

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def audit(*paths: Path) -> Audit:
    return audit_files(paths, Fingerprints(), NOW)


def audit_text(tmp_path: Path, text: str, name: str = "file.sql") -> Audit:
    path = tmp_path / name
    path.write_text(text)
    return audit(path)


def test_places_in_a_file(tmp_path: Path) -> None:
    found = audit_text(tmp_path, f"-- first\nselect '{SECRET_KEY}', '{token()}';\n\nselect '{SECRET_KEY}';\n").found
    path = str(tmp_path / "file.sql")
    assert [(each.place, each.credential.kind) for each in found] == [
        (Place(path, 2, 9), "secret-key"),
        (Place(path, 2, 9 + len(SECRET_KEY) + 4), "anon-jwt"),
        (Place(path, 4, 9), "secret-key"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"select '{SECRET_KEY}'; -- supacron:allow a made-up key\n", "a made-up key"),
        (f"# supacron:allow a made-up key\nkey: {SECRET_KEY}\n", "a made-up key"),
        (f"<!-- supacron:allow a made-up key -->\n{SECRET_KEY}\n", "a made-up key"),
        (f"/* supacron:allow a made-up key */ {SECRET_KEY}\n", "a made-up key"),
        (f"\n{SECRET_KEY}\n\n// supacron:allow-file keys of the tests\n", "keys of the tests"),
        (f'"""supacron:allow-file keys of the tests\n"""\nKEY = "{SECRET_KEY}"\n', "keys of the tests"),
    ],
)
def test_silenced_with_a_reason(tmp_path: Path, text: str, reason: str) -> None:
    report = audit_text(tmp_path, text)
    assert report.open == ()
    assert [each.allowed for each in report.allowed] == [reason]


def test_a_reason_shows_no_key_either(tmp_path: Path) -> None:
    (found,) = audit_text(tmp_path, f"# supacron:allow {SECRET_KEY} is made up\n").allowed
    assert found.allowed == "******** is made up"


@pytest.mark.parametrize(
    "text",
    [
        f"select '{SECRET_KEY}'; -- supacron:allow\n",
        f"-- supacron:allow\nselect '{SECRET_KEY}';\n",
    ],
)
def test_without_a_reason_nothing_is_silenced(tmp_path: Path, text: str) -> None:
    (found,) = audit_text(tmp_path, text).open
    assert "without a reason" in found.note


@pytest.mark.parametrize(
    "text",
    [
        f"select 1; -- supacron:allow for this line\nselect '{SECRET_KEY}';\n",
        f"-- supacron:allow the next line only\nselect 1;\nselect '{SECRET_KEY}';\n",
        f"select '{SECRET_KEY}'; -- supacron:allow-file\n",
        f"select '{SECRET_KEY}'; -- supacron:allowed because I say so\n",
    ],
)
def test_what_a_silencer_does_not_reach(tmp_path: Path, text: str) -> None:
    assert len(audit_text(tmp_path, text).open) == 1


def test_binary_files_and_links_are_passed_over(tmp_path: Path) -> None:
    binary, real = tmp_path / "a.bin", tmp_path / "b.txt"
    binary.write_bytes(b"\0\1" + SECRET_KEY.encode())
    real.write_bytes(b"\xff " + SECRET_KEY.encode())
    (tmp_path / "c.txt").symlink_to(real)
    report = audit(binary, real, tmp_path / "c.txt", tmp_path / "gone.txt")
    assert [each.place for each in report.found] == [Place(str(real), 1, 3)]
    assert report.looked_at == ("2 files",)


def test_a_file_that_is_too_large_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert audit(path).not_looked_at == ((str(path), "larger than 32 MiB"),)


def test_what_git_tracks(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "sub").mkdir()
    for name in ("tracked é.sql", "sub/other.sql", "untracked.sql"):
        (tmp_path / name).write_text(SECRET_KEY)
    subprocess.run(["git", "-C", str(tmp_path), "add", "tracked é.sql", "sub/other.sql"], check=True)
    assert tracked_files(tmp_path) == [tmp_path / "sub/other.sql", tmp_path / "tracked é.sql"]


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SupacronError, match="is in no git repository"):
        tracked_files(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SupacronError, match="git is not on PATH"):
        tracked_files(tmp_path)


def test_paths_that_are_named(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    (tmp_path / "a.sql").write_text("x")
    assert files_below([tmp_path, tmp_path / "a.sql"]) == [tmp_path / "a.sql"]
    with pytest.raises(SupacronError, match="is not there"):
        files_below([tmp_path / "b.sql"])
