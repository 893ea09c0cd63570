"""The steps of a review from the pages: one record, or many at once."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import DomainError, Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from surveys.review import bulk, rules, service, store
from surveys.review.asking import Asked
from surveys.review.cases import Seen
from surveys.review.desk import sit
from surveys.review.web import is_code, queue_page, record_page

#: A form in which a name may come more than once.
Choices = Annotated[dict[str, str | list[str]], Body(media_type=RequestEncodingType.URL_ENCODED)]
OF_QUESTION = "reason:"


class ReviewController(Controller):
    """What reviewers do."""

    path = "/rounds/{code:str}/submissions"
    guards = [requires(*rules.REVIEWERS)]
    include_in_schema = False

    @post("/bulk", sync_to_thread=True)
    def many(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Choices
    ) -> Response[Any]:
        """One step for all that were ticked; the page tells what became of each."""
        desk = sit(request, db_session, code)
        said = {key: value if isinstance(value, str) else value[0] for key, value in data.items()}
        action, asked = said.get("action", ""), Asked.read(request.query_params)
        if action not in bulk.ACTIONS or desk.who.role not in rules.BY_ACTION[action].roles:
            raise NotFound(action=action[:20])
        ticked = data.get("record", [])
        chosen = [
            (record, Seen.read(seen))
            for each in ([ticked] if isinstance(ticked, str) else ticked)
            for record, _sep, seen in [each.partition(":")]
        ]
        reason, question = said.get("reason", ""), said.get("question", "")
        try:
            told = bulk.take_all(
                db_session,
                desk,
                action,
                chosen,
                reason="" if action == rules.RETURN else reason,
                reasons={question: reason} if action == rules.RETURN and question else None,
            )
        except Faulty as error:
            db_session.rollback()
            return queue_page(request, db_session, desk, asked, error=error, typed=said)
        return queue_page(request, db_session, desk, asked, outcomes=tuple(told), typed=said)

    @post("/{submission:str}/{action:str}", sync_to_thread=True)
    def one(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        submission: FromPath[str],
        action: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """One step for one record; then on to the next that waits."""
        desk = sit(request, db_session, code)
        held = store.get(db_session, desk, submission)
        if action not in rules.BY_ACTION:
            raise NotFound(action=action[:20])
        reasons = {
            key.removeprefix(OF_QUESTION): text
            for key, text in data.items()
            if key.startswith(OF_QUESTION) and text.strip()
        }
        try:
            step = service.take(
                db_session,
                desk,
                action,
                held,
                Seen.read(data.get("seen", "")),
                reason=data.get("reason", ""),
                reasons=reasons if action == rules.RETURN else None,
            )
        except NotFound:
            raise
        except DomainError as error:
            db_session.rollback()
            return record_page(request, db_session, desk, submission, error=error, typed=data)
        query = Asked.read(request.query_params).address()
        after = data.get("next", "")
        there = f"{desk.home}/{after if is_code(after) else submission}"
        response = Redirect(f"{there}?{query}" if query else there, status_code=303)
        done = _(rules.BY_ACTION[step.action].done)
        pages.flash(response, _("{code}：{done}。", code=submission, done=done))
        return response
