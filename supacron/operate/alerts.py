"""The alerts of a stack: which are open, whether they can be looked at, and whether their webhooks hear of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from supacron.errors import SupacronError
from supacron.operate.database import require_stack, rows, session, set_timeouts
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.secret import Secret
from supacron.validate.findings import did_you_mean

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_PAUSE_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class AlertState:
    """One alert. `error` is why it cannot be looked at; `open_since` is None while it is closed.

    The `post_*` fields are of the post that is being tried, else of the last.
    """

    name: str
    kind: str
    webhook: str
    error: str | None
    open_since: datetime | None
    detail: str | None
    post_event: str | None
    post_at: datetime | None
    post_attempts: int | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    try_at: datetime | None
    post_status: int | None
    post_error: str | None

    @property
    def undelivered(self) -> bool:
        """Whether the webhook has refused the post, or not been heard."""
        return self.post_event is not None and self.delivered_at is None and self.post_error is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "webhook": self.webhook,
            "open": self.open_since is not None,
            "since": iso(self.open_since),
            "detail": self.detail,
            "error": self.error,
            "last_post": self.post_event
            and {
                "event": self.post_event,
                "at": iso(self.post_at),
                "attempts": self.post_attempts,
                "delivered_at": iso(self.delivered_at),
                "given_up_at": iso(self.given_up_at),
                "next_attempt_at": iso(self.try_at),
                "http_status": self.post_status,
                "error": self.post_error,
            },
        }


@dataclass(frozen=True, slots=True)
class Incident:
    """One time that an alert was open, or is."""

    alert: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    detail: str

    def to_json(self) -> dict[str, Any]:
        return {
            "alert": self.alert,
            "kind": self.kind,
            "started_at": iso(self.started_at),
            "ended_at": iso(self.ended_at),
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class PingState:
    """The stack's ping; `sent_at` None: never yet."""

    secret: str
    every_ms: int
    sent_at: datetime | None
    seen_at: datetime | None
    status: int | None
    error: str | None

    def to_json(self) -> dict[str, Any]:
        return {"sent_at": iso(self.sent_at), "http_status": self.status, "error": self.error}


@dataclass(frozen=True, slots=True)
class Alerts:
    """All of it, at the moment `now` of the database's clock."""

    stack: str
    now: datetime
    states: tuple[AlertState, ...] = ()
    incidents: tuple[Incident, ...] = ()
    ping: PingState | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "stack": self.stack,
            "now": iso(self.now),
            "alerts": [state.to_json() for state in self.states],
            "recent": [incident.to_json() for incident in self.incidents],
            "ping": self.ping.to_json() if self.ping else None,
        }


@dataclass(frozen=True, slots=True)
class Posted:
    """What a webhook answered to a test; `delivered` None: nothing was heard in time. `said` is masked and cut."""

    delivered: bool | None
    status: int | None
    error: str | None
    said: str | None

    def to_json(self) -> dict[str, Any]:
        return {"delivered": self.delivered, "http_status": self.status, "error": self.error, "answer": self.said}


def read_alerts(
    url: Secret,
    target: Target,
    *,
    limit: int,
    project_ref: str | None,
    progress: Callable[[str], None] = lambda _: None,
) -> Alerts:
    """The alerts of the stack and its newest `limit` incidents; raises Refused when the database does not have it."""
    with session(url, target.label, progress, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        return alerts_of(connection, target.name, limit)


def alerts_of(connection: Connection, stack: str, limit: int = 0) -> Alerts:
    """The same in a transaction that is open already; none in a runtime that knows no alerts yet."""
    ((now,),) = rows(connection, "queries/now.sql")
    if rows(connection, "queries/has_alerts.sql") == [(False,)]:
        return Alerts(stack, now)
    pings = [PingState(*row) for row in rows(connection, "queries/ping_state.sql", stack=stack)]
    return Alerts(
        stack,
        now,
        tuple(AlertState(*row) for row in rows(connection, "queries/alert_states.sql", stack=stack)),
        tuple(Incident(*row) for row in rows(connection, "queries/incidents.sql", stack=stack, limit=limit)),
        pings[0] if pings else None,
    )


def post_test(
    url: Secret,
    target: Target,
    alert: str,
    *,
    project_ref: str | None,
    wait_seconds: float,
    progress: Callable[[str], None] = lambda _: None,
) -> Posted:
    """Posts a test, and waits for what the webhook answers; raises SupacronError for an alert that is not there."""
    with session(url, target.label, progress) as connection:
        require_stack(connection, url, target.name, project_ref)
        known = [name for (name,) in rows(connection, "queries/alert_names.sql", stack=target.name)]
        if alert not in known:
            shown = f"Its alerts: {', '.join(known)}." if known else "It has none: write `alerts:`, and `pulumi up`."
            raise SupacronError(
                f"the stack {target.name} has no alert {alert!r} in this database",
                f"{did_you_mean(alert, known)}{shown}",
            )
        ((post,),) = rows(connection, "operate/test_alert.sql", stack=target.name, alert=alert)
        # It leaves at COMMIT.
        connection.commit()
        return _answer(connection, post, time.monotonic() + wait_seconds)


def _answer(connection: Connection, post: int, until: float) -> Posted:
    while True:
        set_timeouts(connection)
        rows(connection, "operate/collect_posts.sql")
        ((delivered, given_up, status, error, said),) = rows(connection, "queries/test_post.sql", post=post)
        connection.commit()
        if delivered or given_up:
            return Posted(delivered, status, error, said)
        if time.monotonic() >= until:
            return Posted(None, status, error, said)
        time.sleep(_PAUSE_SECONDS)
