"""Which jobs are taken, and what the stack's files look like afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supacron.adopt.adopt import Adoption, Project, adopt, write
from supacron.adopt.calls import TODAYS_SIGNATURES
from supacron.adopt.read import read_signatures
from supacron.errors import InvalidInput, Refused, SupacronError
from supacron.load.files import load_stack
from supacron.operate.database import session
from supacron.operate.planning import plan_now
from supacron.operate.target import Target, Usage
from supacron.secret import Secret
from tests.adopt.conftest import Files
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here
from tests.support.tokens import SECRET_KEY, token

pytestmark = pytest.mark.slow

URL = "http://127.0.0.1:9"
HERE = Project("local", URL)
HEADERS = f'{{"Authorization": "Bearer {token(ref="local")}"}}'
CALL = f"select net.http_post('{URL}/functions/v1/worker', headers := '{HEADERS}'::jsonb)"


def schedule(database: Database, name: str | None, command: str = CALL, schedule: str = "0 0 1 1 *") -> None:
    with database.connect() as connection:
        if name is None:
            connection.execute("select cron.schedule(%s, %s)", [schedule, command])
        else:
            connection.execute("select cron.schedule(%s, %s, %s)", [name, schedule, command])


def run(
    database: Database, directory: Path, *names: str, project: Project = HERE, keys: dict[str, Secret] | None = None
) -> Adoption:
    kept: dict[str, Secret] = {} if keys is None else keys
    with session(Secret(database.url), "test", read_only=True) as connection:
        adoption = adopt(connection, Target(directory, "dev"), names, project, datetime.now(UTC))
    if adoption.files:
        write(adoption, kept.update)
    return adoption


def jobs(adoption: Adoption) -> Sequence[str]:
    return [each.live.name for each in adoption.adopted]


def test_a_stack_is_begun(database: Database, tmp_path: Path) -> None:
    schedule(database, "nightly")
    keys: dict[str, Secret] = {}
    adoption = run(database, tmp_path / "stacks", keys=keys)
    assert jobs(adoption) == ["nightly"]
    assert keys == {"anon_key": Secret(token(ref="local"))}
    assert (tmp_path / "stacks" / "dev.yaml").read_text() == (
        "# yaml-language-server: $schema=../docs/stack.schema.json\n"
        "# What runs in the stack `dev`. Where it runs stands in Pulumi.dev.yaml.\n"
        "version: 1\n\nsecrets:\n  anon_key: {}\n\njobs:\n  nightly:\n    schedule: '0 0 1 1 *'\n    function: worker\n"
        "    timeout: 5s\n    auth:\n      secret: anon_key\n    adopt: true\n"
    )
    assert f"supacron:projectUrl: '{URL}'" in (tmp_path / "stacks" / "Pulumi.dev.yaml").read_text()
    assert run(database, tmp_path / "stacks").skipped == (
        ("nightly", "it stands in the stack's file; `pulumi up` takes it over"),
    )


def test_up_takes_it_over_in_place(database: Database, tmp_path: Path) -> None:
    schedule(database, "nightly")
    keys: dict[str, Secret] = {}
    adoption = run(database, tmp_path, keys=keys)
    desired = load_stack(tmp_path, "dev").desired
    plan = plan_now(Secret(database.url), desired, {})
    assert [(change.action.name, change.name) for change in plan.changes if change.name == "nightly"] == [
        ("ADOPT", "nightly")
    ]
    apply_here(database, desired, {name: key.reveal() for name, key in keys.items()})
    with database.connect() as connection:
        rows = connection.execute("select jobid, command from cron.job where jobname = 'nightly'").fetchall()
    assert rows == [(adoption.adopted[0].live.jobid, "select supacron.call('nightly')")]
    assert run(database, tmp_path).skipped == (("nightly", "the stack dev manages it"),)


def test_jobs_are_added_to_a_stack_that_is_there(database: Database, receiver: Receiver, files: Files) -> None:
    files.write(receiver.url)
    files.apply(database, {"key": "madeup-madeup"})
    schedule(
        database, "by-hand", f"select net.http_post('{receiver.url}/x', headers := '{{\"apikey\": \"{SECRET_KEY}\"}}')"
    )
    schedule(database, "other", "vacuum")
    adoption = run(database, files.stacks, "by-hand")
    assert jobs(adoption) == ["by-hand"]
    text = (files.stacks / "dev.yaml").read_text()
    assert "  key: {env: E_KEY}\n  secret_api_key: {}\ndefaults: {owner: platform" in text
    assert "    timeout: 5s\n    auth:\n      secret: secret_api_key\n      as: apikey\n    adopt: true\n" in text
    assert load_stack(files.stacks, "dev").definition.jobs.keys() == {"good", "nightly", "by-hand"}


def test_names_that_are_no_jobs(database: Database, tmp_path: Path) -> None:
    schedule(database, "nightly")
    with pytest.raises(SupacronError, match="no job is named 'nigthly'") as error:
        run(database, tmp_path, "nigthly")
    assert error.value.remedy == "Did you mean `nightly`? cron.job has: nightly."


def test_what_cannot_be_adopted_in_place(database: Database, tmp_path: Path) -> None:
    schedule(database, None)
    with database.superuser() as connection:
        connection.execute("create role other login superuser password 'postgres'")
        connection.execute("set role other")
        connection.execute("select cron.schedule('others', '0 0 1 1 *', 'select 1')")
        connection.execute("reset role")
        connection.execute(
            "select cron.schedule_in_database('elsewhere', '0 0 1 1 *', 'select 1', 'template1', 'postgres')"
        )
    reasons = {refusal.name.split()[0]: refusal.reason for refusal in run(database, tmp_path).refused}
    assert reasons.pop("jobid") == "it has no name, and pg_cron cannot give it one in place"
    assert reasons == {
        "others": "it belongs to the role other, and only that role may change it",
        "elsewhere": "it runs in the database template1",
    }
    assert not (tmp_path / "dev.yaml").exists()


def test_our_own_jobs_are_left_alone(database: Database, receiver: Receiver, files: Files) -> None:
    files.write(receiver.url)
    files.apply(database, {"key": "madeup-madeup"})
    adoption = run(database, files.stacks)
    assert {name for name, _ in adoption.skipped} == {"good", "nightly"}
    assert (adoption.adopted, adoption.refused, adoption.files) == ((), (), {})
    assert run(database, files.stacks, "supacron-prune").refused[0].reason.startswith("names that start with")


def test_a_job_that_the_file_has_without_adopt(database: Database, files: Files) -> None:
    schedule(database, "good")
    files.write()
    assert run(database, files.stacks).skipped == (("good", "it stands in the stack's file; set `adopt: true` on it"),)


def test_nothing_tells_the_project(database: Database, tmp_path: Path) -> None:
    schedule(database, "nightly")
    with pytest.raises(Usage, match="nothing tells which project"):
        run(database, tmp_path, project=Project())


def test_mistakes_in_the_stacks_files(database: Database, tmp_path: Path) -> None:
    schedule(database, "nightly")
    (tmp_path / "dev.yaml").write_text("jobs: 7\n")
    with pytest.raises(InvalidInput):
        run(database, tmp_path)


def test_a_layout_that_leaves_no_place(database: Database, tmp_path: Path) -> None:
    schedule(database, "nightly")
    (tmp_path / "dev.yaml").write_text("version: 1\njobs: {}\n")
    with pytest.raises(Refused, match="laid out"):
        run(database, tmp_path)
    assert (tmp_path / "dev.yaml").read_text() == "version: 1\njobs: {}\n"


def test_a_database_without_pg_cron(database: Database, tmp_path: Path) -> None:
    with database.superuser() as connection:
        connection.execute("create database plain")
    try:
        url = Secret(database.url.rsplit("/", 1)[0] + "/plain")
        with session(url, "test") as plain, pytest.raises(Refused, match="has no pg_cron"):
            adopt(plain, Target(tmp_path, "dev"), [], HERE, datetime.now(UTC))
    finally:
        with database.superuser() as connection:
            connection.execute("drop database plain")


def test_the_signatures_of_the_pg_net_that_is_there(database: Database) -> None:
    with database.connect() as connection:
        assert read_signatures(connection) == TODAYS_SIGNATURES


def test_a_url_out_of_the_vault(database: Database, tmp_path: Path) -> None:
    lookup = "(select decrypted_secret from vault.decrypted_secrets where name = '{}')"
    with database.connect() as connection:
        connection.execute("select vault.create_secret(%s, 'project_url')", [URL])
        connection.execute("select vault.create_secret('https://hooks.example/secret-path', 'hook')")
    schedule(database, "ours", f"select net.http_post({lookup.format('project_url')} || '/functions/v1/worker')")
    schedule(database, "theirs", f"select net.http_post({lookup.format('hook')})")
    adoption = run(database, tmp_path)
    ours, theirs = adoption.adopted
    assert ours.job["function"] == "worker"
    assert theirs.why_sql == "the URL comes from Vault, and is not that of the project"
    assert "secret-path" not in (tmp_path / "dev.yaml").read_text()
