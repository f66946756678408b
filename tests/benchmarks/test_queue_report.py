"""What the queue's benchmark says about its figures."""

from __future__ import annotations

from benchmarks.queue.cells import all_cells
from benchmarks.queue.report import BEGIN, END, README, Figures, Results, miss, row

CELLS = {cell.key: cell for cell in all_cells()}


def test_a_ratio_is_the_median_of_the_rounds_not_the_ratio_of_medians() -> None:
    figures = Figures({"pgmq": [100, 10, 1000], "supacron": [150, 20, 1000]})
    assert figures.ratio("supacron") == 1.5
    assert figures.ratio("graphile-worker") is None


def test_a_cell_is_missed_when_no_way_of_using_it_reaches_the_target() -> None:
    cell = CELLS["work-10k-1-1"]
    assert miss(cell, Figures({"pgmq": [100], "supacron": [120], "supacron, one call": [160]})) is None
    assert miss(cell, Figures({"pgmq": [100], "supacron": [120]})) == "work-10k-1-1 1.20 of 1.5"


def test_a_cell_is_missed_when_another_queue_is_ahead() -> None:
    found = {"pgmq": [100.0], "supacron": [160.0], "graphile-worker": [170.0]}
    assert miss(CELLS["work-10k-1-1"], Figures(found)) == "work-10k-1-1 behind graphile-worker"


def test_less_time_is_better() -> None:
    cell = CELLS["p95-1m"]
    assert miss(cell, Figures({"pgmq": [4], "supacron": [1]})) is None
    assert miss(cell, Figures({"pgmq": [4], "supacron": [2]})) == "p95-1m 0.50 of 0.25"
    own = Results({"p95-1m": Figures({"supacron": [4]}), "p95-10k": Figures({"supacron": [2]})})
    assert "p95-1m is 2.00 times its own at 10,000, not 1.5" in own.markdown([])


def test_a_row_shows_ratios_with_their_figures_and_the_target() -> None:
    figures = Figures({"pgmq": [1000], "supacron": [1200], "procrastinate": [50]})
    line = row(CELLS["enqueue-1"], figures, ["supacron", "graphile-worker", "procrastinate"])
    assert line == "| enqueue, 1 client | 1,000 jobs/s | **1.20** (1,200) |  | 0.05 (50.00) | at least 1.15 |"


def test_the_readme_has_a_place_for_the_table() -> None:
    before, rest = README.read_text().split(BEGIN)
    assert rest.count(END) == 1
    assert before


def test_every_cell_has_a_key_of_its_own() -> None:
    assert len(CELLS) == len(all_cells())
