"""Quotas of a plan as a workbook: out, and into the page's grid, where they are then saved."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.visits import coverage, desk, plan_page, plan_rules, plans, plans_store, rules
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.quota_sheet import read_quotas, write_quotas
from surveys.visits.site_uploads import XLSX

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


class QuotasController(Controller):
    """Quotas by workbook."""

    path = "/rounds/{code:str}/visits/{plan:str}/quotas"
    guards = [requires(*WATCHERS)]
    include_in_schema = False

    @get("/workbook.xlsx", sync_to_thread=True)
    def workbook(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
    ) -> Response[bytes]:
        """The grid as it stands."""
        at = desk.sit(request, db_session, code)
        held = desk.plan_of(db_session, at, plan)
        data = write_quotas(
            held.title,
            at.units,
            coverage.titles(db_session, held.kinds),
            plans_store.quotas(db_session, held.id),
        )
        return pages.attachment(data, f"quotas-{held.code}.xlsx", XLSX)

    @post("/workbook", guards=[requires(*PLANNERS)], status_code=200, sync_to_thread=True)
    def upload(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Upload,
    ) -> Response[str]:
        """Read a workbook into the grid; nothing is saved until somebody saves the grid."""
        at = desk.sit(request, db_session, code)
        held = desk.plan_of(db_session, at, plan)
        plans.require_open(db_session, at.office)
        plans.hold(db_session, held, rules.DRAFT, rules.DRAWN)
        file = data.get("file")
        try:
            if not isinstance(file, UploadFile) or not file.filename:
                raise Faulty([Fault("no-file", N_("请选择文件。"), column="file")])
            counts = read_quotas(
                file.file.read(),
                name=file.filename,
                units=at.units,
                forms=coverage.titles(db_session, held.kinds),
            )
        except Faulty as error:
            db_session.rollback()
            held = desk.plan_of(db_session, at, plan)
            return plan_page.render(request, db_session, at, held, error=error)
        typed = {
            plan_rules.quota_field(city, form): str(count or "")
            for (city, form), count in counts.items()
        }
        return plan_page.render(request, db_session, at, held, data=typed, read=file.filename)
