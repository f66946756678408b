"""What the templates of the queue install, as far as others must know it."""

from __future__ import annotations

import re
from functools import cache

from supacron.render import templates

_INSTALLED = (
    "queue/schema.sql",
    "queue/migrations/*.sql",
    "queue/functions/*.sql",
    "queue/views/*.sql",
    "queue/lock_down.sql",
)
_COMMENT = re.compile(r"^comment on function (public\.\w+\([^)]*\)) is", re.MULTILINE)


@cache
def digest() -> str:
    """SHA-256 over every template that a queue is made of."""
    return templates.digest_of(name for pattern in _INSTALLED for name in templates.names(pattern))


@cache
def api() -> tuple[str, ...]:
    """The signatures of the functions that callers use, such as `public.cancel_job(bigint, text)`."""
    texts = map(templates.sql, templates.names("queue/functions/*.sql"))
    return tuple(signature for text in texts for signature in _COMMENT.findall(text))


def fingerprint_query() -> str:
    """The query for a hash of what is installed, which tells when somebody changes it."""
    return templates.render("queries/queue_fingerprint.sql.j2", api=api())


def obstacles_query() -> str:
    """The query for what is there under the queue's names where it is not installed."""
    names = sorted({signature.removeprefix("public.").split("(")[0] for signature in api()})
    return templates.render("queries/queue_obstacles.sql.j2", names=names)
