"""Field work: a small published form, sites, a plan, an issued visit, a phone."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.audit import canonical
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms.document import (
    Choice,
    CoverStory,
    FormDocument,
    Kit,
    Question,
    ScriptStep,
    Words,
    dump,
)
from surveys.forms.models import Form, FormVersion
from surveys.submissions import devices
from surveys.submissions.models import Device
from surveys.visits import rules
from surveys.visits.codes import random_code
from surveys.visits.models import Conflict, Site, Visit, VisitPlan

#: Inside the small province of `tests.factories.province`, and nowhere in particular.
LAT, LON = 36.06, 103.83


def a_document(
    code: str = "hall", number: int = 1, method: str = "inspection", *, stories: int = 2
) -> FormDocument:
    """Questions: visit, minutes (indicator I1), sign (a checkpoint with a photo), photo, remark."""
    yes_no = (Choice("yes", Words("是", "Yes")), Choice("no", Words("否", "No")))
    questions = (
        Question("visit", "/data/visit", "text", 2, Words("访查编号", "Visit")),
        Question(
            "minutes",
            "/data/minutes",
            "integer",
            3,
            Words("等候分钟", "Minutes waited"),
            required=True,
            indicator="I1",
            score_rule="value",
            across_visits="mean",
        ),
        Question(
            "sign",
            "/data/sign",
            "select_one",
            4,
            Words("有指引标识", "There is a sign"),
            list_name="yes_no",
            required=True,
            evidence=("photo",),
            measure=1,
            department="政务局",
            severity="medium",
            fails_when="no",
        ),
        Question("photo", "/data/photo", "image", 5, Words("标识照片", "Photo of the sign")),
        Question("remark", "/data/remark", "text", 6, Words("备注", "Remark")),
    )
    told = (
        CoverStory("owner", Words("个体户业主", "A shopkeeper")),
        CoverStory("agent", Words("代办人员", "An agent")),
        CoverStory("student", Words("创业学生", "A student founder")),
    )
    return FormDocument(
        code=code,
        number=number,
        title=Words(f"示例表单 {code}", f"Example form {code}"),
        method=method,
        root="data",
        languages=("zh", "en"),
        questions=questions,
        lists={"yes_no": yes_no},
        kit=Kit(
            scenario=Words("示例情景", "Example scenario"),
            preparation=Words("带身份证", "Bring an identity card"),
            stories=told[:stories],
            script=(ScriptStep("queue", Words("取号", "Take a number"), 2.0),),
        ),
    )


def an_xform(document: FormDocument) -> str:
    """The XForm of `a_document`."""
    return f"""<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" \
xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
  <h:head>
    <h:title>{document.title.zh}</h:title>
    <model>
      <instance>
        <data id="{document.code}" version="{document.number}">
          <visit/><minutes/><sign/><photo/><remark/>
          <orx:meta><orx:instanceID/></orx:meta>
        </data>
      </instance>
      <bind nodeset="/data/visit" type="string"/>
      <bind nodeset="/data/minutes" type="int" required="true()" constraint=". &gt;= 0"/>
      <bind nodeset="/data/sign" type="string" required="true()"/>
      <bind nodeset="/data/photo" type="binary"/>
      <bind nodeset="/data/remark" type="string"/>
      <bind nodeset="/data/orx:meta/orx:instanceID" type="string" jr:preload="uid"/>
    </model>
  </h:head>
  <h:body>
    <input ref="/data/visit"><label>访查编号</label></input>
    <input ref="/data/minutes"><label>等候分钟</label></input>
    <select1 ref="/data/sign"><label>有指引标识</label>
      <item><label>是</label><value>yes</value></item>
      <item><label>否</label><value>no</value></item>
    </select1>
    <upload ref="/data/photo" mediatype="image/*"><label>标识照片</label></upload>
    <input ref="/data/remark"><label>备注</label></input>
  </h:body>
