"""Agreement against the examples that the authors of the formulas published."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.review.agreement import (
    ALPHA_WORDS,
    KAPPA_WORDS,
    alpha_parts,
    interval,
    kappa_parts,
    nominal,
    pooled,
    share,
    words,
)

#: Krippendorff (2011), example A: two observers, ten units, two categories.
BINARY = (
    (0, 1, 0, 0, 0, 0, 0, 0, 1, 0),
    (1, 1, 1, 0, 0, 1, 0, 0, 0, 0),
)
#: Example B: two observers, twelve articles, five categories.
ARTICLES = ("aabbdcccedda", "babbbccceddd")
#: Example C: four observers, twelve units, some not looked at (a dot).
FOUR = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def units(*looks: Any) -> list[list[Any]]:
    return [list(each) for each in zip(*looks, strict=True)]


def four() -> list[list[int]]:
    told = zip(*(look.split() for look in FOUR), strict=True)
    return [[int(value) for value in unit if value != "."] for unit in told]


def repeated(table: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [pair for pair, count in table.items() for _ in range(count)]


def square(*rows: tuple[int, ...]) -> list[tuple[str, str]]:
    """Pairs of a table whose rows are the first look and columns the second."""
    names = "abcdefgh"
    return repeated(
        {(names[i], names[j]): n for i, row in enumerate(rows) for j, n in enumerate(row)}
    )


def test_alpha_of_two_observers_and_binary_data() -> None:
    assert alpha_parts(units(*BINARY)).coefficient == pytest.approx(0.095, abs=0.0005)


def test_alpha_of_two_observers_and_five_categories() -> None:
    assert alpha_parts(units(*ARTICLES)).coefficient == pytest.approx(0.692, abs=0.0005)


def test_alpha_of_four_observers_with_looks_missing() -> None:
    found = alpha_parts(four())
    assert found.weight == 40  # the unit that one alone looked at is left out
    assert found.coefficient == pytest.approx(0.743, abs=0.0005)


def test_alpha_of_numbers_with_looks_missing() -> None:
    assert alpha_parts(four(), interval).coefficient == pytest.approx(0.849, abs=0.0005)


def test_kappa_of_cohens_own_table() -> None:
    """Cohen (1960), table 2: 200 patients, proportions .70 agreed and .41 by chance."""
    parts = kappa_parts(square((88, 14, 18), (10, 40, 10), (2, 6, 12)))
    assert parts.weight == 200
    assert 1 - parts.observed == pytest.approx(0.70)
    assert 1 - parts.expected == pytest.approx(0.41)
    assert parts.coefficient == pytest.approx(0.492, abs=0.0005)


def test_kappa_of_fleiss_cohen_and_everitts_table() -> None:
    """Fleiss, Cohen, Everitt (Psychological Bulletin 72, 1969): 100 cases, kappa .429."""
    parts = kappa_parts(square((53, 5, 2), (11, 14, 5), (1, 6, 3)))
    assert parts.coefficient == pytest.approx(0.429, abs=0.0005)


def test_kappa_falls_below_nought_where_chance_does_better() -> None:
    parts = kappa_parts(square((0, 5), (5, 0)))
    assert parts.coefficient == pytest.approx(-1.0)


@pytest.mark.parametrize("parts", [alpha_parts([("a", "a")] * 9), kappa_parts([("a", "a")] * 9)])
def test_where_nothing_varies_there_is_no_coefficient(parts: Any) -> None:
    assert parts.coefficient is None
    assert words(parts.coefficient, ALPHA_WORDS) == "没有差异可比"


def test_nothing_compared_says_nothing() -> None:
    assert share(0, 0) is None
    assert kappa_parts([]).coefficient is None
    assert alpha_parts([("a",), ()]).coefficient is None
    assert pooled([]).coefficient is None


def test_questions_pooled_are_not_the_mean_of_their_coefficients() -> None:
    steady = kappa_parts([("a", "a")] * 19 + [("a", "b")])
    mixed = kappa_parts(square((9, 1), (1, 9)))
    assert steady.coefficient == pytest.approx(0.0)
    together = pooled([steady, mixed])
    assert together.weight == 40
    # (.05 + .10) observed against (.05 + .50) expected, each of 20 pairs
    assert together.coefficient == pytest.approx(1 - 0.15 / 0.55)


@pytest.mark.parametrize(
    ("value", "alpha", "kappa"),
    [
        (1.0, "可靠", "几乎完全一致"),
        (0.8, "可靠", "高度一致"),
        (0.7999, "可靠", "高度一致"),  # 0.800 as shown
        (0.79, "仅可作初步结论", "高度一致"),
        (0.667, "仅可作初步结论", "高度一致"),
        (0.5, "不可靠", "中等一致"),
        (0.3, "不可靠", "一般一致"),
        (0.1, "不可靠", "略有一致"),
        (-0.1, "不可靠", "不如随机"),
    ],
)
def test_a_coefficient_in_words(value: float, alpha: str, kappa: str) -> None:
    assert words(value, ALPHA_WORDS) == alpha
    assert words(value, KAPPA_WORDS) == kappa


looks = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=30)


@given(looks)
def test_who_looked_first_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    turned = [(two, one) for one, two in pairs]
    for parts in (kappa_parts, alpha_parts):
        one, other = parts(pairs).coefficient, parts(turned).coefficient
        assert one == pytest.approx(other) if one is not None else other is None


@given(looks)
def test_no_coefficient_exceeds_one_and_one_means_the_same(pairs: list[tuple[str, str]]) -> None:
    same = all(one == two for one, two in pairs)
    for parts in (kappa_parts(pairs), alpha_parts(pairs)):
        if parts.coefficient is not None:
            assert parts.coefficient <= 1
            assert (parts.coefficient == 1) is same


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=20))
def test_alpha_of_numbers_does_not_depend_on_their_unit(pairs: list[tuple[int, int]]) -> None:
    one = alpha_parts(pairs, interval).coefficient
    other = alpha_parts([(60 * a + 7, 60 * b + 7) for a, b in pairs], interval).coefficient
    assert one == pytest.approx(other) if one is not None else other is None


def test_differences_are_nought_for_equal_values_only() -> None:
    for one, other in product(range(3), range(3)):
        assert (nominal(one, other) == 0) is (interval(one, other) == 0) is (one == other)
