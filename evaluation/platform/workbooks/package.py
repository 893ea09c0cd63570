"""The zip package of a workbook, opened without trusting a word it says about itself."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import NoReturn

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_

MAX_PARTS = 2_000
MAX_PART_BYTES = 32 * 2**20
KEPT_BYTES = 8 * 2**20  # parts of a workbook unpacking to less are unpacked once
MAX_TOTAL_BYTES = 64 * 2**20
MAX_TAGS = 6_000_000
WINDOW = 512 * 1024  # without a tag for so long: Excel's longest cell is 327,670 bytes if escaped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RESAVE = N_("请用 Excel 或 WPS 打开原文件，“另存为”Excel 工作簿（*.xlsx）后再上传。")
DAMAGED = N_("文件已损坏，无法打开。")
TOO_MANY = N_("工作簿的单元格太多，超过系统能读取的上限。")
FEWER = N_("请只保留模板中的工作表和数据行，删除多余内容后再上传。")
OLD_EXCEL = N_("这是旧版 Excel（.xls）或 WPS（.et）文件，不是 .xlsx 工作簿。")
NOT_WORKBOOK = {
    "pdf": N_("这是 PDF 文件，不是 Excel 工作簿。"),
    "image": N_("这是图片，不是 Excel 工作簿。"),
    "text": N_("这是文本文件（例如改了扩展名的 CSV），不是 Excel 工作簿。"),
    "docx": N_("这是 Word 文档，不是 Excel 工作簿。"),
    "pptx": N_("这是 PowerPoint 演示文稿，不是 Excel 工作簿。"),
    "ods": N_("这是 OpenDocument（.ods）文件，不是 .xlsx 工作簿。"),
    "xlsb": N_("这是二进制工作簿（.xlsb），不是 .xlsx 工作簿。"),
    "zip": N_("这是压缩包，不是 Excel 工作簿。"),
    "unknown": N_("这不是 Excel 工作簿。"),
}


def refuse(name: str, code: str, what: str, mend: str = RESAVE, **facts: object) -> NoReturn:
    """Refuse the whole file *name*."""
    raise Faulty([Fault(code=code, what=what, mend=mend, facts=facts, file=name)])


class Package:
    """The parts of an .xlsx, each decompressed under a bound and searched before any parser.

    Raises ``Faulty`` for anything that is not a plain workbook: see ``tests/abuse``.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        _look_at_first_bytes(data, name)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError):
            refuse(name, "damaged", DAMAGED)
        self.entries = {entry.filename: entry for entry in entries}
        _check_entries(entries, name)
        _check_contents(set(self.entries), name)
        small = sum(entry.file_size for entry in entries) <= KEPT_BYTES
        self._kept: dict[str, bytes] | None = {} if small else None
        self._check_parts()

    def part(self, path: str) -> bytes:
        """One part's bytes; empty when there is none.

        Raises ``Faulty`` when it unpacks to more than it declares.
        """
        if self._kept is not None and path in self._kept:
            return self._kept[path]
        entry = self.entries.get(path)
        part = self._unpacked(entry) if entry else b""
        if self._kept is not None:
            self._kept[path] = part
        return part

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        """Decompress without zipfile, which stops at the declared size and hides the rest."""
        at = entry.header_offset
        header = self.data[at : at + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            refuse(self.name, "damaged", DAMAGED)
        start = at + 30 + sum(struct.unpack("<HH", header[26:30]))
        raw = memoryview(self.data)[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            return bytes(raw)
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            piece = unpack.decompress(raw, entry.file_size + 1)
        except zlib.error:
            refuse(self.name, "damaged", DAMAGED)
        if len(piece) != entry.file_size or not unpack.eof:
            refuse(
                self.name,
                "size-lies",
                N_("文件内部声明的大小与实际不符，疑似压缩炸弹，已拒绝读取。"),
            )
        return piece

    def _check_parts(self) -> None:
        tags = 0
        for path in self.entries:
            part = self.part(path)
            if not path.endswith((".xml", ".rels", ".vml")):
                continue
            tags += part.count(b"<")
            if tags > MAX_TAGS:
                refuse(
                    self.name,
                    "too-many-cells",
                    TOO_MANY,
                    FEWER,
                )
            _check_markup(part, self.name)
        kinds = self.part("[Content_Types].xml")
        if b"macroEnabled" in kinds or b"ms-office.vbaProject" in kinds:
            _refuse_macros(self.name)


def _look_at_first_bytes(data: bytes, name: str) -> None:
    if not data:
        refuse(
            name, "empty-file", N_("文件是空的（0 字节）。"), N_("请检查原文件，重新保存后再上传。")
        )
    if data.startswith(b"PK\x03\x04"):
        return
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            refuse(
                name,
                "encrypted",
                N_("工作簿设有打开密码，系统无法读取。"),
                N_("请在 Excel 的“文件—信息—保护工作簿”中取消打开密码，保存后再上传。"),
            )
        refuse(name, "old-excel", OLD_EXCEL)
    kind = "unknown"
    if data.startswith(b"%PDF"):
        kind = "pdf"
    elif data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")):
        kind = "image"
    elif b"\x00" not in data[:4096]:
        kind = "text"
    refuse(name, "not-a-workbook", NOT_WORKBOOK[kind])


def _check_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MAX_PARTS:
        refuse(
            name,
            "too-many-parts",
            N_("文件内部有 {count} 个部件，超过 {limit} 个，疑似压缩炸弹，已拒绝读取。"),
            count=len(entries),
            limit=MAX_PARTS,
        )
    if len({entry.filename for entry in entries}) != len(entries):
        refuse(name, "damaged", N_("文件内部有重名的部件，已拒绝读取。"))
    if any(entry.flag_bits & 0x1 for entry in entries):
        refuse(
            name,
            "encrypted",
            N_("工作簿设有打开密码，系统无法读取。"),
            N_("请在 Excel 的“文件—信息—保护工作簿”中取消打开密码，保存后再上传。"),
        )
    for entry in entries:
        path = entry.filename
        if path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/"):
            refuse(name, "bad-part-name", N_("文件内部有不安全的部件名称，已拒绝读取。"))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            refuse(name, "damaged", N_("文件的压缩方式不受支持。"))
    total = sum(entry.file_size for entry in entries)
    biggest = max((entry.file_size for entry in entries), default=0)
    if total > MAX_TOTAL_BYTES or biggest > MAX_PART_BYTES:
        refuse(
            name,
            "unpacks-too-big",
            N_("文件解压后有 {size} MB，超过系统能读取的上限，已拒绝读取。"),
            N_("请只保留模板中的工作表和数据行，删除图片和过长的文字后再上传。"),
            size=round(total / 2**20),
        )


def _check_contents(paths: set[str], name: str) -> None:
    if "xl/workbook.xml" not in paths or "[Content_Types].xml" not in paths:
        kind = "zip"
        for mark, found in (
            ("word/document.xml", "docx"),
            ("ppt/presentation.xml", "pptx"),
            ("xl/workbook.bin", "xlsb"),
            ("content.xml", "ods"),
        ):
            if mark in paths:
                kind = found
        refuse(name, "not-a-workbook", NOT_WORKBOOK[kind])
    lower = {path.lower() for path in paths}
    if any("vbaproject" in path or "/macrosheets/" in path for path in lower):
        _refuse_macros(name)
    if any(path.startswith(("xl/embeddings/", "xl/activex/")) for path in lower):
        refuse(
            name,
            "embedded-object",
            N_("工作簿里嵌有其他文件或控件，已拒绝读取。"),
            N_("请删除嵌入的对象，需要的材料请作为佐证材料单独上传。"),
        )
    outside = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
    if any(path.startswith(outside) for path in lower):
        refuse(
            name,
            "external-links",
            N_("工作簿引用了其他文件或外部数据。"),
            N_("请在“数据—编辑链接”中断开链接（或粘贴为数值），另存后再上传。"),
        )


def _refuse_macros(name: str) -> NoReturn:
    refuse(
        name,
        "macros",
        N_("工作簿里有宏程序，已拒绝读取。"),
        N_("请“另存为”不含宏的 Excel 工作簿（*.xlsx）后再上传。"),
    )


def _check_markup(part: bytes, name: str) -> None:
    head = part[:200].removeprefix(b"\xef\xbb\xbf")
    encoding = re.match(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", head)
    named = encoding.group(1).lower() if encoding else b"utf-8"
    if part and (b"\x00" in head or named not in (b"utf-8", b"us-ascii", b"ascii")):
        refuse(name, "encoding", N_("文件内部不是 UTF-8 编码，已拒绝读取。"))
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        refuse(name, "entities", N_("文件内部含有实体声明（DOCTYPE），疑似攻击文件，已拒绝读取。"))
    for at in range(0, len(part) - WINDOW, WINDOW):
        if part.find(b"<", at, at + WINDOW) < 0:
            refuse(
                name,
                "long-text",
                N_("有单元格的文字超过 32,767 个字，已拒绝读取。"),
                N_("请缩短过长的文字后再上传。"),
            )
