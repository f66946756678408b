"""What an outcome means, in words, and what to do about a bad one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

WAITING = "waiting"
_LOGS = "Look at the function's logs (dashboard: Edge Functions, Logs)."


def in_words(outcome: str | None, status: int | None, error: str | None) -> str:
    """`supacron.run.outcome` for a person; None is a run whose answer is awaited."""
    match outcome:
        case None | "waiting":
            return "no answer yet"
        case "ok":
            return f"ok, HTTP {status}" if status else "ok"
        case "http_error":
            return f"refused or failed with HTTP {status}"
        case "timed_out":
            return "timed out: no whole answer within the job's timeout"
        case "no_response":
            return "no response by the deadline: the request was lost or never sent, or its answer was"
        case _:
            return f"failed: {error}" if error else "failed"


def remedy(outcome: str | None, status: int | None, *, secrets: Sequence[str], url: str | None) -> str:
    """What to do about an outcome that is not ok; empty for one that is, or that is not known yet."""
    match outcome:
        case "http_error":
            return _http_remedy(status or 0, secrets, url)
        case "timed_out":
            return f"Raise the job's `timeout`, or let the function answer sooner. {_LOGS}"
        case "no_response":
            return "See whether pg_net's worker is alive: supacron doctor."
        case "failed":
            return "The error tells the cause; `supacron doctor` looks at the parts one by one."
        case _:
            return ""


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
