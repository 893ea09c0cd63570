"""Pairs and checkpoints judged: who is asked what, in any order, and who is strict."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.agreement.judging import Agreed, MarkRow, PairRow, agreed, short, strict, verdicts
from scoring.agreement.requirement import Requirement
from scoring.raters.gate import FAIL, PASS, WARN
from scoring.standalone.rater_words import reason

NUMBERS = frozenset({"minutes"})
EACH = Requirement(scope="items", least=0.8, least_pairs=4)


def rows() -> tuple[PairRow, ...]:
    """Twelve pairs: signs agree but for one, minutes differ by less than 5 %, staff never agree."""
    made: list[PairRow] = []
    for at in range(12):
        sign, staff = ("yes", "no")[at % 2], ("polite", "rude")[at % 2]
        other = "no" if at == 0 else sign
        made.append(("sign", f"V{at}", sign, other))
        made.append(("staff", f"V{at}", staff, ("rude", "polite")[at % 2]))
        made.append(("minutes", f"V{at}", str(20 + 5 * at), str(20 + 5 * at + (0.5, -0.5)[at % 2])))
    return tuple(sorted(made))


def found() -> Agreed:
    return agreed(rows(), NUMBERS)


def by_item(asked: Requirement) -> dict[str, str]:
    return {each.item: each.outcome for each in verdicts(asked, found(), NUMBERS)}


def test_each_question_and_all_choices_together() -> None:
    assert set(found().items) == {"sign", "staff", "minutes"}
    assert found().choices is not None
    assert found().items["minutes"].percent == 100.0
    assert found().items["sign"].percent == pytest.approx(100 * 11 / 12)
    assert found().items["staff"].percent == 0.0
    assert found().choices.pairs == 24


def test_by_question_what_falls_short_is_named() -> None:
    assert by_item(EACH) == {"sign": PASS, "staff": FAIL, "minutes": PASS}
    assert [each.item for each in short(verdicts(EACH, found(), NUMBERS))] == ["staff"]


@pytest.mark.parametrize("statistic", ["alpha", "kappa", "icc"])
def test_a_number_has_no_kappa_and_a_choice_no_icc_and_both_are_judged(statistic: str) -> None:
    told = by_item(replace(EACH, statistic=statistic))
    assert told == {"sign": PASS, "staff": FAIL, "minutes": PASS}


def test_percent_counts_numbers_that_are_near() -> None:
    told = by_item(replace(EACH, statistic="percent", least=91.0))
    assert told == {"sign": PASS, "staff": FAIL, "minutes": PASS}
    assert by_item(replace(EACH, statistic="percent", least=92.0))["sign"] == FAIL


def test_by_form_only_choices_are_pooled() -> None:
    (said,) = verdicts(replace(EACH, scope="forms"), found(), NUMBERS)
    assert (said.item, said.outcome) == ("", FAIL)
    assert not verdicts(replace(EACH, scope="forms"), agreed((), NUMBERS), NUMBERS)


@pytest.mark.parametrize(("few", "outcome"), [("fail", FAIL), ("warn", WARN)])
def test_too_few_pairs_come_to_what_was_asked(few: str, outcome: str) -> None:
    told = by_item(replace(EACH, least_pairs=13, few=few))
    assert told["sign"] == outcome


def test_the_lower_end_is_a_harder_question() -> None:
    assert by_item(EACH)["sign"] == PASS
    assert by_item(replace(EACH, lower_bound=True))["sign"] == FAIL


@given(st.randoms(use_true_random=False))
@settings(derandomize=True, max_examples=10, deadline=None)
def test_a_higher_bar_never_turns_a_failure_into_a_pass(chance: Random) -> None:
    low, high = sorted(chance.uniform(0, 1) for _ in range(2))
    one, two = (by_item(replace(EACH, least=least)) for least in (low, high))
    assert all(two[item] == FAIL for item, outcome in one.items() if outcome == FAIL)


def marks(strictness: float = 0.35) -> tuple[MarkRow, ...]:
    """Sixty visits of six checkpoints, each looked at by two of three; C finds more fault."""
    chance = Random(5)
    made: list[MarkRow] = []
    for visit in range(60):
        good = chance.uniform(0.3, 0.9)
        for rater in ("ABC"[visit % 3], "ABC"[(visit + 1) % 3]):
            for item in range(6):
                share = good - (strictness if rater == "C" else 0.0)
                made.append((f"V{visit:02}", f"q{item}", rater, float(chance.random() < share)))
    return tuple(sorted(made))


def test_who_finds_more_fault_is_strict_and_their_visits_are_lifted() -> None:
    held = strict(marks())
    assert held.found is not None
    severity = dict(zip(held.found.raters.codes, held.found.shrunk.severity, strict=True))
    assert severity["C"] > 0.5 > max(severity["A"], severity["B"])
    fair = held.found.fair
    seen = {row[0] for row in marks() if row[2] == "C"}
    lifted = [fair.score[at] > fair.observed[at] for at, code in enumerate(fair.codes)
              if code in seen and 0 < fair.observed[at] < 1]  # fmt: skip
    assert sum(lifted) > 0.9 * len(lifted)


def test_the_order_of_marks_does_not_matter() -> None:
    one = strict(marks()).found
    two = strict(tuple(sorted(marks(), key=lambda row: (row[2], row[1], row[0])))).found
    assert one is not None
    assert two is not None
    assert one.fair.score.tolist() == two.fair.score.tolist()


def test_evaluators_who_never_met_are_told_apart_in_words() -> None:
    apart = tuple(
        (f"V{at}", f"q{item}", rater, float((at + item) % 2))
        for at, pair in enumerate(("AB", "AB", "AB", "CD", "CD", "CD"))
        for rater in pair
        for item in range(3)
    )
    held = strict(apart)
    assert held.found is None
    assert all(reason(problem) for problem in held.reasons)
    assert strict(()).reasons[0].code == "no-ratings"
