"""`pip list -v --format json` as Pulumi's language host asks it at each start, in a tenth of the real one's time."""

from __future__ import annotations

import json
import sys
from importlib.metadata import distributions

if sys.argv[1:] != ["list", "-v", "--format", "json"]:
    sys.exit(f"tests/support/engine_path knows no pip {' '.join(sys.argv[1:])}")
found = {each.name: each for each in distributions() if each.name}
print(  # noqa: T201 - it is asked for it
    json.dumps(
        [{"name": name, "version": each.version, "location": str(each.locate_file(""))} for name, each in found.items()]
    )
)
