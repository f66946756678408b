"""`python -m benchmarks`: all but those of the queue, which have a command of their own."""

from __future__ import annotations

import sys

from benchmarks import apply, plan, pulumi_up, runs, scale


def main() -> None:
    sys.argv = sys.argv[:1]
    apply.main()
    plan.main()
    pulumi_up.main()
    runs.main()
    scale.main()


main()
