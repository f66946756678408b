"""`python -m benchmarks`: the benchmarks of applying; those of the queue have a command of their own."""

from __future__ import annotations

import sys

from benchmarks import apply, plan, pulumi_up


def main() -> None:
    sys.argv = sys.argv[:1]
    apply.main()
    plan.main()
    pulumi_up.main()


main()
