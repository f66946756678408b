"""`supacron functions deploy`, with the real Supabase CLI."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from local.management_api import Refused
from supacron.model.functions import Deployment
from tests.deploy.conftest import DEFINITION, Folder
from tests.support.supabase import REF, TOKEN, cli_environment, install_cli

pytestmark = pytest.mark.slow

KEY = "canary-'of'-a \"key\""
DEPLOY = f"POST /v1/projects/{REF}/functions/deploy"
SECRETS = f"POST /v1/projects/{REF}/secrets"


def planned(folder: Folder) -> Deployment:
    """What Pulumi's command gets on its standard input."""
    from supacron.deploy.deploy import with_digests
    from supacron.load.files import load_stack

    deployment = load_stack(folder.root / "stacks", "dev").deployment
    assert deployment is not None
    return with_digests(folder.root, deployment)


def test_what_is_deployed(folder: Folder) -> None:
    done = folder.run("functions", "deploy", E_KEY=KEY)
    assert done.code == 0, done.err
    project = folder.api.project
    assert {name: each.verify_jwt for name, each in project.functions.items()} == {"hello": False, "guarded": True}
    assert [each.bundle.metadata["verify_jwt"] for each in project.functions.values()] == [True, False], (
        "said, not left"
    )
    hello = project.functions["hello"].bundle
    assert hello.metadata["entrypoint_path"] == "supabase/functions/hello/index.ts"
    assert hello.metadata["import_map_path"] == "supabase/functions/hello/deno.json"
    assert {path.removeprefix("supabase/functions/") for path in hello.files} == {
        "_shared/words.ts",
        "hello/deno.json",
        "hello/index.ts",
    }
    assert project.secrets == {"HELLO_KEY": KEY, "GREETING": "good 'morning'"}, "what has no value is left alone"
    posts = [call for call in project.calls if not call.startswith("GET")]
    assert posts[0] == SECRETS, "a new version may need them from its first call on"
    assert posts[-1] == f"PUT /v1/projects/{REF}/functions", "all together"
    assert "deployed to" in done.out
    assert "variables set: GREETING, HELLO_KEY" in done.out
    assert KEY not in done.out + done.err


def test_no_value_is_in_an_argument(folder: Folder, tmp_path: Path) -> None:
    """They are in a file that only its owner reads, and that is gone afterwards."""
    wrapper, seen = tmp_path / "bin" / "supabase", tmp_path / "seen"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\nfor each; do echo "$each $(stat -c %a "$each" 2>/dev/null)" >>\'{seen}\'; done\n'
        f"exec '{install_cli()}/supabase' \"$@\"\n"
    )
    wrapper.chmod(0o755)
    path = f"{wrapper.parent}{os.pathsep}{cli_environment(folder.api)['PATH']}"
    done = folder.run("functions", "deploy", E_KEY=KEY, PATH=path)
    assert done.code == 0, done.err
    said = seen.read_text()
    assert KEY not in said
    assert TOKEN not in said
    (file,) = [line for line in said.splitlines() if "secrets.env" in line]
    assert file.endswith(" 600")
    assert not Path(file.removesuffix(" 600")).exists()


def test_a_dry_run_sends_nothing(folder: Folder) -> None:
    shown = folder.run("functions", "deploy", "--dry-run", "--json", SUPABASE_ACCESS_TOKEN="")
    assert shown.code == 0, shown.err
    assert shown.data["deployed"] is False
    assert shown.data["functions"]["hello"]["verify_jwt"] is False
    assert shown.data["may_be_set"] == ["GREETING", "HELLO_KEY", "OTHER_KEY"]
    assert f"To be deployed to {REF}" in folder.run("functions", "deploy", "--dry-run").out
    assert folder.api.project.calls == []


def test_pulumis_command_and_the_end(folder: Folder) -> None:
    text = planned(folder).to_json()
    values = {"SUPACRON_SECRETS": json.dumps({"key": "not this one"}), "SUPACRON_STACK_ACCESS_TOKEN": TOKEN}
    done = folder.run(
        "functions", "deploy", "--stdin", "--json", stdin=text, E_KEY=KEY, SUPABASE_ACCESS_TOKEN="", **values
    )
    assert done.code == 0, done.err
    assert done.data["set"] == ["GREETING", "HELLO_KEY"]
    assert folder.api.project.secrets["HELLO_KEY"] == KEY

    kept = folder.run("functions", "destroy", stdin=text, SUPACRON_DESTROY="data")
    assert "guarded, hello: still deployed" in kept.err
    assert set(folder.api.project.functions) == {"guarded", "hello"}
    del folder.api.project.functions["guarded"]
    # The token of the state is older than the one at hand.
    stale = {"SUPACRON_STACK_ACCESS_TOKEN": f"sbp_{'0' * 40}"}
    gone = folder.run("functions", "destroy", stdin=text, SUPACRON_DESTROY="data,functions", **stale)
    assert (gone.code, gone.err) == (0, "deleted: hello\n")
    assert folder.api.project.functions == {}


def test_sources_that_changed_meanwhile(folder: Folder) -> None:
    text = planned(folder).to_json()
    folder.write("hello/index.ts", "Deno.serve(() => new Response('later'));\n")
    refused = folder.run("functions", "deploy", "--stdin", stdin=text)
    assert refused.code == 4
    assert "the sources of hello changed since this deployment was planned; nothing was deployed" in refused.err
    assert folder.api.project.calls == []


@pytest.mark.parametrize(
    ("failing", "status", "said"),
    [
        (DEPLOY, 400, "could not deploy guarded, hello:"),
        (SECRETS, 403, "could not set the function secrets:"),
    ],
    ids=["deploy", "secrets"],
)
def test_what_the_platform_refuses(folder: Folder, failing: str, status: int, said: str) -> None:
    echo = f"no: {TOKEN} {KEY}"
    folder.api.project.failing[failing] = Refused(status, echo)
    failed = folder.run("functions", "deploy", E_KEY=KEY)
    assert failed.code == 1
    assert said in failed.err
    assert "no: ********" in failed.err
    assert "canary" not in failed.err
    assert TOKEN not in failed.out + failed.err
    assert folder.api.project.functions == {}


def test_a_bundle_that_lacks_a_file(folder: Folder) -> None:
    folder.write("hello/index.ts", 'import "./gone.ts";\n')
    failed = folder.run("functions", "deploy", E_KEY=KEY)
    assert failed.code == 1
    assert "Module not found" in failed.err
    assert "supabase/functions/hello/gone.ts" in failed.err
    assert "hello" not in folder.api.project.functions


def test_tokens_that_do_not_open(folder: Folder) -> None:
    wrong = folder.run("functions", "deploy", E_KEY=KEY, SUPABASE_ACCESS_TOKEN=f"sbp_{'0' * 40}")
    assert wrong.code == 1
    assert "https://supabase.com/dashboard/account/tokens" in wrong.err
    none = folder.run(
        "functions", "destroy", stdin=planned(folder).to_json(), SUPACRON_DESTROY="functions", SUPABASE_ACCESS_TOKEN=""
    )
    assert none.code == 1
    assert "no access token of Supabase is given" in none.err


def test_a_stack_without_functions(folder: Folder) -> None:
    folder.define({**DEFINITION, "functions": None})
    refused = folder.run("functions", "deploy")
    assert refused.code == 4
    assert "the stack dev has no `functions:`" in refused.err


def test_without_the_cli(folder: Folder) -> None:
    failed = folder.run("functions", "deploy", PATH="/nowhere")
    assert failed.code == 1
    assert "the Supabase CLI is not installed" in failed.err
    assert "tools/supabase-cli" in failed.err
