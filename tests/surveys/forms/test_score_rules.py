"""Answers become values: by example, and whatever the answers are."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.platform.i18n import use_locale
from surveys.forms.answers import Answer, Answers, Header
from surveys.forms.document import Choice, FormDocument, Question, Words
from surveys.forms.score_rules import (
    ACROSS,
    NOT_APPLICABLE,
    NotApplicable,
    ScoreRuleError,
    combined,
    condition,
    dishonest,
    fails,
    parse,
)

LISTS = {
    "grade": tuple(Choice(name) for name in ("yes", "partly", "no", "na")),
    "items": tuple(Choice(name) for name in ("a", "b", "c", "d", "none", "other", "na")),
}
QUESTIONS = (
    Question("grade", "/data/grade", "select_one", 2, list_name="grade"),
    Question("items", "/data/items", "select_multiple", 3, list_name="items"),
    Question("n", "/data/n", "decimal", 4),
    Question("fee_a", "/data/fee_a", "decimal", 5),
    Question("fee_b", "/data/fee_b", "decimal", 6),
    Question("step", "/data/step", "select_one", 7),
)
DOCUMENT = FormDocument("f", 1, Words(), "simulation", "data", ("zh",), QUESTIONS, LISTS)


def answers(**said: str | Sequence[str]) -> Answers:
    entries = []
    for name, values in said.items():
        rows = [values] if isinstance(values, str) else list(values)
        for index, value in enumerate(rows, 1):
            entries.append(Answer(DOCUMENT.by_name[name], value, index, f"/data/{name}[{index}]"))
    return Answers(Header("f", "1", "", "", ""), tuple(entries))


def value(rule: str, question: str, **said: str | Sequence[str]) -> object:
    return parse(rule).value_of(DOCUMENT, DOCUMENT.by_name[question], answers(**said))


TABLE = "table: yes=100; partly=50; no=0; na=NA"


@pytest.mark.parametrize(
    ("rule", "question", "said", "wanted"),
    [
        ("value", "n", {"n": "12.5"}, 12.5),
        ("value", "n", {"n": "-3"}, -3.0),
        ("value", "n", {}, None),
        ("value", "n", {"n": "many"}, None),
        ("value", "n", {"n": "NaN"}, None),
        ("value", "n", {"n": "inf"}, None),
        (TABLE, "grade", {"grade": "partly"}, 50.0),
        (TABLE, "grade", {"grade": "no"}, 0.0),
        (TABLE, "grade", {"grade": "na"}, NOT_APPLICABLE),
        (TABLE, "grade", {"grade": "other"}, None),
        (TABLE, "grade", {}, None),
        ("checklist", "items", {"items": "a b"}, 50.0),
        ("checklist", "items", {"items": "a b c d other"}, 100.0),
        ("checklist", "items", {"items": "none"}, 0.0),
        ("checklist", "items", {"items": "na"}, NOT_APPLICABLE),
        ("checklist", "items", {}, None),
        ("checklist: 2", "items", {"items": "a"}, 50.0),
        ("checklist: 2", "items", {"items": "a b c"}, 100.0),
        ("sum: fee_a, fee_b", "n", {"fee_a": "10", "fee_b": "2.5"}, 12.5),
        ("sum: fee_a, fee_b", "n", {"fee_a": "10"}, 10.0),
        ("sum: fee_a, fee_b", "n", {}, None),
        ("count: step, n", "n", {"step": "yes", "n": "0"}, 1.0),
        ("count: step, n", "n", {"step": "no", "n": "0"}, 0.0),
        ("count: step, n", "n", {}, None),
        ("minutes", "n", {"n": "7.25"}, 7.25),
        ("value | max 100", "n", {"n": "130"}, 100.0),
        ("value | min 0", "n", {"n": "-4"}, 0.0),
        ("value | times 60", "n", {"n": "2"}, 120.0),
        ("value | divide 60 | max 1", "n", {"n": "90"}, 1.0),
        ("value|max 1|divide 60", "n", {"n": "90"}, 1 / 60),
        ("value", "n", {"n": ["1", "2", "6"]}, 3.0),
        (TABLE, "grade", {"grade": ["yes", "na", "no"]}, 50.0),
        (TABLE, "grade", {"grade": ["na", "na"]}, NOT_APPLICABLE),
    ],
)
def test_values(rule: str, question: str, said: dict[str, str], wanted: object) -> None:
    assert value(rule, question, **said) == wanted


@pytest.mark.parametrize(
    "rule",
    ["", "points", "value: 3", "minutes: 2", "table", "table:", "table: yes", "table: yes=ten",
     "table: yes=1; yes=2", "table: a b=1", "checklist: 0", "checklist: many", "sum", "sum: 1a",
     "sum: a, a", "count: a,,b", "value | top 3", "value | max", "value | divide 0",
     "value | max 1e400", "table：yes=1"],
)  # fmt: skip
def test_rules_that_cannot_be_read_say_why(rule: str) -> None:
    with pytest.raises(ScoreRuleError) as caught:
        parse(rule)
    for locale in ("zh", "en"):
        with use_locale(locale):
            assert "{" not in str(caught.value)


numbers = st.floats(-1e6, 1e6).map(lambda n: f"{n:.6f}")
rules = st.builds(
    lambda kind, tail: kind + "".join(f" | {name} {n:.3f}" for name, n in tail),
    st.sampled_from(["value", TABLE, "checklist", "checklist: 3", "sum: fee_a, fee_b",
                     "count: step, n", "minutes"]),
    st.lists(st.tuples(st.sampled_from(["max", "min", "times"]), st.floats(-1e3, 1e3)), max_size=3),
)  # fmt: skip


@given(
    rules,
    st.sampled_from([q.name for q in QUESTIONS]),
    st.dictionaries(
        st.sampled_from([q.name for q in QUESTIONS]),
        st.one_of(numbers, st.sampled_from(["yes", "no", "na", "a b", "none", "", "x"]), st.text()),
    ),
)
def test_any_answers_give_a_finite_number_na_or_nothing(
    rule: str, question: str, said: dict[str, str]
) -> None:
    given_ = value(rule, question, **said)
    assert (
        given_ is None
        or isinstance(given_, NotApplicable)
        or (isinstance(given_, float) and math.isfinite(given_))
    )
    with use_locale("en"):
        assert parse(rule).said()


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_says_why(text: str) -> None:
    for read in (parse, condition):
        with contextlib.suppress(ScoreRuleError):
            assert read(text)


@pytest.mark.parametrize(
    ("when", "said", "failed"),
    [
        ("no", "no", True),
        ("no, partly", "partly", True),
        ("no, partly", "yes", False),
        ("no", "", False),
        ("!= yes", "no", True),
        ("!= yes", "yes", False),
        ("!= yes", "", False),
        ("= no", "no", True),
        ("> 30", "31", True),
        ("> 30", "30", False),
        (">= 30", "30", True),
        ("<= 2", "2.0", True),
        ("< 0", "-0.5", True),
        ("= 3", "3.0", True),
        ("> 30", "many", False),
        ("> 30", "", False),
        ("x", "a x b", True),
    ],
)
def test_when_a_checkpoint_fails(when: str, said: str, failed: bool) -> None:
    question = Question("n", "/data/n", "text", 2, fails_when=when)
    entries = (Answer(question, said, 0, "/data/n"),)
    assert fails(question, Answers(Header("f", "1", "", "", ""), entries)) is failed


def test_any_row_fails_the_checkpoint() -> None:
    question = Question("n", "/data/r/n", "integer", 2, repeat="/data/r", fails_when="> 3")
    rows = tuple(Answer(question, str(n), n, f"/data/r[{n}]/n") for n in (1, 5))
    assert fails(question, Answers(Header("f", "1", "", "", ""), rows))
    assert not fails(question, Answers(Header("f", "1", "", "", ""), rows[:1]))


def test_integrity() -> None:
    question = Question("n", "/data/n", "select_one", 2, integrity="no, unknown")

    def said(value: str) -> Answers:
        return Answers(Header("f", "1", "", "", ""), (Answer(question, value, 0, "/data/n"),))

    assert dishonest(question, said("yes"))
    assert not dishonest(question, said("no"))
    assert not dishonest(question, said("unknown"))
    assert not dishonest(question, said(""))


@pytest.mark.parametrize(
    ("how", "wanted"),
    [("mean", 5.0), ("median", 2.0), ("min", 0.0), ("max", 18.0), ("sum", 25.0), ("latest", 2.0),
     ("share", 80.0)],
)  # fmt: skip
def test_visits_combine(how: str, wanted: float) -> None:
    assert combined([18, 4, 0, 1, 2], how) == wanted


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.sampled_from(sorted(ACROSS)))
def test_combined_values_stay_within_what_was_measured(values: list[float], how: str) -> None:
    found = combined(values, how)
    assert found is not None
    if how == "share":
        assert 0 <= found <= 100
    elif how != "sum":
        assert min(values) - 1e-6 <= found <= max(values) + 1e-6


def test_no_visits_and_no_such_way() -> None:
    assert combined([]) is None
    with pytest.raises(KeyError):
        combined([1.0], "mode")
