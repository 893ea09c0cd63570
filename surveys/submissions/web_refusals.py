"""What was refused in a round: look at it, compare it, let it in or leave it out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.errors import DomainError, Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.submissions import comparing, ledger, parcel, refusals_store, settling
from surveys.submissions.intake import Intake
from surveys.submissions.models import Edition, Refusal
from surveys.submissions.reasons import AS_RECORD, OF_FILES, REASONS
from surveys.visits.masking import alias

READERS = (roles.SUPERVISOR, roles.OFFICE, roles.AUDITOR)
SETTLERS = (roles.SUPERVISOR, roles.OFFICE)
PAGE = 50


class RefusalController(Controller):
    """Refusals of a round."""

    path = "/rounds/{code:str}/refusals"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        settled: FromQuery[bool] = False,
        page: FromQuery[int] = 1,
    ) -> Response[str]:
        """What waits for somebody to decide, or what was decided."""
        found = rounds.get(db_session, request.user, code)
        held = refusals_store.of_round(db_session, request.user, found, settled=settled)
        count = max(1, -(-len(held) // PAGE))
        page = min(max(page, 1), count)
        shown = held[(page - 1) * PAGE : page * PAGE]
        waiting = (
            []
            if settled
            else refusals_store.waiting(db_session, request.app.state.evidence, request.user, found)
        )
        people = refusals_store.people_of(shown) | {each.edition.evaluator for each in waiting}
        return pages.render(
            request,
            "refusals.html",
            shown_round=found,
            held=shown,
            waiting=waiting,
            settled=settled,
            reasons=REASONS,
            names=_names(request, db_session, people),
            settles=request.user.role in SETTLERS,
            page=page,
            pages=count,
        )

    @get("/{refusal:str}", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        refusal: FromPath[str],
    ) -> Response[str]:
        """One of them, beside the record that stands."""
        found = rounds.get(db_session, request.user, code)
        held = refusals_store.get(db_session, request.user, found, refusal)
        return _show(request, db_session, found, held)

    @get("/{refusal:str}/files/{number:int}", sync_to_thread=True)
    def download(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        refusal: FromPath[str],
        number: FromPath[int],
    ) -> Response[bytes]:
        """What was kept, as it came: 0 is the record or file itself, then the files with it."""
        found = rounds.get(db_session, request.user, code)
        held = refusals_store.get(db_session, request.user, found, refusal)
        kept = [(held.sha256, held.name)] if held.reason not in OF_FILES else []
        kept += [(each["sha256"], each["name"]) for each in held.facts.get("files", ())]
        if not 0 <= number < len(kept):
            raise NotFound
        sha256, name = kept[number]
        content = request.app.state.evidence.get(sha256)
        return pages.attachment(content, name, "application/octet-stream")

    @post("/{refusal:str}/{step:str}", guards=[requires(*SETTLERS)], sync_to_thread=True)
    def settle(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        refusal: FromPath[str],
        step: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Let it in, or leave it out."""
        found = rounds.get(db_session, request.user, code)
        held = refusals_store.get(db_session, request.user, found, refusal)
        reason, visit = data.get("reason", ""), data.get("visit", "")[:32]
        try:
            if step == "admit":
                settling.admit(
                    db_session,
                    _intake(request, db_session, held.device_id),
                    request.user,
                    held,
                    reason=reason,
                    visit=parcel.typed_code(visit),
                )
                said = _("已准入。")
            elif step == "dismiss":
                settling.dismiss(db_session, request.user, held, reason=reason)
                said = _("已维持拒收，内容仍然封存。")
            else:
                raise NotFound
        except (Faulty, settling.NotAdmissible) as error:
            db_session.rollback()
            return _show(request, db_session, found, held, error=error, typed=data)
        response = Redirect(f"/rounds/{code}/refusals", status_code=303)
        pages.flash(response, said)
        return response

    @post("/waiting/{receipt:str}/release", guards=[requires(*SETTLERS)], sync_to_thread=True)
    def release(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        receipt: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Give an edition its place although the one before it is missing."""
        found = rounds.get(db_session, request.user, code)
        edition = _waiting(request, db_session, found, receipt)
        response = Redirect(f"/rounds/{code}/refusals", status_code=303)
        try:
            settling.release(
                db_session,
                _intake(request, db_session, edition.device_id),
                request.user,
                edition,
                reason=data.get("reason", ""),
            )
            pages.flash(response, _("已作为这次访查的记录准入。"))
        except Faulty:
            db_session.rollback()
            pages.flash(response, _("请写明原因。"), "warning")
        return response


def _waiting(request: AnyRequest, session: Session, found: Round, receipt: str) -> Edition:
    waiting = refusals_store.waiting(session, request.app.state.evidence, request.user, found)
    for each in waiting:
        if each.edition.receipt == receipt:
            return each.edition
    raise NotFound


def _intake(request: AnyRequest, session: Session, device_id: int) -> Intake:
    state = request.app.state
    device = refusals_store.device_of(session, device_id)
    return Intake(state.database, state.evidence, state.settings, device, state.inspect)


def _show(
    request: AnyRequest,
    session: Session,
    found: Round,
    held: Refusal,
    *,
    error: DomainError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:
    who: Principal = request.user
    reason = REASONS[held.reason]
    people = {held.evaluator, held.settled_by or held.evaluator}
    return pages.render(
        request,
        "refusal.html",
        status=type(error).status if error is not None else 200,
        shown_round=found,
        held=held,
        reason=reason,
        of_file=held.reason in OF_FILES,
        told=_told(held),
        ended=ledger.moment(held.facts.get("ended_at")),
        as_record=reason.admits == AS_RECORD,
        compared=comparing.compare(session, request.app.state.evidence, held),
        device=refusals_store.device_of(session, held.device_id),
        names=_names(request, session, people),
        masked=who.role == roles.AUDITOR,
        settles=who.role in SETTLERS and held.settled_at is None,
        typed=typed or {},
        faults=error.faults if isinstance(error, Faulty) else (),
        error=None if isinstance(error, Faulty) else error,
    )


def _told(held: Refusal) -> str:
    facts = {key: held.facts.get(key, "") for key in ("form", "version", "visit")}
    return _(REASONS[held.reason].text, name=held.name, limit=parcel.MAX_FILES, **facts)


def _names(request: AnyRequest, session: Session, people: Iterable[str]) -> dict[str, str]:
    known = display_names(session, people)
    if request.user.role != roles.AUDITOR:
        return known
    secret = request.app.state.settings.secret
    evaluators = refusals_store.evaluators(session, people)
    return {
        each: alias(secret, each) if each in evaluators else name for each, name in known.items()
    }
