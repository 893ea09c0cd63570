"""A values file in: an .xlsx or a .csv, every fault at once and by its place."""

from __future__ import annotations

import csv
import io
import re

from evaluation.framework.tree import Framework
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import CellValue, Sheet, read_workbook
from evaluation.platform.workbooks.reading import MAX_BYTES
from surveys.observations.value_rows import NO_HEADER, USE_TEMPLATE, Reading, header
from surveys.observations.value_sheet import SHEET, Values

_DECIMAL = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def read_values(data: bytes, *, name: str, framework: Framework, method: str) -> Values:
    """Read an .xlsx, or a .csv by its name, for *method*. A blank cell says nothing.

    Raises `Faulty` with every fault of the file.
    """
    if name.lower().endswith(".csv"):
        return Reading(_csv(data, name), name, framework, method).values()
    book = read_workbook(data, name=name)
    found = [sheet for sheet in book.sheets.values() if header(sheet) is not None]
    chosen = next((s for s in found if s.name == SHEET), found[0] if found else None)
    if chosen is None:
        raise Faulty([Fault("no-city-column", NO_HEADER, USE_TEMPLATE, file=name)])
    return Reading(chosen, name, framework, method).values()


def _csv(data: bytes, name: str) -> Sheet:
    if len(data) > MAX_BYTES:
        raise Faulty([Fault("too-big", N_("文件太大。"), N_("请分成几个文件。"), file=name)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            said = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        said = "\0"
    try:
        table = csv.reader(io.StringIO(said), strict=True)
        lines = [[_said(value) for value in row] for row in table]
    except csv.Error:
        lines = []
    if "\0" in said or not lines:
        raise Faulty(
            [
                Fault(
                    "not-csv",
                    N_("这不是可以读取的 CSV 文件。"),
                    N_("请用 UTF-8 或 GB18030 编码另存为 CSV，或直接上传 .xlsx。"),
                    file=name,
                )
            ]
        )
    width = max(map(len, lines))
    return Sheet("", [[*line, *[None] * (width - len(line))] for line in lines])


def _said(value: str) -> CellValue:
    """In a text file a plain number is a number; anything else stays the text it is."""
    return float(value) if _DECIMAL.fullmatch(value.strip()) else value or None
