"""What a package holds beside the snapshot and the sheet: all of it follows from these two. Pure.

The spelling of these members, other than README.txt, belongs to the format of the package and
never changes within it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from importlib.resources import files

from evaluation.framework import document
from evaluation.framework.tree import Framework
from scoring.composite.sheet import Floats, ScoreSheet
from scoring.runs.snapshot import Snapshot, canonical

SNAPSHOT, SHEET, RANKS, FRAMEWORK = "snapshot.json", "sheet.json", "ranks.json", "framework.json"
CELLS, SCORES, README = "cells.csv", "scores.csv", "README.txt"

#: Every member that the manifest vouches for, in the order of the package.
MEMBERS = (README, SNAPSHOT, FRAMEWORK, SHEET, RANKS, CELLS, SCORES)

RANKS_FORMAT = "yingshang-ranks/1"
CELL_HEADINGS = (
    "城市代码 city", "城市 city name", "指标代码 indicator", "指标 indicator name", "单位 unit",
    "采集方式 method", "不适用 not applicable", "补填 imputed?", "原始值 raw",
    "平均后 denominated", "补填后 imputed", "异常值处理后 treated", "标准化后 normalised",
)  # fmt: skip
SCORE_HEADINGS = (
    "城市代码 city", "城市 city name", "节点代码 node", "节点 node name", "层级 level",
    "在上级中的权重 weight within parent", "得分 score", "名次 rank",
)  # fmt: skip

#: What a spreadsheet would take for the beginning of a formula.
NEUTRAL = ("=", "+", "-", "@", "\t", "\r")


def derived(snapshot: Snapshot, sheet: ScoreSheet) -> dict[str, bytes]:
    """Every member that follows from *snapshot* and *sheet*, by name."""
    framework = snapshot.framework
    return {
        README: files("scoring").joinpath("templates/package_readme.txt").read_bytes(),
        FRAMEWORK: document.canonical_bytes(framework),
        RANKS: ranks_bytes(snapshot.round, framework, sheet),
        CELLS: _csv(CELL_HEADINGS, _cells(snapshot, sheet)),
        SCORES: _csv(SCORE_HEADINGS, _scores(framework, sheet)),
    }


def ranks_bytes(code: str, framework: Framework, sheet: ScoreSheet) -> bytes:
    """The published places: of every city, by the index and by each first-level indicator.

    null is a city without a place: not ranked, or without a score.
    """
    nodes = [framework.root.code, *(node.code for node in framework.dimensions)]
    at = {node: place for place, node in enumerate(sheet.nodes)}
    return canonical(
        {
            "format": RANKS_FORMAT,
            "round": code,
            "index": framework.root.code,
            "ranks": {
                node: {
                    city: _place(float(sheet.ranks[row, at[node]]))
                    for row, city in enumerate(sheet.cities)
                }
                for node in nodes
            },
        }
    )


def _place(rank: float) -> float | int | None:
    if rank != rank:
        return None
    return int(rank) if rank.is_integer() else rank


def _cells(snapshot: Snapshot, sheet: ScoreSheet) -> Iterator[Iterable[str]]:
    framework = snapshot.framework
    stages: list[Floats] = [*sheet.stages.values()]
    for row, city in enumerate(sheet.cities):
        unit = framework.unit_by_code[city]
        for column, code in enumerate(sheet.indicators):
            node, held = framework.by_code[code], snapshot.by_cell.get((city, code))
            yield (
                *(_safe(text) for text in (city, unit.name, code, node.name, node.unit)),
                _safe(held.method if held else ""),
                "1" if sheet.not_applicable[row, column] else "0",
                "1" if sheet.was_imputed[row, column] else "0",
                *(_number(float(stage[row, column])) for stage in stages),
            )


def _scores(framework: Framework, sheet: ScoreSheet) -> Iterator[Iterable[str]]:
    for row, city in enumerate(sheet.cities):
        name = framework.unit_by_code[city].name
        for column, code in enumerate(sheet.nodes):
            yield (
                *(_safe(text) for text in (city, name, code, framework.by_code[code].name)),
                str(len(framework.path(code)) - 1),
                *(
                    _number(float(numbers[row, column]))
                    for numbers in (sheet.weights, sheet.scores, sheet.ranks)
                ),
            )


def _csv(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return "\ufeff".encode() + out.getvalue().encode()


def _number(value: float) -> str:
    return "" if value != value else repr(value + 0.0)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(NEUTRAL) else text
