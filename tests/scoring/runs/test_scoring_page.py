"""The scoring page: what it says comes next, and what it warns of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evaluation.accounts import roles
from evaluation.platform import clock
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds import store as round_store
from tests.scoring.runs.results import COMPLETE, observed_round

HERE = "/rounds/R1/scoring"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def test_a_run_of_the_present_data_is_not_asked_for_again(
    sign_in_as: Callable[..., Any], database: Database
) -> None:
    """Cities that are still to be accepted block the confirmation; the run is no older for it."""
    only = {key: value for key, value in COMPLETE.items() if key[0] == "C1"}
    with database.writing() as session:
        observed_round(session, values=only, method="verification")
    office = sign_in_as(roles.OFFICE)
    assert office.post(f"{HERE}/run", data={"note": ""}).status_code == 303
    page = office.get(HERE).text
    assert "的填报还没有采信" in page
    assert "请先重新计算" not in page
    assert "3 个参评单位的数据覆盖率低于 65%" in page


def test_nothing_is_approved_while_cities_may_still_object(
    sign_in_as: Callable[..., Any], database: Database
) -> None:
    with database.writing() as session:
        observed_round(session, values=COMPLETE, method="verification")
    office = sign_in_as(roles.OFFICE)
    office.post(f"{HERE}/run", data={"note": ""})
    office.post(f"{HERE}/confirm")
    for days, warned in ((3, True), (-3, False)):
        with database.writing() as session:
            found = round_store.by_code(session, "R1")
            found.objection_closes_at = clock.now() + timedelta(days=days)
            if found.state == rules.SCORED:
                rounds.advance(session, System("office", roles.OFFICE), found, rules.OBJECTION)
        page = office.get(HERE).text
        assert ("4 个市州尚未确认无异议" in page) == warned
        assert (f'action="{HERE}/approve"' in page) != warned
        refused = office.post(f"{HERE}/approve", data={"run": "1"}).status_code == 409
        assert refused == warned
