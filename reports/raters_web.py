"""Agreement and severities of a form's records, as a workbook to download."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.audit import canonical
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports.raters_report import raters_report
from reports.render.xlsx import render_xlsx
from scoring.agreement import judging, looks
from scoring.composite.problems import CompositeError
from scoring.raters.agreement import agreement
from scoring.standalone.rater_files import Rated
from surveys.review import rules
from surveys.review.desk import sit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEVEL, DRAWS, SEED = "nominal", 1000, 42


class RatersFile(Controller):
    """The same as `yingshang raters` makes of a file, of the checkpoints of one form.

    Evaluators are named by what stands for them, whoever downloads it: a file travels.
    """

    path = "/rounds/{code:str}/raters"
    guards = [requires(*rules.READERS)]
    include_in_schema = False

    @get("/{form:str}/workbook.xlsx", sync_to_thread=True)
    def download(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], form: FromPath[str]
    ) -> Response[Any]:
        """The workbook. Raises NotFound where there is no form, or nothing to compare."""
        desk = sit(request, db_session, code)
        cities = desk.who.cities or None if desk.who.role == roles.SUPERVISOR else None
        seen = looks.records(db_session, desk.round.id, cities)
        found = next((each for each in looks.by_form(desk.store, seen, desk.alias)
                      if each.code == form), None)  # fmt: skip
        if found is None:
            raise NotFound(form=form)
        held = judging.strict(found.marks)
        if held.ratings is None:
            raise NotFound(form=form)
        try:
            overall, by_item = agreement(held.ratings, level=LEVEL, draws=DRAWS, seed=SEED)
        except CompositeError:
            raise NotFound(form=form) from None
        sha256 = hashlib.sha256(canonical([list(row) for row in found.marks]).encode()).hexdigest()
        rated = Rated(held.ratings, overall, by_item, held.found, LEVEL, DRAWS, SEED, sha256)
        return pages.attachment(
            render_xlsx(raters_report(rated)), f"{code}-{form}-raters.xlsx", XLSX
        )
