"""Jobs as people write them: one file each. Hosts, words and keys are made up; keys are put in when a file is read.

The first line says what becomes of the job: `call`, `sql`, `fails` (SQL that raises at each run, before and after) or
`refuse`, all but the first with the reason. The second may name the public place where that spelling was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support.tokens import PUBLISHABLE_KEY, SECRET_KEY, token

FOLDER = Path(__file__).parent / "corpus"
ANON, SERVICE = token("anon", ref="local"), token("service_role", ref="local")
OPAQUE = "Tuesday-4-horses"
KEYS = {
    "@ANON@": ANON,
    "@SERVICE@": SERVICE,
    "@SECRET@": SECRET_KEY,
    "@PUBLISHABLE@": PUBLISHABLE_KEY,
    "@OPAQUE@": OPAQUE,
}
VAULT = {"anon_key": ANON, "cron_secret": "a-secret-of-the-vault"}

_SEEN = "--: seen in "


@dataclass(frozen=True)
class Sample:
    """A job's command, and what becomes of it. `source` is empty where the spelling is our own invention."""

    name: str
    expected: str
    reason: str
    source: str
    template: str

    def command(self, url: str) -> str:
        """The command; its requests go to `url`."""
        text = self.template.replace("@URL@", url).replace("@JOB@", self.name)
        for placeholder, key in KEYS.items():
            text = text.replace(placeholder, key)
        return text


def samples() -> list[Sample]:
    """All of them, in order of name."""
    found = []
    for path in sorted(FOLDER.glob("*.sql")):
        head, _, template = path.read_text(encoding="utf-8").partition("\n")
        expected, _, reason = head.removeprefix("--:").strip().partition(": ")
        source = ""
        if template.startswith(_SEEN):
            source, _, template = template.removeprefix(_SEEN).partition("\n")
        found.append(Sample(path.stem, expected, reason, source, template))
    return found
