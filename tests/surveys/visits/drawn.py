"""Inputs of draws for tests, and every hard rule asked of a draw from outside."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from hypothesis import strategies as st

from surveys.visits.drawing import (
    Before,
    Draw,
    FormNeeds,
    Impossible,
    Inputs,
    Person,
    Place,
    Quota,
    days,
    needed,
    run,
)

STORIES = (("a",), ("a", "b"), ("a", "b", "c"), ())
CODES = tuple(f"CODE{number:06}" for number in range(400))


def some_inputs(**changes: object) -> Inputs:
    """Two cities with six sites each, two forms, four evaluators, a month."""
    values: dict[str, object] = {
        "opens": "2026-03-02",
        "days": 28,
        "span": 3,
        "quotas": (Quota("C1", "hall", 4), Quota("C2", "hall", 3), Quota("C1", "open", 2)),
        "places": tuple(
            Place(f"{city}-{n}", city, "hall" if n < 4 else "bank")
            for city in ("C1", "C2")
            for n in range(6)
        ),
        "forms": (FormNeeds("hall", (), ("a", "b", "c")), FormNeeds("open")),
        "people": tuple(Person(f"V-{n}") for n in range(4)),
        "before": (),
        "second_percent": 20,
        "site_days": 30,
        "story_days": 90,
        "recent": 3,
        "codes": CODES,
    }
    return Inputs(**(values | changes))  # type: ignore[arg-type]


@st.composite
def plans(draw: st.DrawFn) -> Inputs:
    """Plans of every sort: some with room for all they ask, many of them impossible."""
    roomy = draw(st.booleans())
    cities = [f"C{n}" for n in range(draw(st.integers(1, 3)))]
    forms = [f"f{n}" for n in range(draw(st.integers(1, 3)))]
    kinds = ("hall", "bank")
    length = draw(st.integers(20, 60) if roomy else st.integers(1, 40))
    places = tuple(
        Place(f"{city}-{n}", city, draw(st.sampled_from(kinds)))
        for city in cities
        for n in range(draw(st.integers(2, 6) if roomy else st.integers(0, 5)))
    )
    people = tuple(
        Person(
            f"V-{n}",
            () if roomy else tuple(draw(st.sets(st.sampled_from(cities), max_size=1))),
            tuple(draw(st.sets(st.sampled_from(cities), max_size=1))) if n % 2 else (),
        )
        for n in range(draw(st.integers(3, 6) if roomy else st.integers(0, 4)))
    )
    before: list[Before] = []
    for _n in range(draw(st.integers(0, 6)) if places else 0):
        place = draw(st.sampled_from(places))
        first = draw(st.integers(-60, length + 30))
        story = draw(st.sampled_from(("a", "b")))
        alias = draw(st.sampled_from([p.alias for p in people] or ["V-x"]))
        form = draw(st.sampled_from(forms))
        before.append(Before(first + 2, first, place.code, place.city, form, story, alias))
    return Inputs(
        opens="2026-03-02",
        days=length,
        span=days.span_of(length),
        quotas=tuple(
            Quota(city, form, draw(st.integers(0, 4))) for city in cities for form in forms
        ),
        places=places,
        forms=tuple(
            FormNeeds(
                form,
                () if roomy else tuple(draw(st.sets(st.sampled_from(kinds)))),
                draw(st.sampled_from(STORIES[2:] if roomy else STORIES)),
            )
            for form in forms
        ),
        people=people,
        before=tuple(before),
        second_percent=draw(st.sampled_from((0, 10, 30) if roomy else (0, 0, 10, 100))),
        site_days=draw(st.sampled_from((0, 1, 5) if roomy else (0, 14, 30))),
        story_days=draw(st.sampled_from((0, 30, 90))),
        recent=3,
        codes=CODES,
    )


def shuffled(given_: Inputs, seed: int) -> Inputs:
    """The same inputs gathered in another order."""
    chance = random.Random(seed)
    return replace(
        given_,
        quotas=tuple(chance.sample(given_.quotas, len(given_.quotas))),
        places=tuple(chance.sample(given_.places, len(given_.places))),
        forms=tuple(chance.sample(given_.forms, len(given_.forms))),
        people=tuple(chance.sample(given_.people, len(given_.people))),
        before=tuple(chance.sample(given_.before, len(given_.before))),
    )


def drawn_or_refused(given_: Inputs, seed: str) -> Draw | Impossible:
    """What comes of a plan."""
    try:
        return run(given_, seed)
    except Impossible as refused:
        return refused


def check(given_: Inputs, drawn: Draw) -> None:
    """Every hard rule, asked of a draw by somebody who does not know how it was made."""
    place = {each.code: each for each in given_.places}
    person = {each.alias: each for each in given_.people}
    form = {each.code: each for each in given_.forms}
    by_code = {each.code: each for each in drawn.visits}
    firsts = [each for each in drawn.visits if not each.second_of]
    wanted = Counter({(q.city, q.form): q.count for q in given_.quotas if q.count})
    assert Counter((v.city, v.form) for v in firsts) == wanted
    assert len(by_code) == len(drawn.visits) == needed(given_)
    for visit in drawn.visits:
        site = place[visit.site]
        assert site.city == visit.city
        assert not form[visit.form].kinds or site.kind in form[visit.form].kinds
        assert person[visit.alias].may_visit(visit.city)
        assert visit.city not in person[visit.alias].conflicts
        assert 0 <= visit.first <= visit.last < given_.days
        assert visit.last - visit.first + 1 == given_.span
        assert (visit.story in form[visit.form].stories) if form[visit.form].stories else True
        if visit.second_of:
            first = by_code[visit.second_of]
            assert (first.site, first.form) == (visit.site, visit.form)
            assert first.alias != visit.alias
            assert visit.first > first.last
            assert not first.second_of
            assert not visit.story or first.story != visit.story
    assert len({v.second_of for v in drawn.visits if v.second_of}) == needed(given_) - len(firsts)
    rests(given_, drawn)


def rests(given_: Inputs, drawn: Draw) -> None:
    """No site again too soon (its own second look aside), no story again too soon."""
    rest = max(1, given_.site_days)
    for at, visit in enumerate(drawn.visits):
        for other in drawn.visits[at + 1 :]:
            if other.site != visit.site:
                continue
            pair = visit.code == other.second_of or other.code == visit.second_of
            early, late = sorted((visit, other), key=lambda each: each.first)
            assert late.first - early.last >= (1 if pair else rest)
            if visit.form == other.form and visit.story:
                assert visit.story != other.story
        for before in given_.before:
            if before.site != visit.site:
                continue
            assert visit.first - before.last >= rest or before.first - visit.last >= rest
            if (before.form, before.story) == (visit.form, visit.story):
                apart = max(visit.first - before.last, before.first - visit.last)
                assert apart >= given_.story_days


def proves(given_: Inputs, refused: Impossible) -> None:
    """Each lack has numbers that show, by themselves, that the quota cannot be met."""
    assert refused.lacks
    for lack in refused.lacks:
        facts = lack.facts
        if lack.kind == "people":
            assert not any(each.may_visit(facts["city"]) for each in given_.people)
        else:
            assert facts["possible"] < facts["wanted"]
        if lack.kind in ("sites", "together"):
            fitting = [
                place
                for place in given_.places
                if place.city == facts["city"]
                and any(
                    not f.kinds or place.kind in f.kinds
                    for f in given_.forms
                    if f.code in facts.get("forms", [facts.get("form")])
                )
            ]
            assert facts["usable"] <= len(fitting)
