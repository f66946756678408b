"""A stack with alerts in a test's database, whose webhook is the receiver, and the looks that the collector takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from supacron.model.alerts import DesiredAlert, DesiredPing
from supacron.model.desired import Desired
from tests.runtime.runtime import Runtime
from tests.support.receiver import Receiver
from tests.support.stacks import http_job, secret, sql_job, stack

HOOK = "/hook/t0ken"
PING = "/ping/t0ken"
HOUR_MS = 3_600_000


def alert(
    kind: str = "run_failures",
    condition: Mapping[str, Any] | None = None,
    *,
    form: Literal["slack", "json"] = "json",
    start_after_ms: int = 0,
    end_after_ms: int = 0,
    repeat_every_ms: int | None = None,
) -> DesiredAlert:
    """By default one that is open while any run failed within an hour."""
    failures = {"over_percent": 0, "window_ms": HOUR_MS, "at_least": 1}
    return DesiredAlert(
        kind=kind,
        condition=dict(failures if condition is None else condition),
        webhook="hook",
        format=form,
        start_after_ms=start_after_ms,
        end_after_ms=end_after_ms,
        repeat_every_ms=repeat_every_ms,
    )


def watched(alerts: Mapping[str, DesiredAlert], *, ping: bool = False) -> Desired:
    """Two jobs that are not due soon, and the alerts."""
    yearly = "0 0 1 1 *"
    slots = {"hook": secret("supacron/main/hook"), "ping": secret("supacron/main/ping")}
    desired = stack({"open": http_job(schedule=yearly), "sql": sql_job(schedule=yearly)}, slots)
    wanted = DesiredPing(secret="ping", every_ms=60_000) if ping else None
    return desired.model_copy(update={"alerts": dict(alerts), "ping": wanted})


def webhooks(receiver: Receiver) -> dict[str, str]:
    return {"hook": f"{receiver.url}{HOOK}", "ping": f"{receiver.url}{PING}"}


@dataclass(frozen=True)
class Watch:
    """The runtime and the receiver of its alerts' posts."""

    runtime: Runtime
    receiver: Receiver

    def look(self) -> int:
        """As the collector does each minute; how many alerts are open."""
        return int(self.runtime.one("select supacron.evaluate_alerts()"))

    def fail(self, job: str = "open", outcome: str = "failed", ago: str = "1 second") -> None:
        """A run with that outcome."""
        self.runtime.connection.execute(
            "insert into supacron.run (job_id, trigger, queued_at, outcome)"
            " select id, 'manual', now() - %s::interval, %s from supacron.job where name = %s",
            [ago, outcome, job],
        )

    def recover(self) -> None:
        """No run failed."""
        self.runtime.connection.execute("delete from supacron.run")

    def pass_time(self, span: str) -> None:
        """All that the alerts know happened so much earlier."""
        for table, columns in {
            "alert": ("holds_since", "clear_since"),
            "incident": ("started_at", "ended_at"),
            "alert_post": ("at", "try_at", "sent_at", "delivered_at"),
            "ping": ("sent_at", "seen_at"),
            "net_epoch": ("started_at",),
        }.items():
            moved = ", ".join(f"{column} = {column} - interval '{span}'" for column in columns)
            self.runtime.connection.execute(f"update supacron.{table} set {moved}".encode())

    def settle(self) -> list[dict[str, Any]]:
        """What was posted since the last call, once nothing is under way any more."""

        def none_under_way() -> bool:
            self.runtime.one("select supacron.collect_posts()")
            return bool(
                self.runtime.one(
                    "select count(*) = 0 from supacron.alert_post"
                    " where delivered_at is null and given_up_at is null and try_at is null"
                )
            )

        self.runtime.eventually(none_under_way, "all posts are answered")
        posts = [json.loads(request.body) for request in self.receiver.requests if request.path == HOOK]
        self.receiver.clear_requests()
        return posts

    def told(self) -> list[str]:
        """After a look: the events that were posted."""
        self.look()
        return [post["event"] for post in self.settle()]

    def detail(self, name: str = "failing") -> str | None:
        """What is open by that name."""
        found = self.runtime.all("select detail from supacron.open_alert where name = %s", name)
        return str(found[0][0]) if found else None
