"""A framework small enough to read, and its workbook after a change."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl

from evaluation.framework.tree import Framework, Measure, Node, Unit, Zone
from evaluation.framework.workbook import export_framework


def small() -> Framework:
    return Framework(
        code="T1",
        name="试用体系",
        units=(Unit("a", "甲市", zones=("z",)), Unit("b", "乙市", ranked=False, population=2.5)),
        zones=(Zone("z", "东片"),),
        nodes=(
            Node("I", None, "总指数"),
            Node("D", "I", "维度"),
            Node("x", "D", "比例", unit="%", best=98.0, worst=1.0, minimum=0.0, maximum=100.0),
            Node("y", "D", "时间", direction=-1, best=1.0, worst=9.0, methods=("full_filing",)),
        ),
        measures=(
            Measure(1, "招标", "=缩短时间", deadline="2026-12-31", indicators=("x",)),
            Measure(2, "", "其他", supporting_units=("甲局", "乙局")),
        ),
        method={"rank": {"ties": "min", "decimals": 2}, "aggregate": {"levels": ["a", "b"]}},
    )


def edited(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The small framework's workbook after somebody's hand."""
    book = openpyxl.load_workbook(io.BytesIO(export_framework(small())))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
