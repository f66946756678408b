"""From the files to a recorded outcome, with nothing but what any Supabase project allows."""

from __future__ import annotations

import pytest

from tests.acceptance.site import OUTCOME_SECONDS, SCHEDULE_SECONDS, Site

pytestmark = [pytest.mark.acceptance, pytest.mark.slow]


def test_applied_as_a_role_that_is_no_superuser(site: Site) -> None:
    assert site.rows("select rolsuper from pg_roles where rolname = current_user") == [(False,)]
    output = site.apply(site.definition(call=site.call(), report={"schedule": "0 3 * * *", "sql": "select 1"}), key="k")
    assert f"+ job {site.job('call')}" in output
    call, report = site.cron("call"), site.cron("report")
    assert call is not None
    assert report is not None
    assert call[1:] == ("0 0 1 1 *", f"select supacron.call('{site.job('call')}')", True)
    assert report[1:] == ("0 3 * * *", "select 1", True)
    assert site.rows("select decrypted_secret from vault.decrypted_secrets where name = %s", f"{site.name}/key") == [
        ("k",)
    ]
    again = site.apply(site.definition(call=site.call(), report={"schedule": "0 3 * * *", "sql": "select 1"}), key="k")
    assert "nothing to change" in again


def test_changes_in_place(site: Site) -> None:
    site.apply(site.definition(call=site.call(), gone=site.call(), old=site.call(), same=site.call()), key="first")
    before = {name: site.cron(name) for name in ("call", "same")}
    changed = site.definition(
        call=site.call("*/20 * * * *", enabled=False), same=site.call(), new=site.call(renamed_from=site.job("old"))
    )
    site.apply(changed, key="second")
    call = site.cron("call")
    assert call is not None
    assert before["call"] is not None
    assert (call[0], call[1], call[3]) == (before["call"][0], "*/20 * * * *", False)
    assert site.cron("same") == before["same"]
    assert site.cron("gone") is None
    assert site.cron("old") is None
    assert site.cron("new") is not None
    query = "select decrypted_secret from vault.decrypted_secrets where name = %s"
    assert site.rows(query, f"{site.name}/key") == [("second",)]
    assert "nothing to change" in site.apply(changed, key="first"), "an older value is never put back"
    assert site.rows(query, f"{site.name}/key") == [("second",)]


def test_a_job_made_by_hand_is_adopted(site: Site) -> None:
    ((jobid,),) = site.rows("select cron.schedule(%s, '1 1 1 1 *', 'select 1')", site.job("call"))
    definition = site.definition(call={**site.call(), "adopt": True})
    assert f"> job {site.job('call')} (jobid {jobid} stays)" in site.apply(definition, key="k")
    found = site.cron("call")
    assert found is not None
    assert found[0] == jobid


@pytest.mark.parametrize("right", [True, False])
def test_the_outcome_is_what_the_function_answers(site: Site, right: bool) -> None:
    """Whatever that is: also 401, and 404 where there is no such function."""
    key = site.key if right else "not-the-key"
    site.apply(site.definition(call=site.call()), key=key)
    expected = site.direct_status(key)
    run = site.report("trigger", site.job("call"), "--wait", "--timeout", f"{OUTCOME_SECONDS}s")["run"]
    assert run["http_status"] == expected
    assert run["outcome"] == ("ok" if expected < 400 else "http_error")
    (recorded,) = site.report("runs", site.job("call"))["runs"]
    assert recorded["http_status"] == expected


@pytest.mark.pg_cron
def test_the_schedule_fires(site: Site) -> None:
    """pg_cron itself runs both kinds of job, and the collector records what became of them."""
    minutely = {"schedule": "* * * * *", "sql": "select 1"}
    site.apply(site.definition(call=site.call("* * * * *"), report=minutely), key=site.key)
    site.pg_cron_has_heard()
    expected = site.direct_status(site.key)

    def outcomes() -> dict[str, tuple[str, int | None]]:
        site.rows("select supacron.collect()")
        query = "select name, last_outcome, last_status_code from supacron.job_status where stack = %s"
        return {name: (outcome, status) for name, outcome, status in site.rows(query, site.name)}

    wanted = {
        site.job("call"): ("ok" if expected < 400 else "http_error", expected),
        site.job("report"): ("ok", None),
    }
    site.eventually(lambda: outcomes() == wanted, f"outcomes are {wanted}", SCHEDULE_SECONDS)


def test_pause_and_resume(site: Site) -> None:
    definition = site.definition(call=site.call())
    site.apply(definition, key="k")
    assert site.run("pause", site.job("call"), "--reason", "acceptance").code == 0
    paused = site.cron("call")
    assert paused is not None
    assert paused[3] is False
    assert "nothing to change" in site.apply(definition), "a pause is kept, and is no drift"
    assert "acceptance" in site.run("status").output
    assert site.run("resume", site.job("call")).code == 0
    resumed = site.cron("call")
    assert resumed == (*paused[:3], True)


def test_a_missing_secret_is_refused_and_later_raises(site: Site) -> None:
    from tests.support.stacks import run_supacron

    desired = site.stack_folder.write(site.definition(call=site.call()))
    refused = run_supacron(["apply"], desired, site.url)
    assert refused.code == 4
    assert f"Vault has no {site.name}/key" in refused.output
    assert site.cron("call") is None
    site.apply(site.definition(call=site.call()), key="k")
    site.rows("delete from vault.secrets where name = %s returning id", f"{site.name}/key")
    triggered = site.run("trigger", site.job("call"))
    assert triggered.code == 1
    assert "is missing in Vault" in triggered.output


def test_nobody_else_gets_in(site: Site) -> None:
    site.apply(site.definition(call=site.call()), key="k")
    query = """
        select r.rolname, has_schema_privilege(r.oid, 'supacron', 'usage') from pg_roles r
        where r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator')
    """
    assert {allowed for _, allowed in site.rows(query)} == {False}


def test_destroy(site: Site) -> None:
    definition = site.definition(call=site.call())
    site.apply(definition, key="k")
    assert "its history and secrets stay" in site.destroy(with_data=False)
    assert site.cron("call") is None
    assert site.rows("select name from vault.secrets where name = %s", f"{site.name}/key") == [(f"{site.name}/key",)]
    site.apply(definition)
    assert site.cron("call") is not None
    site.destroy(with_data=True)
    assert site.leftovers() == []
