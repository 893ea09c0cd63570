"""Agreement against published numbers, by hand, and as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.raters.agreement import agreement
from scoring.raters.alpha import alpha, alphas
from scoring.raters.icc import icc
from scoring.raters.kappa import ac1, cohen, fleiss, percent_agreement
from scoring.raters.ratings import RatersError
from surveys.review.agreement import alpha_parts, interval, kappa_parts, nominal
from tests.scoring.raters.designs import golden, krippendorff, long

SHROUT = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9],
                   [6, 2, 4, 7]], dtype=float)  # fmt: skip
#: Answers of 91 husbands and wives: M. Hout, O. D. Duncan, M. E. Sobel, Sociological Methodology
#: 17 (1987) 145-184; R's vcd has it as SexualFun.
COUPLES = ((7, 7, 2, 3), (2, 8, 3, 7), (1, 5, 4, 9), (2, 8, 9, 14))
REFERENCE = {row["stat"]: row["value"] for row in golden("reliability_reference")}


def bounds(name: str) -> tuple[float, float]:
    low, high = REFERENCE[name].strip("()").split(",")
    return float(low), float(high)


def pairs(table) -> tuple[np.ndarray, np.ndarray]:
    """A table of counts as two raters' values."""
    counts = np.asarray(table)
    rows, columns = np.indices(counts.shape)
    times = counts.ravel()
    return np.repeat(rows.ravel(), times) * 1.0, np.repeat(columns.ravel(), times) * 1.0


def codes(error: pytest.ExceptionInfo[RatersError]) -> set[str]:
    return {problem.code for problem in error.value.problems}


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_krippendorffs_example(level):
    expected = float(REFERENCE[f"krippendorff {level}"])
    found = alpha(krippendorff(), level=level)
    assert found.value == pytest.approx(expected, abs=1e-12)
    assert (found.units, found.values) == (11, 40)


def test_cohen_of_the_textbook_table_and_its_errors():
    found = cohen(*pairs([[20, 5], [10, 15]]))
    assert found.value == pytest.approx(float(REFERENCE["statsmodels cohens_kappa 20/5/10/15"]))
    # without agreement: sqrt((pe + pe² - sum of p_i. p_.i (p_i. + p_.i)) / n) / (1 - pe)
    null = np.sqrt((0.5 + 0.25 - (0.3 * 1.1 + 0.2 * 0.9)) / 50) / 0.5
    assert found.null_error == pytest.approx(null)
    # R's vcd 1.4, Kappa(SexualFun), which weights linearly
    plain, linear = cohen(*pairs(COUPLES)), cohen(*pairs(COUPLES), weights="linear")
    assert (plain.value, plain.error) == pytest.approx((0.1293, 0.06860), abs=5e-5)
    assert (linear.value, linear.error) == pytest.approx((0.2374, 0.07832), abs=5e-5)


def test_fleiss_of_his_table():
    rows = [[float(cell) for cell in row.values()] for row in golden("reliability_fleiss_table")]
    table = np.array([np.repeat(np.arange(5.0), np.array(row, int)) for row in rows])
    found = fleiss(table)
    expected = float(REFERENCE["statsmodels fleiss_kappa (Fleiss table 10x14)"])
    assert found.value == pytest.approx(expected, abs=1e-12)
    # by hand from the totals of the five categories
    share = np.array([20, 28, 39, 21, 32]) / 140
    apart = share * (1 - share)
    spread = 2 / (10 * 14 * 13) * (apart.sum() ** 2 - (apart * (1 - 2 * share)).sum())
    assert found.null_error == pytest.approx(np.sqrt(spread) / apart.sum())


@pytest.mark.parametrize(("name", "coefficient"), [("fleiss", fleiss), ("gwet", ac1)])
def test_missing_ratings_as_irrcac_takes_them(name, coefficient):
    found = coefficient(krippendorff())
    assert found.value == pytest.approx(float(REFERENCE[f"irrCAC {name}"]), abs=5e-6)
    assert (found.low, found.high) == pytest.approx(bounds(f"irrCAC {name} CI"), abs=5e-6)


