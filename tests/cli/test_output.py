from __future__ import annotations

import pytest

from supacron.cli import output
from supacron.cli.changes import show
from supacron.plan.changes import Plan
from supacron.schedule.peak import Peak


@pytest.fixture(params=["pipe", "terminal"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if request.param == "terminal":
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "40")
    return str(request.param)


def test_a_document_is_readable_json(capsys: pytest.CaptureFixture[str]) -> None:
    output.document({"name": "zürich"})
    assert capsys.readouterr().out == '{\n  "name": "zürich"\n}\n'


def test_a_table_has_colours_and_folds_on_a_terminal_only(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("job", "error"), [["a-long-name-of-a-job", ("x" * 60, "red")]])
    shown = capsys.readouterr().out
    assert ("\x1b[31m" in shown) == (kind == "terminal")
    assert ("x" * 60 in shown) == (kind == "pipe")
    assert "a-long-name-of-a-job" in shown
    assert all(line == line.rstrip() for line in shown.splitlines())


def test_pairs_and_lines_too(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.pairs([("result", ("ok", "green")), ("job", "a")])
    output.line(("dev", "bold"), "  text")
    shown = capsys.readouterr().out
    assert ("\x1b[32m" in shown) == (kind == "terminal")
    assert "text" in shown


def test_a_line_is_not_cut_into_pieces(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.line("word " * 30 + "end")
    assert len(capsys.readouterr().out.splitlines()) == 1, kind


def test_no_color_wins(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    output.line(("dev", "red"))
    assert "31m" not in capsys.readouterr().out


def test_what_is_shown_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.line("a\x1b[2Jb\nc [bold]d[/bold] :smile:")
    assert capsys.readouterr().out == "a\\x1b[2Jb\\nc [bold]d[/bold] :smile:\n"


def test_only_what_does_not_print_is_escaped() -> None:
    assert output.printable("zürich → 🕐\t") == "zürich → 🕐\\t"


def test_a_plan_tells_who_starts_together_and_is_quiet_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    show(Plan(stack="prod", collisions=(Peak(3, 0, ("a", "b")), Peak(0, 5, ("c", "d"), minutes=24))), "text")
    assert capsys.readouterr().out.splitlines() == [
        "  together 2 jobs start at 03:00 UTC: a, b",
        "  together 2 jobs start in each of 24 minutes of a day, as at 00:05 UTC: c, d",
        "    An `H` in place of the minute, as in `H * * * *`, gives each job one of its own (docs/schedules.md).",
        "prod  nothing to change",
    ]
    show(Plan(stack="prod"), "text")
    assert capsys.readouterr().out == "prod  nothing to change\n"
