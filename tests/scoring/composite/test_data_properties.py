"""What must hold of the data steps, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.impute import Sources, fill
from scoring.composite.method import parse_method
from scoring.composite.panel import Panel
from scoring.composite.policies import Impute, Treat
from scoring.composite.problems import ScoringError
from scoring.composite.score import score
from scoring.composite.trace import adds_up, trace
from scoring.composite.treat import treat
from tests.scoring.composite.examples import flat, provinces, tree
from tests.scoring.composite.test_properties import quietly

TREE = tree(
    posts=False, denominators=("", "", "people", *("",) * 10), per=(1.0, 1.0, 100.0) + (1.0,) * 10
)
METHODS = [
    {"impute": {"method": "siblings-mean", "empty_group": "overall"}},
    {"impute": {"method": "siblings-median"}, "screen": {"method": "missing"}},
    {"impute": {"method": "latest"}, "screen": {"method": "both", "before": "treat"}},
    {"impute": {"method": "linear", "extrapolate": "trend"}, "treat": {"method": "box-cox"}},
    {"impute": {"method": "constant", "value": 5}, "treat": {"method": "mirrored-box-cox"}},
    {"impute": {"method": "group-mean", "group": "zone"}, "treat": {"method": "winsorise"}},
]
STAGES = ("raw", "denominated", "imputed", "treated", "normalised")


def _scored(province, mapping, order=None, columns=None):
    """Score a province whose first indicator is per head and which has two earlier periods."""
    cities, values = province
    order = list(range(len(cities)) if order is None else order)
    people = np.array([50.0 + 7 * i for i in range(len(cities))])
    then = np.stack([people / 2, people - 1])
    zones = [("east", "west", None)[i % 3] for i in range(len(cities))]
    past = np.stack([np.nan_to_num(values, nan=3.0) / 2, np.where(values > 50, np.nan, values)])
    grown = TREE
    if columns is not None:
        grown, values, past = columns(values, past)
    return score(
        grown,
        [cities[i] for i in order],
        values[order],
        parse_method(mapping),
        groups=[zones[i] for i in order],
        denominators={"people": people[order]},
        panel=Panel(2024.0, (2021.0, 2023.0), past[:, order], {"people": then[:, order]}),
    )


def _or_nobody(province, mapping, **more):
    """None where the screening leaves nobody, which is refused."""
    try:
        return _scored(province, mapping, **more)
    except ScoringError as error:
        if [problem.code for problem in error.problems] == ["nobody-left"]:
            return None
        raise


@pytest.mark.parametrize("mapping", METHODS)
@given(province=provinces(), data=st.data())
@quietly
def test_the_order_of_the_rows_changes_no_byte(mapping, province, data):
    order = data.draw(st.permutations(range(len(province[0]))))
    one, two = _or_nobody(province, mapping), _or_nobody(province, mapping, order=order)
    assert (one is None) == (two is None)
    if one is None or two is None:
        return
    for stage in STAGES:
        first, second = one.stages[stage][list(order)], two.stages[stage]
        assert first.tobytes() == second.tobytes(), stage
    assert one.ranks[list(order)].tobytes() == two.ranks.tobytes()
    assert dict(one.unscored) == dict(two.unscored)
    cells = [{(c["city"], c["indicator"]): repr(c) for c in each.imputation} for each in (one, two)]
    assert cells[0] == cells[1]


@pytest.mark.parametrize("mapping", METHODS)
@given(province=provinces(), data=st.data())
@quietly
def test_the_order_of_the_columns_changes_no_byte(mapping, province, data):
    new = data.draw(st.permutations(range(9)))
    codes = TREE.indicators

    def moved(values, past):
        places = [TREE.codes.index(code) for code in codes]
        heads = [i for i in range(len(TREE.codes)) if i not in places]
        order = [*heads, *(places[k] for k in new)]
        fields = {
            name: tuple(getattr(TREE, name)[i] for i in order)
            for name in (
                "codes", "parents", "directions", "weights", "best", "worst", "target",
                "denominators", "per",
            )
        }  # fmt: skip
        return type(TREE)(**fields), values[:, list(new)], past[..., list(new)]

    one, two = _or_nobody(province, mapping), _or_nobody(province, mapping, columns=moved)
    assert (one is None) == (two is None)
    if one is None or two is None:
        return
    assert two.indicators == tuple(codes[k] for k in new)
    for stage in STAGES:
        first, second = one.stages[stage][:, list(new)], two.stages[stage]
        assert np.ascontiguousarray(first).tobytes() == second.tobytes(), stage


@given(province=provinces(), rule=st.sampled_from(["mean", "siblings-mean", "latest", "linear"]))
@quietly
def test_imputing_twice_is_imputing_once_and_given_values_stay(province, rule):
    _, values = province
    panel = Panel(3.0, (1.0, 2.0), np.stack([values[::-1], values + 1]))
    sources = Sources(parents=["p"] * 9, directions=[1, -1, 1] * 3, panel=panel)
    once, records = fill(values, [rule] * 9, Impute(), sources)
    given_cells = ~np.isnan(values)
    np.testing.assert_array_equal(once[given_cells], values[given_cells])
    assert len(records) == np.sum(np.isnan(values) & ~np.isnan(once))
    assert all(once[r["row"], r["column"]] == r["value"] for r in records)
    if rule == "mean":
        again, none = fill(once, [rule] * 9, Impute(), sources)
        assert again is once
        assert none == ()


@given(province=provinces(least=5, gaps=False))
@quietly
def test_what_passes_after_winsorising_is_left_alone_the_second_time(province):
    _, values = province
    policy = Treat(method="winsorise", max_points=100, then="none", skew=1.0, kurtosis=1.0)
    codes, keep = [str(j) for j in range(9)], [False] * 9
    once, records = treat(values, policy, codes=codes, keep_unit=keep)
    again, _ = treat(once, policy, codes=codes, keep_unit=keep)
    for j, record in enumerate(records):
        if record["outcome"] == "winsorised":
            np.testing.assert_array_equal(again[:, j], once[:, j])
        assert (values[:, j].max() == values[:, j].min()) or once[:, j].max() > once[:, j].min()
        assert len(record["cells"]) == record.get("points", 0)


@pytest.mark.parametrize("mapping", METHODS)
@given(province=provinces())
@quietly
def test_nobody_vanishes_and_every_cell_opens(mapping, province):
    sheet = _or_nobody(province, mapping)
    if sheet is None:
        return
    root = sheet.nodes.index("index")
    scored = ~np.isnan(sheet.scores[:, root])
    assert set(sheet.unscored) == {
        c for c, is_in in zip(sheet.cities, scored, strict=True) if not is_in
    }
    assert all(entry["reason"] for entry in sheet.unscored.values())
    assert not np.isnan(sheet.ranks[scored, root]).any()
    assert adds_up(sheet) < 1e-7
    for city in sheet.cities[:2]:
        for code in sheet.indicators[:3]:
            steps = trace(sheet, city, code).steps
            assert [step.stage for step in steps[:5]] == list(STAGES)
            for step in steps[:5]:
                value = sheet.stages[step.stage][
                    sheet.cities.index(city), sheet.indicators.index(code)
                ]
                assert step.value == (None if np.isnan(value) else value)


@pytest.mark.parametrize("kind", ["arithmetic", "geometric", "harmonic", "generalised"])
@given(province=provinces())
@quietly
def test_parts_add_up_under_every_mean(kind, province):
    cities, values = province
    for floor in (None, 1.0):
        said = {"method": kind} | ({} if floor is None else {"floor": floor})
        sheet = score(tree(), cities, values, parse_method({"aggregate": said}))
        assert adds_up(sheet) < 1e-7


class TestBadInput:
    def test_one_city_alone(self):
        for mapping in METHODS:
            sheet = _scored((("a",), np.arange(9.0)[None, :] + 1), mapping)
            assert sheet.ranks[0, 0] == 1

    def test_an_indicator_without_values_is_said(self):
        values = np.array([[1.0, np.nan], [2.0, np.nan]])
        sheet = score(flat(2), ["a", "b"], values, parse_method({"impute": {"method": "median"}}))
        assert sheet.method["impute"]["without_values"] == ["i1"]
        assert sheet.ranks[:, 0].tolist() == [2, 1]

    def test_a_city_without_values_has_no_rank_and_a_reason(self):
        sheet = score(flat(1), ["a", "b"], [[1.0], [np.nan]])
        assert sheet.unscored == {"b": {"reason": "no-values"}}
        assert np.isnan(sheet.ranks[1, 0])

    def test_infinite_values_of_any_source_are_refused(self):
        grown = flat(1, denominators=("", "people"))
        inf = float("inf")
        for more in (
            {"denominators": {"people": [inf]}},
            {
                "denominators": {"people": [1.0]},
                "panel": Panel(2.0, (1.0,), np.full((1, 1, 1), inf)),
            },
        ):
            with pytest.raises(ScoringError) as error:
                score(grown, ["a"], [[1.0]], **more)
            assert {problem.code for problem in error.value.problems} == {"too-large"}

    def test_a_cell_nobody_has_cannot_be_traced(self):
        sheet = score(flat(1), ["a"], [[1.0]])
        with pytest.raises(ScoringError) as error:
            trace(sheet, "z", "i9")
        assert {p.code for p in error.value.problems} == {"no-such-city", "no-such-indicator"}