</h:html>
"""


def a_form(
    session: Session,
    store: EvidenceStore,
    code: str = "hall",
    method: str = "inspection",
    *,
    stories: int = 2,
    number: int | None = None,
) -> FormVersion:
    """A published version of a small form; a further call with the same code, the next version."""
    moment = clock.now()
    form = session.scalar(sa.select(Form).where(Form.code == code))
    if form is None:
        form = Form(code=code, created_by="factory", created_at=moment)
        session.add(form)
        session.flush()
    newest = session.scalar(
        sa.select(sa.func.max(FormVersion.number)).where(FormVersion.form_id == form.id)
    )
    document = a_document(code, number or (newest or 0) + 1, method, stories=stories)
    xform = an_xform(document).encode()
    model = "<model><instance><data/></instance></model>"
    page = canonical({"form": "<form></form>", "model": model}).encode()
    version = FormVersion(
        form=form,
        number=document.number,
        state="published",
        title=document.title.zh,
        title_en=document.title.en,
        method=method,
        source=store.put(b"a workbook"),
        source_name=f"{code}.xlsx",
        xform=store.put(xform),
        document=store.put(dump(document)),
        page=store.put(page),
        md5=hashlib.md5(xform, usedforsecurity=False).hexdigest(),
        created_by="factory",
        created_at=moment,
        published_by="factory",
        published_at=moment,
    )
    session.add(version)
    session.flush()
    return version


def a_site(session: Session, city: str = "C1", *, kind: str = "hall", **changes: Any) -> Site:
    """An active site of *city* with a position."""
    code = changes.pop("code", "") or f"S{random_code(6)}"
    values: dict[str, Any] = {"name": f"示例场所 {code}", "lat": LAT, "lon": LON, "active": True}
    site = Site(code=code, city=city, kind=kind, **(values | changes))
    session.add(site)
    session.flush()
    return site


def a_plan(session: Session, round: Round, **changes: Any) -> VisitPlan:  # noqa: A002
    """An issued plan whose window is open now."""
    moment = clock.now()
    values: dict[str, Any] = {
        "code": random_code(),
        "title": "示例计划",
        "state": rules.ISSUED,
        "opens_at": moment - timedelta(days=2),
        "closes_at": moment + timedelta(days=10),
        "created_by": "factory",
        "created_at": moment,
    }
    plan = VisitPlan(round_id=round.id, **(values | changes))
    session.add(plan)
    session.flush()
    return plan


def a_visit(
    session: Session,
    round: Round,  # noqa: A002
    version: FormVersion,
    evaluator: str,
    city: str = "C1",
    site: Site | None = None,
    *,
    plan: VisitPlan | None = None,
    **changes: Any,
) -> Visit:
    """An issued visit whose window is open now."""
    plan = plan or session.scalar(
        sa.select(VisitPlan).where(VisitPlan.round_id == round.id).order_by(VisitPlan.id)
    )
    plan = plan or a_plan(session, round)
    moment = clock.now()
    values: dict[str, Any] = {
        "code": random_code(),
        "story": "owner",
        "opens_at": moment - timedelta(days=1),
        "closes_at": moment + timedelta(days=5),
        "state": rules.ISSUED,
    }
    visit = Visit(
        plan_id=plan.id,
        round_id=round.id,
        city=city,
        site=site or a_site(session, city),
        form_id=version.form_id,
        evaluator=evaluator,
        **(values | changes),
    )
    session.add(visit)
    session.flush()
    return visit


def a_conflict(session: Session, evaluator: str, city: str = "C1", **changes: Any) -> Conflict:
    """A conflict of interest that stands."""
    values: dict[str, Any] = {
        "reason": "亲属在该市任职（示例）",
        "declared_by": evaluator,
        "declared_at": clock.now(),
    }
    conflict = Conflict(username=evaluator, city=city, **(values | changes))
    session.add(conflict)
    session.flush()
    return conflict


def a_device(session: Session, evaluator: str, **changes: Any) -> tuple[Device, str]:
    """A phone of an evaluator with our pages (or ``kind="collect"``), and its key."""
    code, key = random_code(), random_code(32)
    kind = changes.pop("kind", devices.WEB)
    moment = clock.now()
    values: dict[str, Any] = {
        "code": code,
        "name": "示例手机",
        "key_sha256": devices.key_hash(key),
        "digest_ha1": devices.ha1(code, key) if kind == devices.COLLECT else "",
        "unlock_key": "0" * 64 if kind == devices.WEB else "",
        "created_at": moment,
        "unlocked_at": moment,
        "report": {},
    }
    device = Device(username=evaluator, kind=kind, **(values | changes))
    session.add(device)
    session.flush()
    return device, key


def a_record(
    version: FormVersion,
    visit: str,
    *,
    instance: str = "",
    follows: str = "",
    minutes: int = 12,
    sign: str = "yes",
    photo: str = "",
    remark: str = "",
) -> bytes:
    """A submission's XML for the small form, as a phone sends it; *follows* makes it an edit."""
    instance = instance or f"uuid:{uuid.uuid4()}"
    before = f"<deprecatedID>{follows}</deprecatedID>" if follows else ""
    return (
        f'<data id="{version.form.code}" version="{version.number}">'
        f"<visit>{visit}</visit><minutes>{minutes}</minutes><sign>{sign}</sign>"
        f"<photo>{photo}</photo><remark>{remark}</remark>"
        f"<meta><instanceID>{instance}</instanceID>{before}</meta></data>"
    ).encode()
