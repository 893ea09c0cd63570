"""Quotas of a plan as a workbook: out, and into the page's grid, where they are then saved."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from surveys.visits import coverage, plan_page, plan_rules, plans, plans_store, rules
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.desk import OPENS_PLAN, OpenPlan
from surveys.visits.quota_sheet import read_quotas, write_quotas
from surveys.visits.site_uploads import XLSX

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


class QuotasController(Controller):
    """Quotas by workbook."""

    path = "/rounds/{code:str}/visits/{plan:str}/quotas"
    guards = [requires(*WATCHERS)]
    dependencies = OPENS_PLAN
    include_in_schema = False

    @get("/workbook.xlsx", sync_to_thread=True)
    def workbook(self, opened: OpenPlan) -> Response[bytes]:
        """The grid as it stands."""
        session, held = opened.session, opened.plan
        data = write_quotas(
            held.title,
            opened.desk.units,
            coverage.titles(session, held.kinds),
            plans_store.quotas(session, held.id),
        )
        return pages.attachment(data, f"quotas-{held.code}.xlsx", XLSX)

    @post("/workbook", guards=[requires(*PLANNERS)], status_code=200, sync_to_thread=True)
    def upload(self, opened: OpenPlan, data: Upload) -> Response[str]:
        """Read a workbook into the grid; nothing is saved until somebody saves the grid."""
        session, at, held = opened.session, opened.desk, opened.plan
        plans.require_open(session, at.office)
        plans.hold(session, held, rules.DRAFT, rules.DRAWN)
        file = data.get("file")
        try:
            if not isinstance(file, UploadFile) or not file.filename:
                raise Faulty([Fault("no-file", N_("请选择文件。"), column="file")])
            counts = read_quotas(
                file.file.read(),
                name=file.filename,
                units=at.units,
                forms=coverage.titles(session, held.kinds),
            )
        except Faulty as error:
            return plan_page.render(opened.again(), error=error)
        typed = {
            plan_rules.quota_field(city, form): str(count or "")
            for (city, form), count in counts.items()
        }
        return plan_page.render(opened, data=typed, read=file.filename)
