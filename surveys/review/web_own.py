"""An evaluator's own records, to read: where each stands, what is to be mended, what arrived.

Who reviewed is not said, nor that a visit is a second look: its visitor cannot know.
"""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.params import FromPath

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.forms import documents
from surveys.photos.pieces import pieces
from surveys.review import evidence, groups, own_store, rules, saying, store
from surveys.review.returns import TOLD
from surveys.submissions.rules import EDITABLE, STATES


class OwnRecordController(Controller):
    """我的记录."""

    path = "/my-submissions"
    guards = [requires(roles.EVALUATOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """Everything this evaluator sent, what was returned first."""
        return pages.render(
            request,
            "my_submissions.html",
            records=own_store.records(db_session, request.user.username),
            rules=rules,
            states=STATES,
            listed=own_store.LISTED,
        )

    @get("/{code:str}", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """One record: its state, why, its answers, its files."""
        own = own_store.record(db_session, request.user.username, code)
        held, _visit, _site, edition, version = own
        state = request.app.state
        sections: list[saying.Section] = []
        if edition is not None and version is not None:
            document = documents.document(state.evidence, version)
            sections = saying.sections(
                document,
                groups.labels(documents.xform(state.evidence, version)),
                evidence.answers_of(state.evidence, edition, version),
                None,
                timezone=state.settings.timezone,
            )
        told = [step for step in store.steps(db_session, held) if step.action in TOLD]
        files = [
            piece
            for piece in pieces(db_session, held, f"/field/evidence/{code}")
            if edition is not None and piece.edition_id == edition.id
        ]
        return pages.render(
            request,
            "my_submission.html",
            own=own,
            sections=sections,
            labels={row.path: row.label for section in sections for row in section.rows},
            told=told,
            files=files,
            rules=rules,
            states=STATES,
            editable=held.state in EDITABLE,
        )
