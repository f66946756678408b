"""Any value comes out of the file as it went in, as the real Supabase CLI reads it, or is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supacron.deploy.env_file import env_file
from supacron.errors import SupacronError
from supacron.secret import Secret
from tests.support.supabase import REF, cli_environment, management_api

AWKWARD = [
    "",
    " ",
    "plain",
    " blanks around ",
    "tab\tand\nline\n",
    "\n",
    "#",
    "a # b",
    "$HOME ${HOME} `",
    "it's",
    '"quoted"',
    "'quoted'",
    "`'",
    '`"',
    "'\"\nboth",
    "back\\slash\\n \\r \\t",
    "'back\\n",
    "ends with \\",
    "export X=1",
    "=",
    "\u00e9\U0001f600\u2028",
    "-----BEGIN KEY-----\nabc=\n-----END KEY-----\n",
    "X1=injected\nX2='injected'",
]
LETTERS = st.sampled_from([*"ab'\"`\\$#= \n\tn{}", "\u00e9", "\U0001f600"])


def writable(texts: list[str]) -> dict[str, Secret]:
    """By variable, those that the file can hold."""
    kept: dict[str, Secret] = {}
    for text in texts:
        one = {f"X{len(kept)}": Secret(text)}
        try:
            env_file(one)
        except SupacronError:
            continue
        kept |= one
    return kept


@pytest.mark.slow
def test_values_come_out_as_they_went_in(tmp_path: Path) -> None:
    with management_api(tmp_path) as api:
        environment = cli_environment(api) | {"SUPABASE_PROJECT_ID": REF}

        # One call of the CLI reads many values: it takes a second each.
        @settings(max_examples=3)
        @given(st.lists(st.text(LETTERS, max_size=12), min_size=100, max_size=300))
        def check(texts: list[str]) -> None:
            values = writable([*AWKWARD, *texts])
            file = tmp_path / "env"
            file.write_text(env_file(values).reveal())
            api.project.secrets.clear()
            command = ["supabase", "secrets", "set", "--env-file", str(file), "--workdir", str(tmp_path), "--yes"]
            subprocess.run(command, check=True, env=environment, capture_output=True)
            assert api.project.secrets == {name: value.reveal() for name, value in values.items()}

        check()


@pytest.mark.parametrize("text", ["'all of \"`", "a\rb", "a\0b", "'x' \\", "'`\\n"])
def test_what_no_quotes_can_hold(text: str) -> None:
    with pytest.raises(SupacronError, match="the value of the function secret KEY cannot be written") as caught:
        env_file({"KEY": Secret(text)})
    assert text not in str(caught.value)


def test_most_values_can_be_held() -> None:
    assert len(writable(AWKWARD)) > 20
    assert str(env_file({"KEY": Secret("canary")})) == "********"
