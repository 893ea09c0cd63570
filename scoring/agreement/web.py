"""The page of evaluators: how far looks agree, how strict each is, what the round asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.framework.methods import METHODS
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from scoring.agreement import looks, service, showing, words
from scoring.agreement.requirement import FEW, LOOKED, SCOPES, STATISTICS, Requirement, held, read
from scoring.standalone.rater_words import reason as said
from surveys.review import rules
from surveys.review.desk import Desk, sit


class RatersController(Controller):
    """评价员宽严: for those who may open records; what is asked is the office's to set."""

    path = "/rounds/{code:str}/raters"
    guards = [requires(*rules.READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """Agreement, severity and adjusted scores, form by form."""
        return _page(request, db_session, sit(request, db_session, code))

    @post("/requirement", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def require(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Set what the round asks of agreement, or that it asks nothing."""
        desk = sit(request, db_session, code)
        chosen = [method for method in LOOKED if data.get(f"method-{method}") == "1"]
        try:
            asked = None if data.get("ask") == "0" else read(data, chosen)
            service.require(
                db_session, desk.who, desk.round, asked, reason=data.get("reason", "")[:2000]
            )
        except Faulty as error:
            db_session.rollback()
            return _page(
                request, db_session, sit(request, db_session, code),
                faults=error.faults, typed={**data, "methods": chosen},
            )  # fmt: skip
        return _back(code, _("一致性要求已保存。") if asked else _("本轮不再有一致性要求。"))

    @post("/check", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def check(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Hold what there is against what is asked, and keep the outcome."""
        desk = sit(request, db_session, code)
        met = service.check(db_session, desk.store, desk.who, desk.round)
        if met:
            return _back(code, _("已核对：达到一致性要求。"))
        return _back(code, _("已核对：有未达要求的项，见下。"), "info")

    @post("/waiver", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def waive(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Go on although something is short, for a written reason."""
        desk = sit(request, db_session, code)
        try:
            service.waive(db_session, desk.who, desk.round, reason=data.get("waiver", ""))
        except round_rules.ReasonNeeded as error:
            db_session.rollback()
            fault = Fault(error.code, error.detail, column="waiver")
            return _page(
                request, db_session, sit(request, db_session, code), faults=(fault,), typed=data
            )
        return _back(code, _("已写明理由，本轮可以继续评分。"))


def _page(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    *,
    faults: Sequence[Fault] = (),
    typed: Mapping[str, Any] | None = None,
) -> Response[str]:
    cities = desk.who.cities or None if desk.who.role == roles.SUPERVISOR else None
    seen = looks.records(session, desk.round.id, cities)
    forms = looks.by_form(desk.store, seen, desk.alias)
    asked = held(desk.round.agreement)
    kept = desk.round.agreement.get("found")
    whole, names = cities is None, _names(session, desk, seen)
    return pages.render(
        request,
        "raters.html",
        status=422 if faults else 200,
        desk=desk,
        shown=[showing.shown(each) for each in service.judge(asked, forms)],
        names=names,
        city_by_code=rounds.framework(desk.round).unit_by_code,
        asked=asked,
        asks=None if asked is None else words.asks(asked),
        short=[words.short(asked, each) for each in kept["short"]] if asked and kept else [],
        kept=kept,
        checked_at=datetime.fromisoformat(kept["at"]) if kept else None,
        current=whole and service.current(desk.round, seen),
        whole=whole,
        waived=desk.round.agreement.get("waived"),
        people=display_names(session, [(desk.round.agreement.get(key) or {}).get("by")
                                       for key in ("found", "waived")]),
        office=desk.who.role == roles.OFFICE,
        free=desk.round.state in service.FREE,
        reasoned=desk.round.state in service.REASONED,
        faults=faults,
        typed=_typed(asked, typed),
        choices={"statistic": STATISTICS, "scope": SCOPES, "few": FEW,
                 "methods": {key: METHODS[key] for key in LOOKED}},
        said=lambda problem: _named(said(problem), names),
    )  # fmt: skip


def _names(session: Session, desk: Desk, seen: Sequence[looks.Seen]) -> dict[str, str]:
    """What evaluators are called before this person, by alias: by name only before reviewers."""
    people = {each.submission.evaluator for each in seen}
    if not desk.reviews:
        return {desk.alias(each): desk.alias(each) for each in people}
    known = display_names(session, people)
    return {desk.alias(each): known[each] for each in people}


def _named(text: str, names: Mapping[str, str]) -> str:
    """What the engine says of evaluators, with what they are called before this person."""
    for alias, name in names.items():
        text = text.replace(alias, name)
    return text


def _typed(asked: Requirement | None, typed: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the form shows: what was typed, else what is asked, else the defaults."""
    if typed and "statistic" in typed:
        return dict.fromkeys(Requirement.__dataclass_fields__, "") | dict(typed)
    own = (asked or Requirement()).stored()
    numbers = {name: f"{own[name]:g}" for name in ("least", "least_pairs", "share")}
    return own | numbers | {"lower_bound": "1" if own["lower_bound"] else ""} | dict(typed or {})


def _back(code: str, told: str, kind: str = "done") -> Redirect:
    response = Redirect(f"/rounds/{code}/raters", status_code=303)
    pages.flash(response, told, kind)
    return response
