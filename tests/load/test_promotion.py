from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import InvalidInput
from supacron.load.promotion import read_promotion
from supacron.load.record import read_record, record_path
from supacron.model.promotion import Record

GOOD = """\
order: [dev, staging, prod]
gates:
  prod: {soaked: 24h, runs: 20, success_rate: 99.5%, no_drift: false}
"""


def read(folder: Path, text: str) -> str:
    """The mistakes."""
    (folder / "promotion.yaml").write_text(text)
    with pytest.raises(InvalidInput) as error:
        read_promotion(folder / "stacks")
    return str(error.value)


def test_the_order_and_the_gates(tmp_path: Path) -> None:
    assert read_promotion(tmp_path / "stacks") is None
    (tmp_path / "promotion.yaml").write_text(GOOD)
    found = read_promotion(tmp_path / "stacks")
    assert found is not None
    prod = found.gates["prod"]
    assert (prod.soaked, prod.runs, prod.success_rate, prod.no_drift, prod.secrets) == (
        86_400_000,
        20,
        99.5,
        False,
        True,
    )
    assert [found.before(name) for name in ("dev", "staging", "prod", "qa")] == [None, "dev", "staging", None]


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (("24h", "a day"), "3:18: gates.prod.soaked: a duration is"),
        (("99.5%", "101%"), "3:47: gates.prod.success_rate: a share is written as 99%"),
        (("runs: 20", "runs: -1"), "3:29: gates.prod.runs: must not be negative"),
        (("runs: 20", "run: 20"), "3:23: gates.prod.run: unknown key\n    Did you mean `runs`?"),
        (("false", "'no'"), "gates.prod.no_drift: must be true or false"),
        (("staging,", "dev,"), "1:14: order[1]: dev stands here twice"),
        (("  prod:", "  prd:"), "3:3: gates.prd: prd is not in `order`\n    Did you mean `prod`?"),
        (("  prod:", "  dev:"), "3:3: gates.dev: nothing is promoted into the first environment"),
        (("[dev, staging, prod]", "[dev]"), "1:1: order: names less than two environments"),
        (("order:", "ordr:"), "ordr: unknown key"),
    ],
)
def test_mistakes(tmp_path: Path, change: tuple[str, str], mistake: str) -> None:
    assert mistake in read(tmp_path, GOOD.replace(*change)).replace(f"{tmp_path}/promotion.yaml:", "")


def test_a_record(tmp_path: Path) -> None:
    assert read_record(tmp_path, "prod") is None
    record = Record(kind="promotion", stack="staging", release=3, digest="d", by="Ada", at="then")
    record_path(tmp_path, "prod").write_text(record.text())
    assert read_record(tmp_path, "prod") == record
    record_path(tmp_path, "prod").write_text("{}")
    with pytest.raises(InvalidInput, match=r"prod\.promotion\.json:1:1: is not a record"):
        read_record(tmp_path, "prod")
