"""The audit and how sure the ranks are, as pages: for whom, and with the engine's own numbers."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from evaluation.accounts import roles
from evaluation.framework.demo_province import demo_framework, demo_values
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from reports.audit_web import population_of
from reports.ranking import RankingFacts
from reports.screen.audit import findings
from reports.screen.firmness_page import Sureness
from scoring.audit import audit
from scoring.runs.judging import case_of, score_snapshot
from scoring.runs.snapshot import snapshot_of
from tests.factories.province import small_framework
from tests.reports.web.reading import Enter
from tests.scoring.runs.results import COMPLETE, published_round, scored_round
from tests.scoring.runs.test_snapshot import adopted

DRAWN = {"uncertainty": {"draws": 200, "seed": 7, "vary": ["weights"], "weight_spread": 0.9}}


@pytest.fixture(scope="module")
def drawn() -> RankingFacts:
    """The demonstration's province, with its draws."""
    framework = demo_framework()
    values = adopted(demo_values(framework, seed=3, round_shift=0))
    sheet = score_snapshot(snapshot_of("D", framework, values))
    return RankingFacts(framework=framework, sheet=sheet, audience="full")


def test_pairs_and_places_are_whole(drawn: RankingFacts) -> None:
    sure = Sureness(drawn)
    assert [line.unit for line in sure.lines] == list(sure.units)
    assert [line.rank for line in sure.lines] == sorted(line.rank for line in sure.lines)
    for line in sure.lines:
        assert sum(line.places) == pytest.approx(1)
    for a in sure.units:
        for b in sure.units:
            if a != b:
                assert sure.share(a, b) + sure.share(b, a) == pytest.approx(1)
    assert sum(size for _band, _names, size in sure.bands) == len(sure.units)
    assert sure.draws[0] == drawn.sheet.method["uncertainty"]["executed"]["draws"]


def test_the_words_agree_with_the_share(drawn: RankingFacts) -> None:
    sure = Sureness(drawn)
    for pair in sure.neighbours:
        assert pair.apart == (sure.share(pair.first, pair.second) >= sure.level)
        said = str(pair.words)
        assert ("可以区分" in said) == pair.apart
        assert ("视为并列" in said) == (not pair.apart)
        assert f"{100 * pair.share:.1f}%" in said
    assert len(sure.neighbours) == len(sure.units) - 1


def test_findings_come_gravest_first_and_by_the_filter(drawn: RankingFacts) -> None:
    case = case_of(snapshot_of("D", drawn.framework, ()))
    made = audit(case.tree, drawn.sheet, limits=case.method.audit)
    shown = findings(made, drawn, state="", check="")
    assert {each.state for each in shown} <= {"fail", "warn"}
    assert [each.state for each in shown] == sorted(each.state for each in shown)
    for state, count in made.counts().items():
        assert len(findings(made, drawn, state=state, check="")) == count
    size = findings(made, drawn, state="", check="size")
    assert {str(each.word) for each in size} == {"未检验"}
    assert all("人口" in str(each.said) for each in size)


def test_population_is_the_frameworks_where_it_has_any() -> None:
    framework = small_framework()
    assert population_of(framework, ["C1", "C2"]) is None
    units = tuple(replace(u, population=300.0 if u.code == "C1" else None) for u in framework.units)
    one, two, odd = population_of(replace(framework, units=units), ["C1", "C2", "X"]) or ()
    assert one == 300
    assert math.isnan(two)
    assert math.isnan(odd)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_audit_is_for_those_who_see_everything(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        scored_round(session, evidence_store, code="R1", values=COMPLETE)
        published_round(session, evidence_store, code="R2", values=COMPLETE)
    office, leader = sign_in_as(roles.OFFICE), sign_in_as(roles.LEADER)
    assert '/rounds/R1/scoring/audit"' in office.get("/rounds/R1/scoring").text
    page = office.get("/rounds/R1/scoring/audit").text
    assert "每个维度的指标数" in page
    assert "/indicators/I1" in office.get("/rounds/R1/scoring/audit?check=coverage").text
    assert "未检验" in office.get("/rounds/R1/scoring/audit?state=not-applicable").text
    assert office.get("/rounds/R1/scoring/audit?state=%3Cb%3E&check=none").status_code == 200
    for path in ("audit", "audit.xlsx", "audit?run=1"):
        assert leader.get(f"/rounds/R1/scoring/{path}").status_code == 404
        assert leader.get(f"/rounds/R2/scoring/{path}").status_code == 200
    for role in (roles.CLERK, roles.APPROVER, roles.SUPERVISOR, roles.DEPARTMENT, roles.EVALUATOR):
        who = sign_in_as(role, cities=["C1"])
        assert who.get("/rounds/R2/scoring/audit").status_code == 404, role
    book = load_workbook(io.BytesIO(office.get("/rounds/R2/scoring/audit.xlsx").content))
    assert len(book.sheetnames) == 5


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_how_sure_is_told_to_whoever_sees_the_ranking(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        framework = small_framework(method=DRAWN)
        scored_round(session, evidence_store, code="R1", framework=framework, values=COMPLETE)
        published_round(session, evidence_store, code="R2", framework=framework, values=COMPLETE)
    clerk = sign_in_as(roles.CLERK, cities=["C1"])
    assert clerk.get("/rounds/R1/firmness").status_code == 404
    assert "/rounds/R2/firmness" in clerk.get("/rounds/R2/ranking").text
    page = clerk.get("/rounds/R2/firmness").text
    assert "第 1 名甲市与第 2 名" in page
    assert "名次有多确定" in page
    chosen = clerk.get("/rounds/R2/firmness?a=C3&b=C1").text
    assert "第 1 名甲市与第 2 名丙市" in chosen
    for odd in ("?a=C1&b=C1", "?a=%3Cb%3E&b=C9", "?a=C4&b=C1"):
        assert clerk.get(f"/rounds/R2/firmness{odd}").status_code == 200
