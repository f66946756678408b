"""supacron.evaluate_alerts: each alert is told when it starts, while it lasts and when it ends, whatever else fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from supacron.live.read import read_live
from supacron.model.alerts import DesiredAlert
from supacron.plan.drift import find_drift
from tests.runtime.alerting import HOOK, PING, Watch, alert, watched, webhooks
from tests.runtime.runtime import Runtime
from tests.support.database import Database
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here, destroy_here

pytestmark = pytest.mark.slow

Watching = Callable[..., Watch]


@pytest.fixture
def watching(database: Database, receiver: Receiver) -> Iterator[Watching]:
    """Applies a stack with the alerts given; only the test itself looks at them."""
    with psycopg.connect(database.url, autocommit=True) as connection, database.superuser() as superuser:

        def start(alerts: dict[str, DesiredAlert] | None = None, *, ping: bool = False) -> Watch:
            wanted = watched({"failing": alert()} if alerts is None else alerts, ping=ping)
            apply_here(database, wanted, webhooks(receiver))
            connection.execute(
                "select cron.alter_job(jobid, active := false) from cron.job where jobname like 'supacron-%%'"
            )
            return Watch(Runtime(database, connection, superuser), receiver)

        yield start


def test_it_is_told_once_when_it_starts_and_once_when_it_ends(watching: Watching) -> None:
    watch = watching()
    assert watch.told() == []
    watch.fail()
    assert watch.look() == 1
    assert watch.look() == 1
    (start,) = watch.settle()
    assert watch.told() == []
    watch.recover()
    assert watch.look() == 0
    (end,) = watch.settle()
    assert watch.told() == []
    incident = watch.runtime.one("select to_jsonb(i) from supacron.incident i")
    ((start_id, end_id),) = watch.runtime.all("select min(id), max(id) from supacron.alert_post")
    common = {
        "version": 1,
        "stack": "main",
        "project_ref": "abcdefghijklmnopqrst",
        "alert": "failing",
        "kind": "run_failures",
        "description": None,
        "incident": incident["id"],
        "detail": "100% of the runs within 1 h failed (over 0%): 1 of 1, of open",
        "value": 100,
        "limit": 0,
        "unit": "percent",
    }
    assert {key: start[key] for key in common} == {key: end[key] for key in common} == common
    assert (start["id"], start["event"]) == (f"main/failing/{start_id}", "start")
    assert (end["id"], end["event"]) == (f"main/failing/{end_id}", "end")
    assert start["at"] == start["started_at"] == end["started_at"]
    assert start["ended_at"] is None
    assert end["at"] == end["ended_at"]
    assert set(start) == set(end) == {*common, "id", "event", "at", "started_at", "ended_at"}


def test_slack_gets_text_that_links_and_mentions_nothing(watching: Watching) -> None:
    watch = watching({"failing": alert(form="slack").model_copy(update={"description": "see <!channel> & co"})})
    watch.fail()
    watch.look()
    (post,) = watch.settle()
    title = ":rotating_light: main/failing"
    detail = "100% of the runs within 1 h failed (over 0%): 1 of 1, of open"
    assert post["text"] == f"{title}: {detail}"
    section, context = post["blocks"]
    assert section == {"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*\n{detail}"}}
    assert context["type"] == "context"
    (element,) = context["elements"]
    assert element["type"] == "mrkdwn"
    assert element["text"].startswith("see &lt;!channel&gt; &amp; co | project abcdefghijklmnopqrst | since ")
    watch.recover()
    watch.look()
    assert watch.settle()[0]["text"].startswith(":white_check_mark: main/failing is over: ")


def test_it_is_told_again_while_it_is_open(watching: Watching) -> None:
    watch = watching({"failing": alert(repeat_every_ms=600_000)})
    watch.fail()
    assert watch.told() == ["start"]
    watch.pass_time("9 minutes")
    assert watch.told() == []
    watch.pass_time("1 minute")
    assert watch.told() == ["repeat"]
    assert watch.told() == []
    watch.pass_time("10 minutes")
    assert watch.told() == ["repeat"]
    watch.recover()
    assert watch.told() == ["end"]


def test_flapping_is_damped(watching: Watching) -> None:
    """It must hold at every look for `for`, and at none for `clear_for`."""
    watch = watching({"failing": alert(start_after_ms=300_000, end_after_ms=600_000)})
    for _ in range(3):
        watch.fail()
        assert watch.told() == []
        watch.pass_time("4 minutes")
        assert watch.told() == []
        watch.recover()
        assert watch.told() == []
    watch.fail()
    assert watch.told() == []
    watch.pass_time("5 minutes")
    assert watch.told() == ["start"]
    for _ in range(3):
        watch.recover()
        assert watch.told() == []
        watch.pass_time("9 minutes")
        assert watch.told() == []
        watch.fail()
        assert watch.told() == []
    watch.recover()
    assert watch.told() == []
    watch.pass_time("10 minutes")
    assert watch.told() == ["end"]


def test_a_webhook_that_was_down_learns_of_it_in_order(watching: Watching) -> None:
    watch = watching({"failing": alert(repeat_every_ms=60_000)})
    watch.receiver.answers[HOOK] = Answer(503)
    watch.fail()
    watch.look()
    (first,) = watch.settle()
    ((error, attempts),) = watch.runtime.all("select error, attempts from supacron.alert_post")
    assert (error, attempts) == ("answered with HTTP 503", 1)
    assert watch.told() == [], "not before a minute is over"
    watch.recover()
    assert watch.told() == [], "the end waits for the start"
    watch.pass_time("1 minute")
    watch.look()
    (second,) = watch.settle()
    assert second["id"] == first["id"]
    assert second["event"] == "start"
    watch.receiver.answers.clear()
    watch.pass_time("2 minutes")
    assert watch.told() == ["start"]
    assert watch.told() == ["end"]
    posts = watch.runtime.all(
        "select event, attempts, status_code, error, delivered_at is not null from supacron.alert_post order by id"
    )
    assert posts == [("start", 3, 200, None, True), ("end", 1, 200, None, True)]


def test_a_post_that_is_lost_is_sent_again(watching: Watching) -> None:
    """pg_net forgets what it was given when the server crashes, and starts its ids again."""
    watch = watching()
    watch.fail()
    watch.look()
    watch.runtime.connection.execute("delete from supacron.net_epoch")
    watch.pass_time("71 seconds")
    watch.look()
    assert watch.runtime.one("select error from supacron.alert_post") == "no response"
    watch.receiver.wait_for(1)
    watch.receiver.clear_requests()
    watch.pass_time("1 minute")
    assert watch.told() == ["start"]


def test_after_a_day_it_is_given_up(watching: Watching) -> None:
    watch = watching()
    watch.runtime.connection.execute(
        "select vault.update_secret(id, 'http://127.0.0.1:9/t0ken') from vault.secrets where name like '%/hook'"
    )
    watch.fail()
    assert watch.told() == []
    watch.pass_time("25 hours")
    watch.fail()
    assert watch.told() == []
    ((gone, error),) = watch.runtime.all("select given_up_at is not null, error from supacron.alert_post")
    assert gone
    assert error
    assert "t0ken" not in error
    watch.recover()
    watch.look()
    assert watch.runtime.one("select count(*) from supacron.alert_post where event = 'end'") == 1


def test_a_missing_url_is_recorded_and_raises_nothing(watching: Watching) -> None:
    watch = watching()
    watch.runtime.connection.execute("delete from vault.secrets where name like '%/hook'")
    watch.fail()
    watch.look()
    ((attempts, error),) = watch.runtime.all("select attempts, error from supacron.alert_post")
    assert attempts == 1
    assert 'secret "hook" of stack "main" is missing in Vault' in error


def test_one_that_cannot_be_looked_at_stops_nothing(watching: Watching) -> None:
    queue = {"over": 1}
    watch = watching({"broken": alert("backlog", queue), "failing": alert(), "z": alert("unheard-of", {})})
    watch.runtime.cron_run(7, "sql", "failed", message="ERROR: no", start="1 second")
    watch.runtime.connection.execute("update supacron.job set scheduled_at = now() - interval '1 day'")
    assert watch.runtime.collect() == 1
    errors = dict(watch.runtime.all("select name, error from supacron.alert"))
    assert "supacron_queue.ready" in errors["broken"]
    assert errors["z"]
    assert errors["failing"] is None
    assert [post["alert"] for post in watch.settle()] == ["failing"]


def test_nothing_is_told_of_a_copy_or_while_another_looks(watching: Watching) -> None:
    watch = watching(ping=True)
    watch.fail()
    watch.runtime.cron_run(1, "supacron-collect")
    with other_look(watch):
        assert watch.look() == 0
    watch.runtime.connection.execute("update supacron.runtime set system_identifier = '1'")
    assert watch.look() == 0
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="this database is a copy"):
        watch.runtime.one("select supacron.test_alert('main', 'failing')")
    assert watch.runtime.one("select count(*) from supacron.alert_post") == 0
    assert watch.runtime.one("select count(*) from supacron.ping where sent_at is not null") == 0


@contextmanager
def other_look(watch: Watch) -> Iterator[None]:
    with watch.runtime.database.connect(autocommit=False) as other:
        other.execute("select supacron.evaluate_alerts()")
        yield
        other.rollback()


def test_a_ping_says_that_pg_cron_runs_and_outcomes_are_collected(watching: Watching) -> None:
    watch = watching({}, ping=True)

    def pinged() -> int:
        watch.look()
        answered = "select count(*) = 0 from supacron.ping where sent_at is not null and seen_at is null"

        def known() -> bool:
            watch.look()
            return bool(watch.runtime.one(answered))

        watch.runtime.eventually(known, "the ping is answered")
        calls = [request for request in watch.receiver.requests if request.path == PING]
        watch.receiver.clear_requests()
        assert all(request.method == "GET" for request in calls)
        return len(calls)

    assert pinged() == 0, "somebody collects by hand, while pg_cron may be dead"
    watch.runtime.cron_run(1, "supacron-collect", "running", start="4 minutes", end=None)
    assert pinged() == 0
    watch.runtime.cron_run(2, "supacron-collect", "running", start="1 second", end=None)
    assert pinged() == 1
    assert pinged() == 0, "not before its time"
    watch.pass_time("45 seconds")
    watch.receiver.answers[PING] = Answer(404)
    assert pinged() == 1
    assert watch.runtime.one("select error from supacron.ping") == "answered with HTTP 404"
    watch.pass_time("45 seconds")
    watch.receiver.answers.clear()
    assert pinged() == 1
    assert watch.runtime.one("select error from supacron.ping") is None


def test_a_test_is_posted_once(watching: Watching) -> None:
    watch = watching()
    watch.receiver.answers[HOOK] = Answer(410)
    watch.runtime.one("select supacron.test_alert('main', 'failing')")
    (post,) = watch.settle()
    assert (post["event"], post["incident"], post["started_at"]) == ("test", None, None)
    watch.pass_time("1 hour")
    assert watch.told() == []
    assert watch.runtime.all("select given_up_at is not null, error, status_code from supacron.alert_post") == [
        (True, "answered with HTTP 410", 410)
    ]
    with pytest.raises(psycopg.errors.NoDataFound, match='no alert "unknown"'):
        watch.runtime.one("select supacron.test_alert('main', 'unknown')")


def test_what_is_over_is_forgotten_with_the_runs(watching: Watching) -> None:
    watch = watching()
    watch.fail()
    watch.look()
    watch.runtime.one("select supacron.test_alert('main', 'failing')")
    watch.settle()
    watch.pass_time("31 days")
    assert watch.runtime.one("select supacron.prune()") == 1, "the test; what is open stays"
    watch.recover()
    watch.look()
    watch.settle()
    watch.pass_time("31 days")
    watch.runtime.one("select supacron.prune()")
    assert (
        watch.runtime.one(
            "select (select count(*) from supacron.incident) + (select count(*) from supacron.alert_post)"
        )
        == 0
    )


def test_an_apply_keeps_what_an_alert_knows_and_ends_one_that_is_wanted_no_more(
    watching: Watching, receiver: Receiver
) -> None:
    watch = watching({"failing": alert(start_after_ms=60_000), "other": alert()})
    database = watch.runtime.database
    watch.fail()
    assert [post["alert"] for post in (watch.look(), watch.settle())[1]] == ["other"]
    before = watch.runtime.one("select holds_since from supacron.alert where name = 'failing'")
    changed = watched({"failing": alert(start_after_ms=120_000), "other": alert()})
    plan = apply_here(database, changed, webhooks(receiver)).plan
    (change,) = [change for change in plan.changes if change.kind == "alert"]
    assert [(field.name, field.old, field.new) for field in change.fields] == [("start_after_ms", 60_000, 120_000)]
    assert not change.drift
    assert watch.runtime.one("select holds_since from supacron.alert where name = 'failing'") == before
    assert not apply_here(database, changed, webhooks(receiver)).wrote

    watch.runtime.connection.execute("update supacron.alert set end_after_ms = 7 where name = 'failing'")
    with database.connect() as connection:
        found = find_drift("main", read_live(connection, "main", []))
    assert "~ alert failing (changed outside: end_after_ms) [drift]" in map(str, found.changes)
    (change,) = (
        each for each in apply_here(database, changed, webhooks(receiver)).plan.changes if each.kind == "alert"
    )
    assert (str(change), change.drift) == ("~ alert failing (changed outside: end_after_ms) [drift]", True)

    # The secret goes in the same apply.
    gone = changed.model_copy(update={"alerts": {}, "secrets": {}})
    plan = apply_here(database, gone).plan
    assert [str(each) for each in plan.changes if each.kind == "alert"] == ["- alert failing", "- alert other"]
    (end,) = watch.settle()
    assert (end["alert"], end["event"]) == ("other", "end")
    assert watch.runtime.all("select delivered_at is not null from supacron.alert_post order by id") == [
        (True,),
        (True,),
    ]


def test_a_destroy_ends_them_and_keeps_what_was_unless_told(watching: Watching) -> None:
    watch = watching(ping=True)
    database = watch.runtime.database
    watch.fail()
    assert watch.told() == ["start"]
    wanted = watched({"failing": alert()}, ping=True)
    destroy_here(database, wanted)
    assert [post["event"] for post in watch.settle()] == ["end"]
    assert watch.runtime.all("select ended_at is not null from supacron.incident") == [(True,)]
    assert watch.runtime.one("select (select count(*) from supacron.alert) + (select count(*) from supacron.ping)") == 0
    destroy_here(database, wanted, with_data=True)
    assert watch.runtime.one("select to_regnamespace('supacron') is null") is True
