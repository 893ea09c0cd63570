"""How sure a ranking is, in a sentence."""

from __future__ import annotations

from dataclasses import replace

from reports.screen.firmness import firmness
from tests.reports import factories


def test_nothing_is_claimed_without_draws() -> None:
    assert firmness(factories.province(4, intervals={}), "/rounds/R1") == ()


def test_the_least_firm_rank_is_named() -> None:
    facts = factories.province(4)
    units = sorted(facts.peers)
    wide = {unit: {"median": 2.0, "low": 2.0, "high": 2.0} for unit in units}
    wide[units[0]] = {"median": 2.0, "low": 1.0, "high": 4.0}
    (fact,) = firmness(replace(facts, intervals=wide), "/rounds/R1")
    assert f"{len(units) - 1} / {len(units)}" in str(fact.value)
    assert str(facts.unit_name(units[0])) in str(fact.detail)
    assert "1–4" in str(fact.detail)


def test_all_firm_is_said_plainly() -> None:
    facts = factories.province(4)
    narrow = {unit: {"median": 2.0, "low": 1.0, "high": 2.0} for unit in facts.peers}
    (fact,) = firmness(replace(facts, intervals=narrow), "/rounds/R1")
    assert "都不超过 1 位" in str(fact.detail)
