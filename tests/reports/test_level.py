"""Who is statistically level, in a note under the ranking."""

from __future__ import annotations

from dataclasses import replace

from reports.ranking.level import level_note
from scoring.runs.sheets import sheet_bytes, sheet_from_bytes
from tests.reports import factories

DRAWN = {"uncertainty": {"draws": 50, "seed": 3, "vary": ["weights"]}}


def _facts(bands):
    made = factories.framework(factories.two_levels(3, 3), factories.units(6))
    sheet = factories.scored(made, method=DRAWN, gaps=False)
    sheet = replace(sheet, firmness={**sheet.firmness, "bands": bands})
    return factories.province(6, made.nodes, framework=made, sheet=sheet, intervals=None)


def test_bands_of_several_are_named_in_the_order_of_the_ranking():
    facts = _facts([1, 1, 2, 3, 3])
    said = str(level_note(facts).text)
    held = facts.sheet.firmness["cities"]
    for group in (held[:2], held[3:]):
        places = sorted(group, key=lambda unit: facts.rank(unit, facts.root.code))
        assert "、".join(str(facts.unit_name(unit)) for unit in places) in said
    assert str(facts.unit_name(held[2])) not in said
    assert "90%" in said


def test_a_stored_sheet_says_the_same():
    facts = _facts([1, 1, 2, 3, 3])
    stored = sheet_from_bytes(sheet_bytes(facts.sheet))
    assert stored.firmness == facts.sheet.firmness
    assert str(level_note(replace(facts, sheet=stored)).text) == str(level_note(facts).text)


def test_nothing_is_said_without_draws_or_where_all_are_apart():
    assert level_note(factories.province(4)) is None
    assert level_note(_facts([1, 2, 3, 4, 5])) is None
