"""A filing round for these tests: four cities, I1–I4 filed, evidence needed for I1."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework
from evaluation.platform.audit import System
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import progress_store, service, store, uploading
from surveys.filings.rules import Entry
from surveys.filings.template import Occasion, template
from surveys.filings.uploading import Preview
from tests.factories.province import a_round, small_framework

CLERK = System("clerk", "clerk")
APPROVER = System("approver", "approver")
OFFICE = System("office", "office")


def proving_framework() -> Framework:
    """The small framework; I1 needs evidence, I2 warns below 60."""
    plain = small_framework()
    changed = {"I1": {"evidence_required": True}, "I2": {"warning": 60.0, "decimals": 1}}
    nodes = tuple(replace(node, **changed.get(node.code, {})) for node in plain.nodes)
    return replace(plain, nodes=nodes)


def a_filing_round(session: Session, code: str = "R1", **changes: Any) -> Round:
    """A collecting round on `proving_framework`."""
    a_round(session, code=code, framework=proving_framework(), **changes)
    return rounds.by_code(session, code)


def save(session: Session, found: Round, city: str, indicator: str, value: float | None) -> None:
    """Put a value over whatever is there."""
    held = store.cell(session, found.id, city, indicator)
    service.save_value(session, CLERK, found, city, indicator, Entry(value), read=held.revision)


def workbook(
    session: Session, found: Round, city: str = "C1", values: Mapping[str, Any] | None = None
) -> bytes:
    """The city's workbook, with cells such as ``{"H4": 5}`` filled in."""
    version = found.framework_version
    content = template(
        rounds.framework(found),
        Occasion(
            found.code,
            found.name,
            city,
            "甲市",
            version.sha256,
            version.version,
            found.filing_closes_at,
            "Asia/Shanghai",
        ),
        store.cells(session, found.id, city),
        progress_store.last_values(session, found, city),
    )
    return filled(content, values or {})


def filled(content: bytes, values: Mapping[str, Any], sheet: str = "填报") -> bytes:
    """*content* with cells set."""
    if not values:
        return content
    book = load_workbook(io.BytesIO(content))
    for cell, value in values.items():
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def commit(
    session: Session, keeper: EvidenceStore, found: Round, content: bytes, **options: Any
) -> int | None:
    """Upload a workbook for C1 and confirm it as previewed."""
    upload = uploading.keep_upload(session, keeper, CLERK, found, "C1", content, name="表.xlsx")
    seen = uploading.preview(session, found, "C1", content, name="表.xlsx").revisions()
    return uploading.commit(
        session, CLERK, found, "C1", upload, content, **({"seen": seen} | options)
    )


def look(session: Session, found: Round, content: bytes, city: str = "C1") -> Preview:
    """The preview of a workbook."""
    return uploading.preview(session, found, city, content, name="表.xlsx")