def test_icc_of_shrout_and_fleiss():
    alike = {"ICC(2,1)": "ICC(A,1)", "ICC(3,1)": "ICC(C,1)", "ICC(2,k)": "ICC(A,k)"}
    alike |= {"ICC(3,k)": "ICC(C,k)"}
    rows = {row["Type"]: row for row in golden("reliability_icc_shrout_fleiss")}
    for form in icc(SHROUT):
        row = rows[alike.get(form.form, form.form)]
        assert form.value == pytest.approx(float(row["ICC"]), abs=1e-12)
        assert form.f == pytest.approx(float(row["F"]))
        assert (form.df1, form.df2) == (int(row["df1"]), int(row["df2"]))
        assert form.p == pytest.approx(float(row["pval"]))
        low, high = (float(part) for part in row["CI95"].strip("[]").split())
        assert (form.low, form.high) == pytest.approx((low, high), abs=0.00501)


def test_kappas_paradox_shows_in_ac1():
    """45 of 50 alike, but nearly everything is the same category."""
    one, two = pairs([[45, 2], [3, 0]])
    table = np.column_stack([one, two])
    assert percent_agreement(table) == pytest.approx(90)
    assert fleiss(table).value < 0 < 0.85 < ac1(table).value
    overall, by_item = agreement(long(table), level="nominal", draws=0)
    assert by_item["i"].paradox
    assert overall.paradox


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ([[1.0, 1.0], [1.0, 1.0]], {"all-the-same"}),
        ([[1.0], [2.0]], {"one-rater"}),
        ([[1.0, np.nan], [np.nan, 2.0]], {"no-pairs"}),
        ([1.0, 2.0], {"wrong-shape"}),
        ([[np.inf, np.nan], [1.0, np.nan]], {"not-finite", "one-rater"}),
    ],
)
def test_what_says_nothing_is_told_and_is_no_nan(table, found):
    for coefficient in (alpha, fleiss, ac1):
        with pytest.raises(RatersError) as error:
            coefficient(np.array(table))
        assert codes(error) == found


def test_other_refusals():
    with pytest.raises(RatersError) as error:
        cohen(np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    assert codes(error) == {"all-the-same"}
    for first, second in (([1.0], [1.0, 2.0]), ([], [])):
        with pytest.raises(RatersError):
            cohen(np.array(first), np.array(second))
    with pytest.raises(RatersError) as error:
        icc(np.array([[1.0, np.nan]]))
    assert codes(error) == {"incomplete", "one-rater"}
    with pytest.raises(RatersError) as error:
        icc(np.array([[1.0, 2.0], [2.0, 3.0], [5.0, 6.0]]))
    assert codes(error) == {"all-the-same"}
    with pytest.raises(RatersError) as error:
        icc(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]))
    assert codes(error) == {"units-alike"}
    with pytest.raises(RatersError) as error:
        alpha(np.array([[-1.0, 1.0]]), level="ratio")
    assert codes(error) == {"negative-value"}
    with pytest.raises(ValueError, match="level"):
        alpha(krippendorff(), level="kind")
    with pytest.raises(ValueError, match="weights"):
        cohen(np.array([1.0]), np.array([2.0]), weights="some")


values = st.sampled_from([1.0, 2.0, 3.0, 4.0, np.nan])
tables = arrays(float, st.tuples(st.integers(2, 9), st.integers(2, 4)), elements=values)


def has_variation(table) -> bool:
    twice = table[(~np.isnan(table)).sum(axis=1) > 1]
    return len(np.unique(twice[~np.isnan(twice)])) > 1


