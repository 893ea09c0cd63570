"""Quotas by workbook: out and in again, every fault by its cell, saved only by saving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.accounts.access import COOKIE
from evaluation.framework.tree import Unit
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import use_locale
from surveys.visits import plans_store
from surveys.visits.quota_sheet import read_quotas, write_quotas
from tests.conftest import Browser
from tests.surveys.visits.desk import QUOTAS, make_plan, set_up
from tests.surveys.visits.test_sites import xlsx

CITIES = {"C1": Unit("C1", "甲市", "Jia"), "C2": Unit("C2", "乙市", "Yi")}
FORMS = {"hall": "=大厅", "open": "公开"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_is_read_back(language: str) -> None:
    """An empty cell is no visit."""
    counts = {("C1", "hall"): 3, ("C2", "open"): 0}
    with use_locale(language):
        data = write_quotas("示例", CITIES, FORMS, counts)
        held = read_quotas(data, name="x.xlsx", units=CITIES, forms=FORMS)
    assert held == {("C1", "hall"): 3, ("C1", "open"): 0, ("C2", "hall"): 0, ("C2", "open"): 0}


def test_every_fault_is_told_by_its_cell() -> None:
    """Odd numbers, a form that is not of the plan, a city twice or unknown."""
    data = xlsx(
        ["市州代码", "市州", "hall", "bank", "hall"],
        ["C1", "甲市", 1.5, 1, None],
        ["C1", "甲市", 1, None, None],
        ["C9", "", 1, None, None],
        ["C2", "乙市", "3", None, None],
    )
    with pytest.raises(Faulty) as refused:
        read_quotas(data, name="x.xlsx", units=CITIES, forms=FORMS)
    assert [(fault.code, fault.cell) for fault in refused.value.faults] == [
        ("quota-form", "D1"),
        ("repeated-column", "E1"),
        ("quota-number", "C2"),
        ("repeated-city", "A3"),
        ("quota-city", "A4"),
        ("number-as-text", "C5"),
    ]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_workbook_fills_the_grid_and_saves_nothing(
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Any],
    browser: Callable[[], Browser],
) -> None:
    """Read, shown as not saved, then saved from the grid."""
    made = set_up(database, evidence_store, person)
    with database.writing() as session:
        code = make_plan(made, session).code
    planner = browser()
    planner.cookies.set(COOKIE, made.people["planner"].token)
    home = f"/rounds/R1/visits/{code}"
    out = planner.get(f"{home}/quotas/workbook.xlsx")
    held = read_quotas(out.content, name="x.xlsx", units=CITIES | OTHERS, forms=FORMS)
    assert {key: count for key, count in held.items() if count} == QUOTAS
    bad = planner.post(f"{home}/quotas/workbook", files={"file": ("x.xlsx", xlsx(["甲"]))})
    assert bad.status_code == 422
    assert planner.post(f"{home}/quotas/workbook", data={"x": "1"}, files={}).status_code in (
        400,
        422,
    )
    sheet = xlsx(["市州代码", "市州", "hall", "open"], ["C1", "甲市", 6, 5])
    said = planner.post(f"{home}/quotas/workbook", files={"file": ("表.xlsx", sheet)})
    assert said.status_code == 200
    assert "尚未保存" in said.text
    assert 'name="q-C1-hall" inputmode="numeric" maxlength="4" autocomplete="off" value="6"' in (
        said.text
    )
    with database.reading() as session:
        assert plans_store.quotas(session, made.plan(session).id) == QUOTAS


OTHERS = {"C3": Unit("C3", "丙市", "Bing"), "C4": Unit("C4", "丁新区", "Ding")}
