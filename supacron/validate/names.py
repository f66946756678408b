"""Names of jobs: what cron.job can hold, and what a person can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from supacron.model.paths import KeyPath
from supacron.model.stack_file import MAX_JOB_NAME_BYTES
from supacron.validate.findings import Finding

RESERVED_PREFIX: Final = "supacron-"


def check_job_name(name: str, path: KeyPath, *, at_key: bool) -> Iterator[Finding]:
    size = len(name.encode("utf-8", "surrogatepass"))
    if size > MAX_JOB_NAME_BYTES:
        message = f"a job's name of {size} bytes; pg_cron before 1.5 keeps {MAX_JOB_NAME_BYTES}"
        yield Finding(path, message, "Shorten it.", at_key)
    if not name.isprintable():
        yield Finding(path, "a control character or a special blank in a job's name", "Remove it.", at_key)
    if name != name.strip():
        yield Finding(path, "a job's name with blanks around it", "Remove them.", at_key)
    if name.startswith(RESERVED_PREFIX):
        message = f"names that start with `{RESERVED_PREFIX}` are kept for supacron's own jobs"
        yield Finding(path, message, "Choose another name.", at_key)


def check_lookalikes(names: Iterable[str]) -> Iterator[Finding]:
    """Warnings about names that differ in case only."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            message = f"differs from the job `{other}` in case only"
            yield Finding(("jobs", name), message, "Rename one of them if they are meant to be one.", at_key=True)
