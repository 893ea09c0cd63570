"""From answers to readings, from visits to one value: by example and by property."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.forms.answers import read
from surveys.forms.document import Choice, FormDocument, Question, Words
from surveys.readings import said
from surveys.readings.rules import Summary, Visited, formula, measured, summed_up

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def visit(*values: float | None, day: int = 0, across: str = "mean", number: int = 0) -> Visited:
    return Visited(number, DAY + timedelta(days=day), across, values)


def document(*questions: Question) -> FormDocument:
    choices = (Choice("yes", Words("是", "Yes")), Choice("no", Words("否", "No")),
               Choice("na", Words("不涉及")))  # fmt: skip
    return FormDocument(
        "hall", 1, Words("示例"), "inspection", "data", ("zh",), questions, {"yn": choices}
    )


def answered(form: FormDocument, **answers: str) -> dict[str, tuple[str, float | None]]:
    body = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    read_answers = read(form, f"<data>{body}</data>".encode())
    return {each.question.name: (each.across, each.value) for each in measured(form, read_answers)}


def asked(name: str, rule: str, *, indicator: str = "I1", across: str = "") -> Question:
    return Question(
        name, f"/data/{name}", "select_one", 1, Words(f"题目 {name}", f"Question {name}"),
        list_name="yn", indicator=indicator, score_rule=rule, across_visits=across,
    )  # fmt: skip


def test_every_question_with_a_rule_says_something_if_it_was_answered() -> None:
    table = "table: yes=100; no=0; na=NA"
    form = document(
        asked("a", table),
        asked("b", table, across="median"),
        asked("c", table),
        asked("d", "value", indicator="I2"),
        asked("e", "", indicator="I3"),
        asked("f", "value", indicator=""),
    )
    found = answered(form, a="yes", b="na", c="", d="0", e="5", f="6")
    assert found == {"a": ("mean", 100.0), "b": ("median", None), "d": ("mean", 0.0)}


def test_mean_spread_and_count() -> None:
    found = summed_up([visit(80.0, number=1), visit(100.0, number=2), visit(60.0, number=3)])
    assert found == Summary(80.0, 3, 20.0, "mean")


def test_one_visit_has_no_spread() -> None:
    assert summed_up([visit(3.0)]) == Summary(3.0, 1, None, "mean")


def test_not_applicable_is_left_out_unless_all_are() -> None:
    some = summed_up([visit(3.0), visit(None), visit(5.0)])
    assert some == Summary(4.0, 2, pytest.approx(2**0.5), "mean", left_out=1)
    assert summed_up([visit(None), visit(None)]) == Summary(None, 2, None, "mean")
    assert summed_up([]) is None


def test_a_visit_counts_once_however_many_questions_it_answered() -> None:
    assert summed_up([visit(0.0, 100.0), visit(100.0)]) == Summary(
        75.0, 2, pytest.approx(35.35533905932738), "mean"
    )
    assert summed_up([visit(None, 100.0)]) == Summary(100.0, 1, None, "mean")


def test_latest_goes_by_time_of_the_visit_not_by_order_of_arrival() -> None:
    found = summed_up([visit(9.0, day=5, across="latest"), visit(1.0, day=2, across="latest")])
    assert found is not None
    assert found.value == 9.0


def test_the_newest_form_says_how_visits_combine_and_the_mixture_is_told() -> None:
    found = summed_up([visit(1.0, day=1, across="max"), visit(2.0, day=2, across="sum")])
    assert found is not None
    assert (found.value, found.across, found.mixed) == (3.0, "sum", True)


def test_share_is_in_percent_and_so_is_its_spread() -> None:
    found = summed_up([visit(1.0, across="share"), visit(0.0, across="share")])
    assert found is not None
    assert found.value == 50.0
    assert found.spread == pytest.approx(statistics.stdev([100, 0]))


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=30),
    st.sampled_from(["mean", "median", "min", "max", "sum", "latest", "share"]),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_visits_are_accepted_changes_nothing(
    values: list[float | None], across: str, random: object
) -> None:
    visits = [visit(v, day=n, across=across, number=n) for n, v in enumerate(values)]
    shuffled = list(visits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = summed_up(visits)
    assert first == summed_up(shuffled)
    assert first is not None
    numbers = [v for v in values if v is not None]
    assert first.not_applicable == (not numbers)
    assert first.visits == (len(numbers) or len(values))
    if len(numbers) < 2:
        assert first.spread is None
    elif across != "share":
        assert first.spread == pytest.approx(statistics.stdev(numbers))
    if numbers and across in ("mean", "median", "min", "max", "latest"):
        assert first.value is not None
        assert min(numbers) - 1e-6 <= first.value <= max(numbers) + 1e-6


def test_the_formula_is_written_out() -> None:
    def told(values: list[float], across: str) -> str:
        summary = summed_up([visit(v, day=n, across=across) for n, v in enumerate(values)])
        assert summary is not None
        return formula(summary, values)

    assert told([80.0, 100.0], "mean") == "(80 + 100) ÷ 2 = 90"
    assert told([80.0, 100.0], "sum") == "80 + 100 = 180"
    assert told([0.0, 1.0, 2.0, 0.0], "share") == "2 ÷ 4 × 100 = 50"
    assert told([3.0, 1.0, 2.0], "median") == "3, 1, 2 的中位数 = 2"
    assert told([1.0] * 40, "mean") == "40 次访查的平均值 = 1"
    assert formula(Summary(None, 3, None, "mean"), []) == "3 次访查都不适用，所以这一项不适用。"


def test_answers_in_words() -> None:
    form = document(asked("a", "value"), Question("t", "/data/t", "text", 3))
    answers = read(form, "<data><a>yes na odd</a><t>排队很久</t></data>".encode())
    assert said.answer(form.by_name["a"], form, answers) == Words(
        "是、不涉及、odd", "Yes, 不涉及, odd"
    )
    assert said.answer(form.by_name["t"], form, answers) == Words("排队很久", "排队很久")
