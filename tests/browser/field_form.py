"""A form of 60 questions for tests of the phone, made through the form doctor as any other."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from openpyxl import Workbook
from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.audit import canonical
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import doctor, store, transform
from surveys.forms.document import dump
from surveys.forms.models import Form, FormVersion

CODE = "long_hall"
QUESTIONS = 60
PHOTOS = (10, 30, 50)
TIMED = 20
ZH, EN = "label::中文 (zh)", "label::English (en)"
SURVEY = ("type", "name", ZH, EN, "required", "evidence", "fails_when")
SURVEY += ("timer", "indicator", "score_rule")
SHEETS: dict[str, list[tuple[Any, ...]]] = {
    "choices": [
        ("list_name", "name", ZH, EN),
        ("yes_no", "yes", "是", "Yes"),
        ("yes_no", "no", "否", "No"),
    ],
    "settings": [
        ("form_id", "form_title", "form_title::en", "method", "default_language"),
        (CODE, "大厅访查（示例）", "Hall visit (example)", "inspection", "中文 (zh)"),
    ],
    "kit": [
        ("key", "text::zh", "text::en"),
        ("scenario", "您刚开了一家小店，来问怎样办执照。（示例）", "You opened a shop. (example)"),
        ("preparation", "带上身份证。（示例）", "Bring your identity card. (example)"),
    ],
    "stories": [
        ("code", "text::zh", "text::en"),
        ("owner", "个体户业主，第一次来大厅。（示例）", "A shopkeeper. (example)"),
    ],
    "script": [
        ("code", "text::zh", "text::en", "minutes"),
        ("queue", "取号并等候叫号", "Take a number and wait", 15),
        ("ask", "向窗口咨询", "Ask at the window", 10),
    ],
}


def workbook() -> bytes:
    """The visit, three photos, a timed step, yes/no (3 is required), numbers, texts."""
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(SURVEY)
    survey.append(("text", "visit", "访查编号", "Visit code"))
    for n in range(1, QUESTIONS):
        survey.append(_question(n))
    for title, lines in SHEETS.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _question(n: int) -> tuple[str, ...]:
    name, zh, en = f"q{n:02}", f"第 {n} 题", f"Question {n}"
    if n in PHOTOS:
        return "image", name, f"{zh}照片", f"{en}, photo"
    if n == TIMED:
        return "decimal", name, f"{zh}分钟", f"{en}, minutes", "", "", "", "queue", "I1", "minutes"
    if n % 3 == 0:
        proof = ("q10", "no") if n == 9 else ("", "")
        return "select_one yes_no", name, zh, en, "yes" if n == 3 else "", *proof
    return "integer" if n % 3 == 1 else "text", name, zh, en


def a_long_form(session: Session, evidence: EvidenceStore) -> FormVersion:
    """The form, published; a further call publishes its next version."""
    form = store.form_by_code(session, CODE)
    number = 1 + len(store.versions(session, CODE))
    diagnosis = doctor.examine(workbook(), f"{CODE}.xlsx", version=lambda _code: number)
    assert diagnosis.draft is not None, [str(fault) for fault in diagnosis.errors]
    draft = diagnosis.draft
    page = transform.to_page(draft.xform)
    moment = clock.now()
    if form is None:
        form = Form(code=CODE, created_by="factory", created_at=moment)
    xform = draft.xform.encode()
    version = FormVersion(
        form=form,
        number=number,
        state=store.PUBLISHED,
        title=draft.document.title.zh,
        title_en=draft.document.title.en,
        method=draft.document.method,
        source=evidence.put(workbook()),
        source_name=f"{CODE}.xlsx",
        xform=evidence.put(xform),
        document=evidence.put(dump(draft.document)),
        page=evidence.put(canonical({"form": page.form, "model": page.model}).encode()),
        md5=hashlib.md5(xform, usedforsecurity=False).hexdigest(),
        created_by="factory",
        created_at=moment,
        published_by="factory",
        published_at=moment,
    )
    session.add(version)
    session.flush()
    return version
