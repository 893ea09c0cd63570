"""Spreadsheets made to hurt or broken, each with the code it must be refused by."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Callable


SHEET = "xl/worksheets/sheet1.xml"
OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = "</sheetData></worksheet>"
MB = 2**20


def plain() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["代码", "数值"])
    book.active.append(["N01", 1.5])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rebuilt(parts: dict[str, bytes | str], *, without: tuple[str, ...] = ()) -> bytes:
    """The plain workbook with parts replaced or added, then repacked."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts and name not in without:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(body: str) -> bytes:
    return rebuilt({SHEET: OPEN + body + CLOSE})


def encrypted_flag() -> bytes:
    data = bytearray(plain())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def lying_size() -> bytes:
    """Declares 1,000 bytes and the checksum of the first 1,000, unpacks to 60 MB."""
    real = (OPEN + "<row><c><v>1</v></c></row>" * 20).encode()[:1000] + b" " * (60 * MB)
    data = rebuilt({SHEET: real})
    fake = struct.pack("<L", zlib.crc32(real[:1000])), struct.pack("<L", 1000)
    true = struct.pack("<L", zlib.crc32(real)), struct.pack("<L", len(real))
    return data.replace(true[0], fake[0]).replace(true[1], fake[1])


def zip_of(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def duplicate_names() -> bytes:
    data = rebuilt({"xl/worksheets/sheet9.xml": OPEN + CLOSE})
    return data.replace(b"xl/worksheets/sheet9.xml", SHEET.encode())


def shared_blow_up() -> bytes:
    """One long shared string used by 200,000 cells: small on disk, 6 GB as text."""
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 200_001)
    )
    kinds = plain_part("[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    links = plain_part("xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId77" Target="sharedStrings.xml" Type="http://schemas.openxmlformats'
        b'.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    text = "长" * 30_000
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    )
    return rebuilt(
        {
            SHEET: OPEN + cells + CLOSE,
            "xl/sharedStrings.xml": shared,
            "[Content_Types].xml": kinds,
            "xl/_rels/workbook.xml.rels": links,
        }
    )


def plain_part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(plain())) as archive:
        return archive.read(name)


def many_sheets() -> bytes:
    book = plain_part("xl/workbook.xml").decode()
    start = book.index("<sheet ")
    one = book[start : book.index("/>", start) + 2]
    copies = "".join(
        one.replace('name="Sheet"', f'name="S{n}"').replace('sheetId="1"', f'sheetId="{n + 2}"')
        for n in range(500)
    )
    return rebuilt({"xl/workbook.xml": book.replace(one, one + copies)})


BOMB = b" " * (31 * MB)
ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
DENSE = "".join(
    f'<row r="{r}">' + "".join("<c><v>1</v></c>" for _ in range(1000)) + "</row>"
    for r in range(1, 1501)
)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty file": (lambda: b"", "empty-file"),
    "csv renamed": ("代码,数值\nN01,1\n".encode, "not-a-workbook"),
    "html renamed": (lambda: b"<html><script>alert(1)</script>", "not-a-workbook"),
    "pdf renamed": (lambda: b"%PDF-1.7\n\x00", "not-a-workbook"),
    "png renamed": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "not-a-workbook"),
    "old xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old-excel"),
    "password": (
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\x00" * 512
            + "EncryptedPackage".encode("utf-16-le")
        ),
        "encrypted",
    ),
    "zip entry encrypted": (encrypted_flag, "encrypted"),
    "docx renamed": (lambda: zip_of(word__document_DOT_xml="<w/>"), "not-a-workbook"),
    "any zip": (lambda: zip_of(readme="hello"), "not-a-workbook"),
    "polyglot": (lambda: b"GIF89a" + plain(), "not-a-workbook"),
    "cut in half": (lambda: plain()[: len(plain()) // 2], "damaged"),
    "not xml inside": (lambda: rebuilt({SHEET: "<worksheet><sheetData><row"}), "damaged"),
    "workbook part broken": (lambda: rebuilt({"xl/workbook.xml": "<workbook"}), "damaged"),
    "macros": (lambda: rebuilt({"xl/vbaProject.bin": b"\x00"}), "macros"),
    "macro content type": (
        lambda: rebuilt(
            {
                "[Content_Types].xml": plain_part("[Content_Types].xml").replace(
                    b"openxmlformats-officedocument.spreadsheetml.sheet.main",
                    b"ms-excel.sheet.macroEnabled.main",
                )
            }
        ),
        "macros",
    ),
    "embedded object": (lambda: rebuilt({"xl/embeddings/a.bin": b"\x00"}), "embedded-object"),
    "external link": (
        lambda: rebuilt({"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        "external-links",
    ),
    "100 MB": (lambda: plain() + b"\x00" * (100 * MB), "too-big"),
    "zip bomb": (lambda: rebuilt({f"xl/media/{n}.xml": BOMB for n in range(8)}), "unpacks-too-big"),
    "one huge part": (lambda: rebuilt({"xl/a.xml": b" " * (40 * MB)}), "unpacks-too-big"),
    "zip bomb that lies": (lying_size, "size-lies"),
    "3,000 entries": (
        lambda: rebuilt({f"xl/media/{n}.png": b"x" for n in range(3000)}),
        "too-many-parts",
    ),
    "path traversal": (lambda: rebuilt({"xl/../../etc/passwd": "x"}), "bad-part-name"),
    "absolute path": (lambda: rebuilt({"/etc/passwd": "x"}), "bad-part-name"),
    "backslash path": (
        lambda: rebuilt({"xl/zz.xml": "<a/>"}).replace(b"xl/zz.xml", b"xl\\zz.xml"),
        "bad-part-name",
    ),
    "two parts of one name": (duplicate_names, "damaged"),
    "doctype": (
        lambda: rebuilt({SHEET: "<!DOCTYPE worksheet>" + OPEN + CLOSE}),
        "entities",
    ),
    "entity bomb": (
        lambda: rebuilt({SHEET: ENTITY + OPEN + "<row><c><v>&j;</v></c></row>" + CLOSE}),
        "entities",
    ),
    "entity bomb in utf-16": (
        lambda: rebuilt({SHEET: (ENTITY + OPEN + CLOSE).encode("utf-16")}),
        "encoding",
    ),
    "80-million-character cell": (
        lambda: sheet(
            f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 80_000_000}</t></is></c></row>'
        ),
        "unpacks-too-big",
    ),
    "20-million-character cell": (
        lambda: sheet(
            f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 20_000_000}</t></is></c></row>'
        ),
        "long-text",
    ),
    "20-million-character shared string": (
        lambda: rebuilt({"xl/sharedStrings.xml": f"<sst><si><t>{'a' * 20_000_000}</t></si></sst>"}),
        "long-text",
    ),
    "one text in 200,000 cells": (shared_blow_up, "too-many-cells"),
    "a cell at XFD1048576": (
        lambda: sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "too-many-cells",
    ),
    "a far cell with quotes of the other kind": (
        lambda: sheet("<row><c r='A1'><v>1</v></c><c\tr = 'XFD900000'><v>1</v></c></row>"),
        "too-many-cells",
    ),
    "cells without addresses": (
        lambda: sheet("<row/>" * 300_000 + "<row>" + "<c><v>1</v></c>" * 2000 + "</row>"),
        "too-many-cells",
    ),
    "six million tags": (
        lambda: rebuilt({f"xl/{n}.xml": "<row/>" * 3_100_000 for n in range(2)}),
        "too-many-cells",
    ),
    "500 sheets": (many_sheets, "too-many-sheets"),
}
