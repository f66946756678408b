"""What an outcome means, in words, and what to do about a bad one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

WAITING = "waiting"
QUEUED = "queued"
RETRYING = "retrying"
_LOGS = "Look at the function's logs (dashboard: Edge Functions, Logs)."
_REMEDIES = {
    "timed_out": f"Raise the job's `timeout`, or let the function answer sooner. {_LOGS}",
    "no_response": "See whether pg_net's worker is alive: supacron doctor.",
    "bad_answer": f"The job's `expect` says what an answer must be. {_LOGS}",
    "skipped": "The job's `overlap` says what happens while a run is not over: skip, queue or allow.",
    "missed": "`catch_up: latest` makes up for what an outage kept from running; `supacron retry RUN` does it now.",
    "failed": "The error tells the cause; `supacron doctor` looks at the parts one by one.",
}


def state(outcome: str | None, attempt: int, *, leaves: bool) -> str:
    """The outcome, or where a run is on its way to one. `leaves`: it is not with pg_net, but may leave at some time."""
    if outcome is not None:
        return outcome
    if not leaves:
        return WAITING
    return RETRYING if attempt else QUEUED


def in_words(outcome: str | None, status: int | None, error: str | None) -> str:
    """`supacron.run.outcome` for a person; None is a run whose answer is awaited."""
    known = {
        None: "no answer yet",
        WAITING: "no answer yet",
        "ok": f"ok, HTTP {status}" if status else "ok",
        "http_error": f"refused or failed with HTTP {status}",
        "timed_out": "timed out: no whole answer within the job's timeout",
        "no_response": "no response by the deadline: the request was lost or never sent, or its answer was",
        "bad_answer": f"HTTP {status}, but {error}",
    }
    return known.get(outcome) or (f"{outcome}: {error}" if error else str(outcome))


def remedy(outcome: str | None, status: int | None, *, secrets: Sequence[str], url: str | None) -> str:
    """What to do about an outcome that is not ok; empty for one that is, or that is not known yet."""
    if outcome == "http_error":
        return _http_remedy(status or 0, secrets, url)
    return _REMEDIES.get(outcome or "", "")


def _http_remedy(status: int, secrets: Sequence[str], url: str | None) -> str:
    if status in (401, 403):
        if not secrets:
            return "The function wants a key and the job sends none: give the job `auth:`."
        names = " and ".join(secrets)
        return f"The function refused the key of secret {names}: set the value that it expects, and run `pulumi up`."
    known = {
        404: f"Nothing answers at {url}: check the function's name, and that it is deployed to this project.",
        405: "The function does not take this `method`.",
        429: "The function is called too often: give the job a longer interval.",
    }
    if status >= 500:
        return f"The function failed. {_LOGS}"
    return known.get(status, f"The function did not accept what the job sends: check `body` and `headers`. {_LOGS}")
