"""A workbook as bytes: the same workbook gives the same bytes at any time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.writer.excel import ExcelWriter

if TYPE_CHECKING:
    from openpyxl import Workbook

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's properties know no zone


def to_bytes(book: Workbook, *, title: str = "", creator: str = "营商") -> bytes:
    """The .xlsx file of *book*, without a clock in it."""
    book.properties.title = title
    book.properties.creator = creator
    book.properties.created = EPOCH
    out = io.BytesIO()
    ExcelWriter(book, _Timeless(out, "w", zipfile.ZIP_DEFLATED)).save()
    return out.getvalue()


class _Timeless(zipfile.ZipFile):
    """A zip whose entries carry no clock, neither outside nor inside the core properties."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        info = zinfo_or_arcname
        name = info if isinstance(info, str) else info.filename
        if name == "docProps/core.xml":
            content = data if isinstance(data, bytes) else data.encode()
            stamp = EPOCH.isoformat().encode() + b"Z"
            data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(entry, data, compress_type, compresslevel)

    def write(
        self,
        filename: Any,
        arcname: Any = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        data = Path(filename).read_bytes()
        self.writestr(str(arcname or filename), data, compress_type, compresslevel)
