"""The coherence audit of a run: a page, and the same as a workbook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.params import FromPath, QueryParameter
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.framework.tree import Framework
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import current_locale
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports.audit_report import audit_report
from reports.facts import Shown
from reports.kept import kept
from reports.model import Name, Text
from reports.ranking import RankingFacts
from reports.ranking_files import XLSX
from reports.render.xlsx import render_xlsx
from reports.result_page import RunNumber, found_result, page_context
from reports.screen import audit as screen
from scoring.audit import CoherenceAudit, audit
from scoring.audit.findings import CHECKS, STATES
from scoring.runs import store as runs
from scoring.runs.judging import case_of

Word = Annotated[str, QueryParameter(max_length=40)]


class AuditController(Controller):
    """一致性审计: does the index hold together, and what to do where it does not."""

    path = "/rounds/{code:str}/scoring"
    guards = [requires(roles.OFFICE, roles.AUDITOR, roles.LEADER)]
    include_in_schema = False

    @get("/audit", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        run: RunNumber = None,
        verdict: Annotated[str, QueryParameter(name="state", max_length=40)] = "",
        check: Word = "",
    ) -> Response[str]:
        """Verdict, findings by gravity, statistics, correlations, weights."""
        shown, facts, made = _audited(request, db_session, code, run)
        state = verdict if verdict in STATES else ""
        check = check if check in CHECKS else ""
        return pages.render(
            request,
            "audit_coherence.html",
            **page_context(request, shown, facts),
            made=made,
            summary=screen.summary(made),
            findings=screen.findings(made, facts, state=state, check=check),
            statistics=screen.statistics(made, facts),
            weights=screen.weights(made, facts),
            state=state,
            check=check,
            words=screen,
        )

    @get("/audit.xlsx", sync_to_thread=True)
    def document(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[bytes]:
        """Everything, unfiltered."""
        shown, facts, made = _audited(request, db_session, code, run)

        def make() -> bytes:
            return render_xlsx(_report(facts, made))

        key = ("audit.xlsx", current_locale(), *shown.key)
        content = kept(request.app.state).get(key, make)
        name = f"audit-{shown.round.code}-{shown.result.run.number}.xlsx"
        return pages.attachment(content, name, XLSX)


def _audited(
    request: AnyRequest, session: Session, code: str, run: int | None
) -> tuple[Shown, RankingFacts, CoherenceAudit]:
    """The audit says much of every city's values: only for whoever sees all of them."""
    shown, facts = found_result(request, session, code, run)
    if facts.audience != "full":
        raise NotFound(round=code)
    held = shown.result.run
    files = request.app.state.evidence
    return shown, facts, held_audit(files, held.snapshot_sha256, held.sheet_sha256)


@lru_cache(maxsize=8)
def held_audit(files: EvidenceStore, snapshot: str, sheet: str) -> CoherenceAudit:
    """The audit of stored files; hashes name contents for ever, so it is made once."""
    frozen, held = runs.held_snapshot(files, snapshot), runs.sheet(files, sheet)
    case = case_of(frozen)
    population = population_of(frozen.framework, held.cities)
    return audit(case.tree, held, population=population, limits=case.method.audit)


def population_of(framework: Framework, cities: Sequence[str]) -> list[float] | None:
    """Population of each city as the framework has it, NaN where empty; None without any."""
    units = framework.unit_by_code
    given = [units[city].population if city in units else None for city in cities]
    if all(size is None for size in given):
        return None
    return [math.nan if size is None else size for size in given]


def _report(facts: RankingFacts, made: CoherenceAudit) -> Any:
    made_of = audit_report(
        made,
        names=_names(facts.framework),
        cities={unit.code: Name(unit.name, unit.name_en) for unit in facts.framework.units},
    )
    return screen.dated(made_of, facts)


def _names(framework: Framework) -> dict[str, Text]:
    return {node.code: Name(node.name, node.name_en) for node in framework.nodes}
