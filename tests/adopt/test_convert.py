"""The corpus, without a database: what becomes of each job, and that no key is left in what is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supacron.adopt.calls import TODAYS_SIGNATURES
from supacron.adopt.convert import Adopted, LiveJob, Refusal, Setting, convert
from supacron.adopt.slots import Slots
from supacron.adopt.write import snippet
from supacron.model.stack_file import Environment, JobDefaults, StackFile
from supacron.secret import Secret
from tests.adopt.samples import KEYS, Sample, samples
from tests.support.tokens import PUBLISHABLE_KEY, SECRET_KEY, token

URL = "https://abcdefghijklmnopqrst.supabase.co"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def setting(definition: StackFile | None = None) -> Setting:
    return Setting(
        stack="dev",
        definition=definition or StackFile(),
        environment=Environment(project_ref="abcdefghijklmnopqrst", project_url=URL),
        signatures=TODAYS_SIGNATURES,
        vault={"project_url": Secret(URL)},
        now=NOW,
    )


def converted(command: str, slots: Slots | None = None, definition: StackFile | None = None, **live: object) -> Adopted:
    job = LiveJob(7, "nightly", command=command, **{"schedule": "0 3 * * *", **live})  # type: ignore[arg-type]
    result = convert(job, setting(definition), slots or Slots("dev", {}))
    assert isinstance(result, Adopted)
    return result


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_corpus(sample: Sample) -> None:
    slots = Slots("dev", {})
    result = convert(LiveJob(1, sample.name, "0 0 1 1 *", sample.command(URL)), setting(), slots)
    if isinstance(result, Refusal):
        assert sample.expected == "refuse", result.reason
        assert sample.reason in result.reason
        assert slots == Slots("dev", {})
        return
    assert sample.expected in (("sql", "fails") if result.why_sql else ("call",)), result.why_sql
    assert sample.reason in result.why_sql
    written = snippet(slots.yaml(), {sample.name: result.job})
    assert not [key for key in KEYS.values() if key in written]
    assert not [key for key in KEYS.values() if key in repr(result)]


def test_the_documents_job() -> None:
    url, headers = f"{URL}/functions/v1/batch", f'{{"Authorization": "Bearer {token("anon")}"}}'
    slots = Slots("dev", {})
    command = f"select net.http_post(url:='{url}', headers:='{headers}'::jsonb, body:='{{\"n\": 20}}'::jsonb)"
    result = converted(command, slots)
    assert result.job == {
        "schedule": "0 3 * * *",
        "function": "batch",
        "body": {"n": 20},
        "timeout": "5s",
        "auth": {"secret": "anon_key"},
        "adopt": True,
    }
    assert slots.yaml() == {"anon_key": {}}


def test_a_job_that_is_off_stays_off() -> None:
    assert converted(f"select net.http_post('{URL}/functions/v1/x')", active=False).job["enabled"] is False


def test_one_slot_for_one_value() -> None:
    slots = Slots("dev", {"service_role_key": "supacron/dev/service_role_key"})
    command = f"select net.http_post('{URL}/x', headers := jsonb_build_object('apikey', '{{}}'))"
    first = converted(command.format(SECRET_KEY), slots)
    assert converted(command.format(SECRET_KEY), slots).job["auth"] == first.job["auth"]
    other = converted(command.format(token("service_role")), slots)
    assert other.job["auth"] == {"secret": "service_role_key_2", "as": "apikey"}
    assert list(slots.yaml()) == ["secret_api_key", "service_role_key_2"]


def test_a_publishable_key_needs_a_reason_only_where_it_stands_alone() -> None:
    slots = Slots("dev", {})
    pair = f"'apikey', '{PUBLISHABLE_KEY}', 'Authorization', 'Bearer {SECRET_KEY}'"
    job = converted(f"select net.http_post('{URL}/x', headers := jsonb_build_object({pair}))", slots).job
    assert job["auth"] == [{"secret": "publishable_key", "as": "apikey"}, {"secret": "secret_api_key"}]
    assert slots.yaml() == {"publishable_key": {}, "secret_api_key": {}}
    for alone in (f"'apikey', '{PUBLISHABLE_KEY}'", f"'apikey', '{PUBLISHABLE_KEY}', 'x-again', '{PUBLISHABLE_KEY}'"):
        again = slots.copy()
        converted(f"select net.http_post('{URL}/x', headers := jsonb_build_object({alone}))", again)
        assert again.yaml()["publishable_key"]["allow"][0]["rule"] == "publishable"
    sql = converted(f"select net.http_post('{URL}/x', headers := jsonb_build_object({pair})), now()", slots)
    assert sql.has_look_ups
    assert slots.yaml()["publishable_key"]["allow"][0]["rule"] == "publishable"


def test_the_lines_of_sql_stay_lines_in_yaml() -> None:
    result = converted("\n  delete from orders\n    where done;\n  ")
    assert (result.job["sql"], result.has_look_ups) == ("delete from orders\n    where done;", False)
    assert "    sql: |-\n      delete from orders\n          where done;\n" in snippet({}, {"nightly": result.job})


def test_a_secret_of_the_vault_that_the_stack_has_already() -> None:
    slots = Slots("dev", {"mine": "Anon Key"})
    lookup = "(select decrypted_secret from vault.decrypted_secrets where name = '{}')"
    command = f"select net.http_post('{URL}/x', headers := jsonb_build_object('apikey', {lookup}))"
    assert converted(command.format("Anon Key"), slots).job["auth"]["secret"] == "mine"
    assert converted(command.format("3 Letters"), slots).job["auth"]["secret"] == "key_3_letters"
    assert slots.yaml() == {"key_3_letters": {"vault_name": "3 Letters"}}


def test_a_url_in_the_vault_that_is_not_the_projects_stays_there() -> None:
    lookup = "(select decrypted_secret from vault.decrypted_secrets where name = 'elsewhere')"
    result = converted(f"select net.http_post({lookup} || '/x')")
    assert result.why_sql == "the URL comes from Vault, and is not that of the project"
    assert "elsewhere" in result.job["sql"]


def test_a_job_stays_in_utc_whatever_zone_the_stack_has() -> None:
    elsewhere = StackFile(defaults=JobDefaults(timezone="Europe/Berlin"))
    assert converted("select 1", definition=elsewhere).job["timezone"] == "UTC"
    assert "timezone" not in converted("select 1").job


def test_defaults_of_the_stack_do_not_change_a_job() -> None:
    with_auth = StackFile.model_validate({"secrets": {"k": {}}, "defaults": {"auth": {"secret": "k"}}})
    slots = Slots("dev", {"k": "supacron/dev/k"})
    assert converted(f"select net.http_post('{URL}/functions/v1/x')", slots, with_auth).job["auth"] is None
    with_header = StackFile(defaults=JobDefaults(headers={"X-Team": "core"}))
    result = converted(f"select net.http_post('{URL}/functions/v1/x')", definition=with_header)
    assert result.why_sql == "the stack's `defaults` would change it"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("vacuum analyze", "it is no SELECT"),
        ("selec 1", "PostgreSQL's parser does not take its SQL"),
        ("do language plperl $$ 1 $$", "a block in another language than PL/pgSQL"),
        (f"select net.http_post(nothing := '{URL}')", "its arguments are not those of net.http_post"),
        (f"select net.http_post('{URL}', url := '{URL}')", "its arguments are not those of net.http_post"),
        (f"select net.http_post('{URL}'), 2", "it selects 2 columns"),
        (f"select upper(x::text) from net.http_post('{URL}') x", "it works with the result of the call"),
        (f"select * from net.http_post('{URL}') where true", "it asks tables or conditions"),
        (
            f"select net.http_post('{URL}') from vault.decrypted_secrets where name = 'x'",
            "it asks tables or conditions",
        ),
        ("select net.http_post(null)", "it has no URL"),
        ("select net.http_post('ftp://x.example')", "url: not a URL that pg_net can call"),
        (f"select net.http_post('{URL}', timeout_milliseconds := 0)", "timeout: a time-out that pg_net cannot hold"),
        (f"select net.http_post('{URL}', timeout_milliseconds := null)", "the time-out is no whole number"),
        (f"select net.http_post('{URL}', headers := '[]')", "the headers are no object"),
        (f"select net.http_post('{URL}', headers := '{{\"x\": {{}}}}')", "the header x is no text"),
        (
            f"select net.http_post('{URL}#a', params := '{{\"x\": 1}}')",
            "the URL has a fragment, and parameters besides",
        ),
        (f"select net.http_post('{URL}', params := '{{\"x\": null}}')", "the parameter x is null"),
        (f"select net.http_delete('{URL}', body := '{{}}')", "a body goes with DELETE"),
        (
            f'select net.http_post(\'{URL}\', \'{{"at": {{"$run": "scheduled_for"}}}}\')',
            "the body: `$run` has a meaning of its own in the YAML",
        ),
        (f"select net.http_post('{URL}', '1'::bit(1))", "the body: a value is cast to bit at each run"),
    ],
)
def test_what_stays_sql(command: str, why: str) -> None:
    result = converted(command)
    assert result.why_sql == why
    assert result.job["sql"] == command


def test_an_empty_command_is_refused() -> None:
    result = convert(LiveJob(7, "nightly", "0 3 * * *", " -- nothing"), setting(), Slots("dev", {}))
    assert isinstance(result, Adopted)
    assert result.why_sql == "no statement"
    result = convert(LiveJob(7, "nightly", "0 3 * * *", ""), setting(), Slots("dev", {}))
    assert isinstance(result, Refusal)
    assert result.reason == "sql: no SQL"


def test_a_schedule_that_never_fires_is_refused() -> None:
    job = LiveJob(7, "nightly", "0 0 31 2 *", "select 1")
    result = convert(job, setting(), Slots("dev", {}))
    assert isinstance(result, Refusal)
    assert result.reason.startswith("schedule: ")