@given(tables)
def test_one_formula_with_the_agreement_page(table):
    """surveys.review has its own, of any values and without numpy: they are the same numbers."""
    if not has_variation(table):
        return
    units = [[value for value in row if value == value] for row in table.tolist()]
    for level, apart in (("nominal", nominal), ("interval", interval)):
        theirs = alpha_parts(units, apart)
        ours = alpha(table, level=level)
        assert ours.value == pytest.approx(theirs.coefficient)
        assert (ours.observed, ours.expected) == pytest.approx((theirs.observed, theirs.expected))
    both = table[~np.isnan(table[:, :2]).any(axis=1), :2]
    if len(both) and kappa_parts(both.tolist()).expected > 0:
        theirs = kappa_parts([tuple(pair) for pair in both.tolist()])
        assert cohen(both[:, 0], both[:, 1]).value == pytest.approx(theirs.coefficient)


@given(tables, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]), st.randoms())
def test_neither_order_nor_names_matter(table, level, random):
    if not has_variation(table):
        return
    found = alpha(table, level=level)
    assert found.value <= 1
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    again = alpha(table[rows][:, columns], level=level)
    assert again.value == pytest.approx(found.value, abs=1e-12)
    if level in ("interval", "nominal"):
        assert alpha(3 * table + 5, level=level).value == pytest.approx(found.value)


def test_intervals_hold_the_estimate_and_repeat():
    random = np.random.default_rng(3)
    truth = random.integers(1, 6, 80)
    table = np.clip(truth[:, None] + random.integers(-1, 2, (80, 3)), 1, 5).astype(float)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        found = alpha(table, level=level, draws=400, seed=1)
        assert found.low < found.value < found.high
        assert found == alpha(table, level=level, draws=400, seed=1)
        other = alpha(table, level=level, draws=400, seed=2)
        assert other.low == pytest.approx(found.low, abs=0.05)
    two = long([table, table], items=("a", "b"))
    overall, by_item = alphas(two, level="interval", draws=400, seed=1)
    assert overall.value == pytest.approx(by_item["a"].value)
    # the same visits twice: a draw takes a visit with both its items, so nothing is gained
    assert overall.low == pytest.approx(by_item["a"].low)


def test_the_interval_covers_as_often_as_it_says():
    """300 samples of 60 units from a population of which alpha is known."""
    random = np.random.default_rng(11)

    def sample(size):
        truth = random.integers(1, 5, size)
        noise = random.choice([-1, 0, 1], (size, 2), p=[0.2, 0.6, 0.2])
        return (truth[:, None] + noise).astype(float)

    known = alpha(sample(100_000), level="interval").value
    inside = 0
    for _ in range(300):
        found = alpha(sample(60), level="interval", draws=300)
        inside += found.low <= known <= found.high
    assert 0.90 <= inside / 300 <= 0.98


def test_items_without_variation_do_not_stop_the_others():
    same, apart = np.ones((6, 2)), np.array([[1, 1], [2, 2], [1, 2], [2, 2], [1, 1], [2, 1]])
    overall, by_item = agreement(long([same, apart], items=("a", "b")), level="nominal", draws=0)
    assert by_item["a"].alpha is None
    assert by_item["a"].kappa is None
    assert by_item["a"].percent == 100
    assert {problem.code for problem in by_item["a"].problems} == {"all-the-same"}
    assert overall.alpha.value == pytest.approx(by_item["b"].alpha.value)


def test_measurements_have_no_kappa_but_an_alpha():
    random = np.random.default_rng(4)
    table = random.normal(50, 10, (150, 1)) + random.normal(0, 3, (150, 2))
    with pytest.raises(RatersError) as error:
        fleiss(table)
    assert codes(error) == {"too-many-categories"}
    found = {level: alpha(table, level=level, draws=50) for level in ("interval", "ordinal")}
    assert all(0.8 < each.low < each.value < each.high < 1 for each in found.values())
    assert found["interval"].value == pytest.approx(icc(table)[0].value, abs=0.01)
    _, by_item = agreement(long(table), level="interval", draws=0)
    assert by_item["i"].kappa is None
    assert by_item["i"].alpha.value == pytest.approx(found["interval"].value)
    assert by_item["i"].percent is None
