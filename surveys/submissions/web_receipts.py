"""A receipt, looked up by its code: what the server holds of one's own record."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.params import FromQuery

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.submissions import receipts, refusals_store
from surveys.submissions.rules import RECEIPT_STATES


class ReceiptController(Controller):
    """Receipts, for evaluators."""

    path = "/receipts"
    guards = [requires(roles.EVALUATOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def look_up(
        self, request: AnyRequest, db_session: DbSession, code: FromQuery[str] = ""
    ) -> Response[str]:
        """The page to type a receipt into, and what is behind it."""
        wanted = receipts.typed(code[:64])
        held = (
            refusals_store.own_receipt(db_session, request.user.username, wanted)
            if wanted
            else None
        )
        return pages.render(
            request,
            "device_receipt.html",
            status=200 if held is not None or not code.strip() else 404,
            typed=code[:64],
            receipt=receipts.receipt_of(db_session, held) if held is not None else None,
            edition=held,
            states=RECEIPT_STATES,
        )
