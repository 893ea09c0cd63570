"""One objection: prepared and filed by a city, answered by both sides, decided by somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.platform.workbooks import CellProblem
from scoring.objections import attaching, deciding, rules, service, store
from scoring.objections.attaching import Upload
from scoring.objections.cell_page import cell_page
from scoring.objections.deciding import Verdict
from scoring.objections.place import Place, enter
from scoring.objections.service import Asked
from scoring.runs.rules import NotScorable
from surveys.filings.rules import parse
from surveys.filings.web_workbooks import Files
from surveys.observations.scope import subject

CITY = (roles.CLERK, roles.APPROVER)
ANSWERERS = tuple(rules.SIDE_OF)


class ObjectionCellController(Controller):
    """An indicator of a city, and the objection to it."""

    path = "/rounds/{code:str}/objections/{city:str}/{indicator:str}"
    include_in_schema = False
    guards = [requires(*rules.PARTIES)]

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
    ) -> Response[str]:
        """How it was scored; the objection and where it stands."""
        place = enter(db_session, request.user, code, city)
        return cell_page(request, db_session, place, indicator)

    @post("/", guards=[requires(*CITY)], sync_to_thread=True)
    def prepare(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Files,
    ) -> Response[Any]:
        """Keep a draft with all that can be kept, and file it where an approver says so."""
        place = enter(db_session, request.user, code, city, *CITY)
        node = place.indicator(indicator)
        filing = data.get("step") == "file"
        if filing and not place.approver:
            raise NotFound
        value, wrong = _value(data, node.unit)
        asked = Asked(str(data.get("reasons", "")), value, data.get("not_applicable") == "1")
        uploads = _uploads(data, rules.EVIDENCE, rules.SIGNATURE)
        timezone = request.app.state.settings.timezone
        try:
            held, faults = service.prepare(
                db_session,
                request.app.state.evidence,
                place.who,
                place.round,
                city,
                indicator,
                asked,
                uploads,
                read=_revision(data),
                timezone=timezone,
            )
            faults = [*wrong, *faults]
            if filing:
                faults += service.lacking(db_session, held)
            if faults:
                return cell_page(request, db_session, place, indicator, faults=faults, typed=data)
            if filing:
                service.file(
                    db_session,
                    place.who,
                    place.round,
                    city,
                    indicator,
                    read=held.revision,
                    timezone=timezone,
                )
        except (rules.Overtaken, rules.PeriodOver) as error:
            return _again(request, db_session, place, indicator, error, data)
        said = _("异议已提交，答复和复核期限已开始计算。") if filing else _("异议草稿已保存。")
        return _back(place, indicator, said)

    @post("/files/{number:int}/remove", guards=[requires(*CITY)], sync_to_thread=True)
    def remove(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        number: FromPath[int],
    ) -> Response[Any]:
        """Take a file out of a draft."""
        place = enter(db_session, request.user, code, city, *CITY)
        found = service.hold_open(db_session, place.round, request.app.state.settings.timezone)
        held = store.live(db_session, found, city, indicator)
        row = store.file(db_session, found, city, indicator, number)
        if held is None:
            raise NotFound
        attaching.remove(db_session, place.who, held, row, subject(found, city, indicator))
        return _back(place, indicator, _("已移除“{name}”。", name=row.name))

    @get("/files/{number:int}", sync_to_thread=True)
    def download(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        number: FromPath[int],
    ) -> Response[bytes]:
        """A file, to save, for those who take part."""
        place = enter(db_session, request.user, code, city)
        row = store.file(db_session, place.round, city, indicator, number)
        content = request.app.state.evidence.get(row.sha256)
        return pages.attachment(content, row.name, row.media_type)

    @post("/withdraw", guards=[requires(*CITY)], sync_to_thread=True)
    def withdraw(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Take it back; what was filed only by who may file."""
        place = enter(db_session, request.user, code, city, *CITY)
        held = store.live(db_session, place.round, city, indicator)
        if held is None or (held.state != rules.DRAFT and not place.approver):
            raise NotFound
        try:
            service.withdraw(
                db_session, place.who, place.round, city, indicator, read=_revision(data)
            )
        except rules.Overtaken as error:
            return _again(request, db_session, place, indicator, error, {})
        return _back(place, indicator, _("已撤回。截止前可以重新提出。"))

    @post("/answer", guards=[requires(*ANSWERERS)], sync_to_thread=True)
    def answer(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Files,
    ) -> Response[Any]:
        """What the office or the evaluating side says."""
        place = enter(db_session, request.user, code, city, *ANSWERERS)
        uploads = [
            Upload(rules.SIDE_OF[place.who.role], each.name, each.content)
            for each in _uploads(data, "files")
        ]
        try:
            deciding.answer(
                db_session,
                request.app.state.evidence,
                place.who,
                place.round,
                city,
                indicator,
                str(data.get("text", "")),
                uploads,
            )
        except (Faulty, rules.Overtaken) as error:
            return _again(request, db_session, place, indicator, error, data)
        return _back(place, indicator, _("答复已提交。"))

    @post("/decide", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def decide(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Accept or reject."""
        place = enter(db_session, request.user, code, city, roles.OFFICE)
        node = place.indicator(indicator)
        value, wrong = _value(data, node.unit)
        accepted = data.get("outcome") == rules.ACCEPTED
        if data.get("outcome") not in rules.DECIDED:
            wrong.append(Fault("no-outcome", _("请选择采纳或不采纳。"), column="outcome"))
        try:
            if wrong:
                raise Faulty(wrong)
            held = deciding.decide(
                db_session,
                request.app.state.evidence,
                place.who,
                place.round,
                city,
                indicator,
                Verdict(
                    accepted,
                    str(data.get("decision", "")),
                    value if accepted else None,
                    accepted and data.get("not_applicable") == "1",
                ),
                read=_revision(data),
            )
        except (
            Faulty,
            NotScorable,
            rules.Overtaken,
            rules.MayNotDecide,
            rules.AnswersFirst,
        ) as error:
            return _again(request, db_session, place, indicator, error, data)
        if held.state == rules.ACCEPTED:
            return _back(place, indicator, _("已采纳，并按新的值重新计算。"))
        return _back(place, indicator, _("已作出“不予采纳”的复核决定。"))


def _again(
    request: AnyRequest,
    session: Session,
    place: Place,
    indicator: str,
    error: DomainError,
    typed: Mapping[str, Any],
) -> Response[str]:
    """The page once more, with what was typed and why nothing was saved."""
    code, city = place.round.code, place.city.code
    session.rollback()
    place = enter(session, place.who, code, city)
    faults = error.faults if isinstance(error, Faulty) else ()
    return cell_page(request, session, place, indicator, faults=faults, error=error, typed=typed)


def _back(place: Place, indicator: str, said: str) -> Redirect:
    response = Redirect(f"{place.home}/{indicator}", status_code=303)
    pages.flash(response, said)
    return response


def _value(data: Mapping[str, Any], unit: str) -> tuple[float | None, list[Fault]]:
    said = "" if data.get("not_applicable") == "1" else str(data.get("value", ""))[:200]
    found = parse(said, unit)
    if isinstance(found, CellProblem):
        return None, [found.at(column="value")]
    return found, []


def _revision(data: Mapping[str, Any]) -> int:
    said = str(data.get("revision", ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _uploads(data: Mapping[str, Any], *fields: str) -> Sequence[Upload]:
    found = []
    for field in fields:
        given = data.get(field)
        for each in given if isinstance(given, list) else [given]:
            if not isinstance(each, UploadFile):
                continue
            each.file.seek(0)
            content = each.file.read()
            if each.filename or content:
                found.append(Upload(field, (each.filename or "")[-255:], content))
    return found
