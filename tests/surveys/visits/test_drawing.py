"""The draw by example and by property: hard rules always hold, and a refusal proves itself."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.visits.drawing import (
    Before,
    FormNeeds,
    Impossible,
    Inputs,
    Person,
    Place,
    Quota,
    needed,
    run,
)
from surveys.visits.drawing.record import Seed, dump, holds, load, record
from tests.surveys.visits.drawn import (
    check,
    drawn_or_refused,
    plans,
    proves,
    shuffled,
    some_inputs,
)


@settings(max_examples=400, deadline=None)
@given(plans(), st.text(max_size=8), st.integers(0, 9))
def test_hard_rules_always_hold_and_a_refusal_proves_itself(
    given_: Inputs, seed: str, order: int
) -> None:
    """Whatever the plan: all rules or an explanation, and never another draw from the same."""
    outcome = drawn_or_refused(given_, seed)
    again = drawn_or_refused(shuffled(given_, order), seed)
    if isinstance(outcome, Impossible):
        proves(given_, outcome)
        assert isinstance(again, Impossible)
        assert again.lacks == outcome.lacks
    else:
        check(given_, outcome)
        assert again == outcome


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 30), st.integers(2, 7), st.sampled_from((0, 10, 50, 100)), st.text(max_size=4)
)
def test_loads_differ_by_one_at_most_where_everybody_may_go_everywhere(
    count: int, people: int, percent: int, seed: str
) -> None:
    """An even load comes before rotation."""
    places = tuple(Place(f"S{n:02}", "C1", "hall") for n in range(30))
    before = tuple(
        Before(-3, -5, f"S{n:02}", "C1", "open", "", f"V-{n % people}") for n in range(6)
    )
    given_ = some_inputs(
        quotas=(Quota("C1", "open", count),),
        places=places,
        people=tuple(Person(f"V-{n}") for n in range(people)),
        before=before,
        second_percent=percent,
        site_days=1,
    )
    load = Counter({f"V-{n}": 0 for n in range(people)})
    load.update(visit.alias for visit in run(given_, seed).visits)
    assert max(load.values()) - min(load.values()) <= 1


def test_a_seed_gives_these_very_visits() -> None:
    """The algorithm may not change under a draw that was made: this pins version 1."""
    held = dump(record(some_inputs(), Seed("a secret", "123456", "示例彩票第 1 期")))
    assert holds(held)
    assert dump(load(held)) == held
    drawn = load(held).draw
    assert [(v.site, v.story, v.alias, v.first) for v in drawn.visits[:3]] == PINNED


PINNED = [("C1-2", "b", "V-1", 5), ("C1-5", "a", "V-3", 22), ("C1-1", "c", "V-2", 9)]


def test_another_seed_or_public_number_is_another_draw() -> None:
    """Chance comes from the seed alone."""
    drawn = [
        record(some_inputs(), seed).draw for seed in (Seed("a"), Seed("b"), Seed("a", "1", "x"))
    ]
    assert len({each.visits for each in drawn}) == 3


@pytest.mark.parametrize(
    ("part", "spoilt"),
    [
        (b'"alias":"V-1"', b'"alias":"V-2"'),
        (b'"secret":"s"', b'"secret":"t"'),
        (b'"days":28', b'"days":20'),
        (b"yingshang-draw-1", b"yingshang-draw-9"),
    ],
)
def test_a_record_that_was_touched_does_not_hold(part: bytes, spoilt: bytes) -> None:
    """One evaluator, the seed or one rule changed: drawing again gives other bytes."""
    held = dump(record(some_inputs(), Seed("s")))
    assert holds(held)
    touched = spoilt.join(held.rsplit(part, 1)) if b"alias" in part else held.replace(part, spoilt)
    assert touched != held
    assert not holds(touched)


def test_too_few_sites_are_told_with_their_numbers() -> None:
    """Five wanted, six sites: two of another kind, one visited lately, so three usable."""
    lacking = some_inputs(
        quotas=(Quota("C1", "hall", 5),),
        forms=(FormNeeds("hall", ("hall",)),),
        before=(Before(-5, -7, "C1-0", "C1", "open", "", "V-0"),),
        days=20,
    )
    with pytest.raises(Impossible) as refused:
        run(lacking, "s")
    (lack,) = refused.value.lacks
    assert lack.kind == "sites"
    assert lack.facts == {
        "city": "C1",
        "form": "hall",
        "wanted": 5,
        "possible": 3,
        "usable": 3,
        "sites": 4,
        "resting": 1,
        "known": 0,
        "other": 2,
    }


def test_forms_that_compete_for_the_same_sites_are_named_together() -> None:
    """Each alone would do; both need the two banks."""
    forms = (FormNeeds("loan", ("bank",)), FormNeeds("open", ("bank",)), FormNeeds("hall"))
    quotas = (Quota("C1", "loan", 2), Quota("C1", "open", 1), Quota("C1", "hall", 1))
    with pytest.raises(Impossible) as refused:
        run(some_inputs(forms=forms, quotas=quotas), "s")
    (lack,) = refused.value.lacks
    assert lack.kind == "together"
    assert lack.facts == {
        "city": "C1",
        "forms": ["loan", "open"],
        "wanted": 3,
        "usable": 2,
        "possible": 2,
    }


def test_visits_make_room_for_each_other() -> None:
    """Whatever chance does first, the one hall that both forms fit is found for the right one."""
    forms = (FormNeeds("any"), FormNeeds("bank", ("bank",)))
    quotas = (Quota("C1", "any", 4), Quota("C1", "bank", 2))
    for seed in range(30):
        check(
            some_inputs(forms=forms, quotas=quotas, second_percent=0),
            run(some_inputs(forms=forms, quotas=quotas, second_percent=0), str(seed)),
        )


def test_a_city_where_nobody_may_go_is_told() -> None:
    """Two with a conflict, one who works elsewhere."""
    people = (Person("V-0", (), ("C1",)), Person("V-1", (), ("C1",)), Person("V-2", ("C2",)))
    with pytest.raises(Impossible) as refused:
        run(some_inputs(people=people), "s")
    facts = {"city": "C1", "wanted": 6, "people": 3, "conflicts": 2, "elsewhere": 1}
    assert [(lack.kind, lack.facts) for lack in refused.value.lacks] == [("people", facts)]


def test_second_looks_need_a_second_person() -> None:
    """One evaluator alone cannot look twice."""
    with pytest.raises(Impossible) as refused:
        run(some_inputs(people=(Person("V-0"),)), "s")
    (lack,) = refused.value.lacks
    assert lack.kind == "seconds"
    assert lack.facts["wanted"] == 2
    assert lack.facts["possible"] == 0
    assert lack.facts["visitors"] == 9


def test_a_one_day_plan_has_no_other_day_for_a_second_look() -> None:
    """Nothing is drawn rather than two visits on one day."""
    with pytest.raises(Impossible) as refused:
        run(some_inputs(days=1, span=1), "s")
    assert refused.value.lacks[0].facts["days"] == 9


def test_nobody_goes_where_they_were_last_time_if_it_can_be_helped() -> None:
    """Two evaluators, two cities: they change places whatever the seed."""
    before = (
        Before(-3, -5, "C1-0", "C1", "open", "", "V-0"),
        Before(-3, -5, "C2-0", "C2", "open", "", "V-1"),
    )
    people = (Person("V-0"), Person("V-1"))
    for seed in range(20):
        drawn = run(
            some_inputs(
                quotas=(Quota("C1", "open", 1), Quota("C2", "open", 1)),
                people=people,
                before=before,
                second_percent=0,
            ),
            str(seed),
        )
        assert [visit.alias for visit in drawn.visits] == ["V-1", "V-0"]
        assert not drawn.warnings


def test_rotation_that_had_to_bend_is_told() -> None:
    """The only evaluator who may go was there last time."""
    drawn = run(
        some_inputs(
            quotas=(Quota("C1", "open", 1),),
            people=(Person("V-0"), Person("V-1", (), ("C1",))),
            before=(Before(-40, -42, "C1-9", "C1", "open", "", "V-0"),),
            second_percent=0,
        ),
        "s",
    )
    (warned,) = drawn.warnings
    assert (warned.kind, warned.facts) == ("rotation", {"visits": 1, "city": 1, "site": 0})


def test_uneven_loads_that_cannot_be_helped_are_told() -> None:
    """Only one may go to the busy city."""
    people = (Person("V-0"), Person("V-1", (), ("C1",)))
    quotas = (Quota("C1", "open", 5),)
    drawn = run(some_inputs(quotas=quotas, people=people, second_percent=0), "s")
    assert [(w.kind, w.facts) for w in drawn.warnings] == [("load", {"least": 0, "most": 5})]


def test_days_are_spread_over_the_plan() -> None:
    """Nine visits of one city do not begin on fewer than six days, nor all in one half."""
    places = tuple(Place(f"S{n}", "C1", "hall") for n in range(9))
    quotas = (Quota("C1", "open", 9),)
    drawn = run(some_inputs(quotas=quotas, places=places, second_percent=0), "s")
    starts = {visit.first for visit in drawn.visits}
    assert len(starts) == 9
    assert min(starts) < 13 < max(starts)


def test_stories_are_told_in_turn() -> None:
    """Six visits, three stories: twice each."""
    quotas = (Quota("C1", "hall", 6),)
    drawn = run(some_inputs(quotas=quotas, second_percent=0), "s")
    assert Counter(visit.story for visit in drawn.visits) == {"a": 2, "b": 2, "c": 2}


def test_every_site_can_be_drawn() -> None:
    """Over many seeds each of six sites comes up about as often as the others."""
    counts: Counter[str] = Counter()
    given_ = some_inputs(quotas=(Quota("C1", "open", 2),), second_percent=0)
    for seed in range(600):
        counts.update(visit.site for visit in run(given_, str(seed)).visits)
    assert len(counts) == 6
    assert all(150 < count < 250 for count in counts.values())


def test_the_share_of_second_looks_is_rounded_and_never_nothing() -> None:
    """Nine visits: 10 % is one, 20 % two, 0 % none."""
    counts = [needed(some_inputs(second_percent=percent)) - 9 for percent in (0, 1, 10, 20, 100)]
    assert counts == [0, 1, 1, 2, 9]


def test_too_few_codes_are_a_mistake_of_ours() -> None:
    """Codes are never made up by the draw."""
    with pytest.raises(ValueError, match="codes"):
        run(some_inputs(codes=("A",)), "s")
