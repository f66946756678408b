"""The ledger of a stack: each apply that changed something, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.errors import SupacronError
from supacron.operate.database import require_stack, rows, session
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Released:
    """One row of supacron.release; what is None was not known to whoever applied, or to the supacron of that time.

    `digest` is that of the rendered SQL, `definitions_digest` that of the definitions in any environment.
    """

    id: int
    applied_at: datetime
    applied_by: str | None
    applied_from: str | None
    ci_run: str | None
    git_commit: str | None
    git_clean: bool | None
    tool_version: str
    digest: str
    definitions_digest: str | None
    changes: list[dict[str, Any]]
    promotion: dict[str, Any] | None
    waived: dict[str, str] | None
    lifted: list[str] | None = None

    @property
    def origin(self) -> str:
        """Where the definitions came from; empty where they were edited by hand."""
        if self.promotion is None:
            return ""
        if self.promotion.get("kind") == "rollback":
            return f"back to {self.promotion['release']}"
        return f"{self.promotion['stack']} {self.promotion['release']}"

    @property
    def summary(self) -> str:
        """`2 create, 1 update`."""
        counts = Counter(change.get("action", "?") for change in self.changes)
        return ", ".join(f"{number} {action}" for action, number in counts.items())

    def to_json(self) -> dict[str, Any]:
        return {
            "release": self.id,
            "applied_at": iso(self.applied_at),
            "applied_by": self.applied_by,
            "applied_from": self.applied_from,
            "ci_run": self.ci_run,
            "git_commit": self.git_commit,
            "git_clean": self.git_clean,
            "tool_version": self.tool_version,
            "sql_digest": self.digest,
            "definitions_digest": self.definitions_digest,
            "changes": self.changes,
            "promotion": self.promotion,
            "waived": self.waived or {},
            "lifted": self.lifted or [],
        }


@dataclass(frozen=True, slots=True)
class Content:
    """What a release consisted of: the definitions as they were written, and the environment's overrides."""

    released: Released
    definitions: str
    overrides: dict[str, Any]


def read_releases(
    url: Secret,
    target: Target,
    *,
    limit: int,
    project_ref: str | None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Released, ...]:
    """The newest `limit` releases, newest first; raises Refused when the database does not have the stack."""
    with session(url, target.label, progress, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        return tuple(Released(*row) for row in rows(connection, "queries/releases.sql", stack=target.name, limit=limit))


def content_of(connection: Connection, stack: str, release: int | None) -> Content:
    """One release, the newest when `release` is None; raises SupacronError when it is not there or has no text."""
    found = rows(connection, "queries/release.sql", stack=stack, id=release)
    if not found:
        which = "no release" if release is None else f"no release {release}"
        raise SupacronError(f"the stack {stack} has {which}", f"See: supacron releases --stack {stack}")
    *fields, definitions, overrides = found[0]
    released = Released(*fields)
    if definitions is None:
        commit = f" Commit {released.git_commit} may have it." if released.git_commit else ""
        raise SupacronError(
            f"release {released.id} of {stack} was recorded without its definitions",
            "They came from no file of the project's folder, or from a supacron that kept none; "
            f"the next `pulumi up` that changes something keeps them.{commit}",
        )
    return Content(released, definitions, overrides or {})
