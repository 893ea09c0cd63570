"""Points with their caps, red and black lists, each with its record."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.adjust import Scale, adjust
from scoring.composite.adjust_policy import Adjust, ListRule
from scoring.composite.lists import listed_grades, listed_ranks
from scoring.composite.method import parse_method
from scoring.composite.problems import MethodError, ScoringError
from scoring.composite.score import score
from tests.scoring.composite.examples import flat

NAN = math.nan
HUNDRED = Scale(0, 100)


def item(city, points, *, code="award", kind="bonus"):
    return {"city": city, "code": code, "kind": kind, "points": points, "reason": "文件"}


def rule(colour, effect, *cities, code="list", **limit):
    return {
        "code": code, "colour": colour, "cities": list(cities), "reason": "通报",
        "effect": effect, **limit,
    }  # fmt: skip


def one(points, *items, scale=HUNDRED, **policy):
    """The score of one city after *items*, and its record."""
    after, records = adjust(["a"], np.array([points]), Adjust(items=items, **policy), scale)
    return float(after[0]), records["a"]


class TestPoints:
    def test_no_caps(self):
        after, record = one(70.0, item("a", 3.0), item("a", 5.0, code="fine", kind="deduction"))
        assert after == 68
        assert (record["before"], record["bonus"], record["deduction"]) == (70, 3, 5)
        assert (record["net"], record["limited"]) == (-2, [])

    def test_a_cap_of_one_kind_of_item_counts_the_earlier_first(self):
        caps = ({"code": "award", "most": 4.0},)
        after, record = one(70.0, item("a", 3.0), item("a", 3.0), item_caps=caps)
        assert after == 74
        assert [each["counted"] for each in record["items"]] == [3, 1]
        assert record["limited"] == ["item:award"]

    @pytest.mark.parametrize(
        ("policy", "after", "limited"),
        [
            ({"bonus_cap": 5.0}, 67, ["bonus"]),
            ({"deduction_cap": 2.0}, 74, ["deduction"]),
            ({"total_cap": 1.5}, 68.5, ["total"]),
            ({"bonus_cap": 1.0, "total_cap": 6.0}, 64, ["bonus", "total"]),
        ],
    )
    def test_caps_of_a_kind_and_of_all(self, policy, after, limited):
        items = (item("a", 6.0), item("a", 8.0, code="fine", kind="deduction"))
        got, record = one(70.0, *items, **policy)
        assert (got, record["limited"]) == (after, limited)

    def test_the_end_of_the_scale(self):
        after, record = one(98.0, item("a", 5.0))
        assert (after, record["limited"]) == (100, ["scale"])
        assert one(98.0, item("a", 5.0), beyond="allow")[0] == 103
        assert one(1.0, item("a", 5.0, kind="deduction"))[0] == 0
        assert one(104.0, item("a", 5.0))[0] == 104  # beyond before: not pulled back, not lifted

    def test_no_score_stays_none_and_is_told(self):
        after, record = one(NAN, item("a", 5.0))
        assert math.isnan(after)
        assert record["limited"] == ["no-score"]

    def test_lists_hold_a_score_and_black_holds_against_red(self):
        black = rule("black", "score", "a", code="veto", score=60.0)
        red = rule("red", "score", "a", code="model", score=90.0)
        after, record = one(70.0, item("a", 5.0), lists=(black, red))
        assert after == 60
        assert record["limited"] == ["list:model", "list:veto"]
        assert one(70.0, lists=(red,))[0] == 90
        assert one(70.0, lists=(rule("red", "score", "a", score=120.0),))[0] == 100


@given(
    st.lists(st.tuples(st.sampled_from(["bonus", "deduction"]), st.floats(0.1, 40)), max_size=8),
    st.floats(0, 100),
    *[st.none() | st.floats(0, 20)] * 3,
)
def test_no_cap_is_ever_passed(said, before, bonus_cap, deduction_cap, total_cap):
    items = [item("a", points, code=kind, kind=kind) for kind, points in said]
    policy = Adjust(
        items=tuple(items), bonus_cap=bonus_cap, deduction_cap=deduction_cap, total_cap=total_cap
    )
    after, records = adjust(["a"], np.array([before]), policy, HUNDRED)
    assert 0 <= after[0] <= 100
    for record in records.values():
        assert record["bonus"] <= (math.inf if bonus_cap is None else bonus_cap)
        assert record["deduction"] <= (math.inf if deduction_cap is None else deduction_cap)
        assert abs(after[0] - before) <= (math.inf if total_cap is None else total_cap + 1e-9)


def _rule(colour, effect, *cities, **limit):
    return ListRule("list", colour, tuple(cities), "通报", effect, **limit)


class TestPlaces:
    cities = "abcde"
    scores = np.array([90.0, 80, 70, 60, 50])

    def _ranks(self, *rules, scores=None, ties="min"):
        made = self.scores if scores is None else np.array(scores)
        ranks, records = listed_ranks(self.cities, made, rules, ties)
        return ranks.tolist(), [(each["city"], each["to"], each["met"]) for each in records]

    def test_no_better_than_the_third_place(self):
        ranks, told = self._ranks(_rule("black", "rank", "a", rank=3))
        assert ranks == [3, 1, 2, 4, 5]
        assert told == [("a", 3, True)]

    def test_no_worse_than_the_second_place(self):
        ranks, told = self._ranks(_rule("red", "rank", "d", rank=2))
        assert ranks == [1, 3, 4, 2, 5]
        assert told == [("d", 2, True)]

    def test_a_rule_that_does_not_bite_changes_nothing(self):
        ranks, told = self._ranks(
            _rule("black", "rank", "d", rank=2), _rule("red", "rank", "b", rank=4)
        )
        assert ranks == [1, 2, 3, 4, 5]
        assert all(met for *_, met in told)

    def test_a_black_list_with_nobody_else_left(self):
        ranks, told = self._ranks(_rule("black", "rank", *"abcde", rank=5))
        assert ranks == [1, 2, 3, 4, 5]
        assert [met for *_, met in told] == [False] * 4 + [True]

    def test_black_holds_against_red(self):
        ranks, told = self._ranks(
            _rule("black", "rank", "a", rank=4), _rule("red", "rank", "a", rank=1)
        )
        assert ranks == [4, 1, 2, 3, 5]
        assert [met for *_, met in told] == [True, False]

    def test_a_moved_city_is_level_with_nobody(self):
        ranks, _ = self._ranks(_rule("black", "rank", "a", rank=3), scores=[80.0, 80, 70, 60, NAN])
        np.testing.assert_array_equal(ranks, [3, 1, 2, 4, NAN])

    def test_others_stay_level(self):
        ranks, _ = self._ranks(_rule("black", "rank", "a", rank=3), scores=[90.0, 80, 80, 60, 50])
        assert ranks == [3, 1, 1, 4, 5]

    @given(
        st.lists(st.integers(0, 5).map(float), min_size=5, max_size=5),
        st.lists(
            st.tuples(
                st.sampled_from("abcde"), st.sampled_from(["black", "red"]), st.integers(1, 5)
            ),
            max_size=4,
        ),
    )
    def test_whom_no_list_names_keeps_the_order_of_the_scores(self, scores, said):
        rules = [_rule(colour, "rank", city, rank=place) for city, colour, place in said]
        ranks, _ = listed_ranks(self.cities, np.array(scores), rules)
        assert sorted(ranks)[0] == 1
        named = {city for city, *_ in said}
        free = [i for i, city in enumerate(self.cities) if city not in named]
        for i in free:
            for j in free:
                if scores[i] > scores[j]:
                    assert ranks[i] < ranks[j]

    def test_grades(self):
        rules = [_rule("red", "grade", "c", grade="A"), _rule("black", "grade", *"ae", grade="B")]
        bands, told = listed_grades(self.cities, (0, 0, 2, 2, -1), "ABC", rules)
        assert bands == (1, 0, 0, 2, -1)
        assert [(each["city"], each["from"], each["to"]) for each in told] == [
            ("c", "C", "A"), ("a", "A", "B"), ("e", None, None),
        ]  # fmt: skip


class TestFromTheMethod:
    values = ((90.0,), (80.0,), (70.0,))

    def _sheet(self, **sections):
        return score(flat(1), list("abc"), self.values, parse_method(sections))

    def test_the_index_moves_and_what_it_is_made_of_does_not(self):
        sheet = self._sheet(adjust={"items": [item("b", 15.0)], "bonus_cap": 12})
        assert sheet.scores[:, 0].tolist() == [90, 92, 70]
        assert sheet.scores[:, 1].tolist() == [90, 80, 70]
        assert sheet.ranks[:, 0].tolist() == [2, 1, 3]
        assert sheet.further["adjust"]["points"]["b"]["limited"] == ["bonus"]
        assert sheet.method["adjust"]["items"] == 1  # who got them is not every city's business

    def test_off_the_ranking_and_lists_beside_grades(self):
        sheet = self._sheet(
            grades={"by": "rank", "names": ["A", "B"], "limits": [1]},
            adjust={"lists": [
                rule("black", "unranked", "a"), rule("black", "grade", "b", grade="B"),
            ]},
        )  # fmt: skip
        np.testing.assert_array_equal(sheet.ranks[:, 0], [NAN, 1, 2])
        assert sheet.further["grades"]["cities"] == {"a": None, "b": "B", "c": "B"}

    def test_a_moved_place_counts_for_bands_of_places(self):
        sheet = self._sheet(
            grades={"by": "rank", "names": ["A", "B"], "limits": [1]},
            adjust={"lists": [rule("black", "rank", "a", rank=3)]},
        )
        assert sheet.further["grades"]["cities"] == {"a": "B", "b": "A", "c": "B"}

    def test_cities_that_are_not_there_are_all_named(self):
        with pytest.raises(ScoringError) as error:
            self._sheet(
                adjust={"items": [item("x", 1.0)], "lists": [rule("red", "rank", "y", rank=1)]}
            )
        said = {(p.path, p.code, p.facts["value"]) for p in error.value.problems}
        assert said == {
            ("adjust.items[1].city", "city-not-there", "x"),
            ("adjust.lists[1].cities", "city-not-there", "y"),
        }

    def test_every_fault_of_the_section_at_once(self):
        with pytest.raises(MethodError) as error:
            parse_method({"adjust": {
                "items": [item("a", -1.0), {"city": "a"}],
                "item_caps": [{"code": "z", "most": 1}, {"code": "z", "most": 2}],
                "lists": [
                    rule("black", "rank", "a"), rule("red", "unranked", "a"),
                    rule("black", "grade", "a", grade="Z"),
                ],
            }})  # fmt: skip
        assert {(p.path, p.code) for p in error.value.problems} == {
            ("adjust.items[1].points", "out-of-range"),
            *(
                (f"adjust.items[2].{name}", "missing-key")
                for name in ("code", "kind", "points", "reason")
            ),
            ("adjust.item_caps", "listed-twice"),
            ("adjust.lists[1].rank", "missing-key"),
            ("adjust.lists[2].effect", "not-allowed"),
            ("adjust.lists[3].grade", "not-allowed"),
        }
