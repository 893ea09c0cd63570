"""Whose workbook it is: what its hidden sheet says, against what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaluation.framework.tree import Framework
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_, named
from evaluation.platform.workbooks import CellValue, Workbook
from evaluation.platform.workbooks import cells as typed_cells
from surveys.filings import columns


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose workbook it has to be."""

    round_code: str
    city: str
    framework_sha256: str
    framework_version: int


def revisions(said: Mapping[str, CellValue]) -> dict[str, int]:
    """The revisions of the cells that were written into the workbook."""
    return {
        key.partition(":")[2]: int(value)
        for key, value in said.items()
        if key.startswith("revision:") and isinstance(value, int | float)
    }


def facts(book: Workbook) -> dict[str, CellValue] | None:
    """What the hidden sheet says; None where there is none."""
    meta = book.sheets.get(columns.META_SHEET)
    if meta is None:
        return None
    return {typed_cells.text(r[0]): r[1] for r in meta.rows if len(r) > 1 and r[0] is not None}


def check(
    book: Workbook,
    said: Mapping[str, CellValue] | None,
    expected: Expected,
    framework: Framework,
) -> Iterator[Fault]:
    """Whether the workbook was made for this city, this round and this framework."""
    if said is None:
        yield Fault(
            "not-our-template",
            N_("这不是本系统下载的填报表，无法核对市州、轮次和体系版本。"),
            N_("请逐格核对下面的预览，确认是本市州、本轮次的数据。"),
            file=book.name,
            severity="warning",
        )
        return
    city, round_code = typed_cells.text(said.get("city")), typed_cells.text(said.get("round"))
    if city != expected.city:
        unit = framework.unit_by_code.get(city)
        yield Fault(
            "other-city",
            N_("这是另一市州（{city}）的填报表，不能上传到这里。"),
            N_("请下载本市州的填报表。"),
            {"city": named(unit.name, unit.name_en) if unit else city[:40]},
            file=book.name,
        )
    if round_code != expected.round_code:
        yield Fault(
            "other-round",
            N_("这是另一轮次（{round}）的填报表。"),
            N_("请下载本轮次的填报表，把数据填进去后再上传。"),
            {"round": round_code[:64]},
            file=book.name,
        )
    elif typed_cells.text(said.get("framework_sha256")) != expected.framework_sha256:
        yield Fault(
            "other-framework",
            N_("这是按体系第 {old} 版做的填报表，本轮现在用第 {new} 版。"),
            N_("请重新下载填报表，把数据填进去后再上传。"),
            {
                "old": typed_cells.text(said.get("framework_version"))[:20],
                "new": expected.framework_version,
            },
            file=book.name,
        )
