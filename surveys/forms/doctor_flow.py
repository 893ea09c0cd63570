"""The doctor follows the flow: cycles, evidence that skip logic hides, questions nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Row
from surveys.forms.conditions import Trial, Unknown, condition_of, trials
from surveys.forms.doctor_expressions import expressions_of
from surveys.forms.drafting import names_in
from surveys.forms.expressions import ExpressionError, parse
from surveys.forms.outline import Group, Item, Outline

LOGIC = ("relevant", "calculation", "repeat_count")


def check(form: Outline) -> None:
    """Note cycles, and what the conditions can never or not always show.

    What depends on a cycle is not looked at further.
    """
    cycles = _cycles(form)
    for item in form.items:
        for name in names_in(item.text("evidence")):
            media = form.by_name.get(name)
            if media is not None and media.text("relevant") + "".join(
                group.row.get("relevant") for group in media.parents
            ):
                _evidence(form, item, media, cycles)
    parts: list[Item | Group] = [*form.groups, *form.items]
    for part in parts:
        if part.row.get("relevant"):
            _never(form, part, cycles)


def _evidence(form: Outline, item: Item, media: Item, cycles: set[str]) -> None:
    """Whether the question can be answered while its evidence is hidden."""
    facts = {"question": item.name, "evidence": media.name}
    try:
        found = next(
            (
                trial
                for trial in trials(form, (condition_of(item), condition_of(media)), cycles)
                if trial.held[0] and not trial.held[1] and trial.answers.get(item.name) != ""
            ),
            None,
        )
    except Unknown:
        form.book.fault(
            "evidence-unsure", words.SURVEY, media.row, "relevant",
            N_("“{question}”需要佐证“{evidence}”，而它有跳转条件，无法判断会不会被隐藏。"),
            N_("请确认回答“{question}”时一定会出现“{evidence}”。"), warning=True, facts=facts,
        )  # fmt: skip
        return
    if found is not None:
        form.book.fault(
            "hidden-evidence", words.SURVEY, _blamed(media), "relevant",
            N_("回答“{question}”时必须附佐证“{evidence}”，但在 {case} 时它被跳转条件隐藏。"),
            N_("请让“{evidence}”与“{question}”的跳转条件一致；只在部分答案下需要时，"
               "请清空“佐证”列，把“{evidence}”设为必填。"),
            facts=facts | {"case": _case(found)},
        )  # fmt: skip


def _blamed(media: Item) -> Row:
    """The row whose condition hides it: its own, else the nearest group's."""
    return [row for row, _text in media.conditions()][-1]


def _case(trial: Trial) -> str:
    said = ", ".join(f"{name} = {value or '∅'}" for name, value in sorted(trial.answers.items()))
    return said[:160]


def _never(form: Outline, part: Item | Group, cycles: set[str]) -> None:
    """Whether there is any way to see it."""
    row = part.row
    text = " and ".join(
        f"({each.get('relevant')})"
        for each in (*(group.row for group in part.parents), row)
        if each.get("relevant")
    )
    try:
        if any(trial.held[0] for trial in trials(form, (text,), cycles)):
            return
    except Unknown:
        return
    if any(
        fault.severity == "error" and fault.row == row.number and fault.code == "unknown-choice"
        for fault in form.book.faults
    ):
        return  # already told, with the reason
    form.book.fault(
        "never-relevant", words.SURVEY, row, "relevant",
        N_("这个跳转条件永远不成立，“{name}”不会出现。"), N_("请检查 and / or 和比较的值。"),
        facts={"name": part.name},
    )  # fmt: skip


def _cycles(form: Outline) -> set[str]:
    """Note every cycle of calculations and conditions, once each; give the questions in them."""
    graph = {name: sorted(set(_needs(form, item))) for name, item in form.by_name.items()}
    for group in form.groups:
        inside = {item.name for item in form.items if group in item.parents}
        for name in inside & set(_named(group.row)):
            graph[name] = sorted({*graph[name], name})
    told: set[str] = set()
    for start in graph:
        way = _way_back(graph, start)
        if way and not told & set(way):
            told |= set(way)
            _tell(form, way)
    return told


def _needs(form: Outline, item: Item) -> Iterator[str]:
    for row in (item.row, *(group.row for group in item.parents)):
        for name in _named(row):
            if name in form.by_name:
                yield name


def _named(row: Row) -> Iterator[str]:
    for key, text in expressions_of(row):
        if key in LOGIC:
            try:
                yield from (node.text for node in parse(text).references())
            except ExpressionError:
                continue


def _way_back(graph: dict[str, list[str]], start: str) -> list[str]:
    """The shortest way from a question back to itself; empty where there is none."""
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        following = []
        for name in waiting:
            for other in graph.get(name, ()):
                if other == start:
                    way = [name]
                    while way[-1] != start:
                        way.append(before[way[-1]])
                    return way[::-1]
                if other not in before:
                    before[other] = name
                    following.append(other)
        waiting = following
    return []


def _tell(form: Outline, way: list[str]) -> None:
    item = form.by_name[way[0]]
    key = "calculation" if item.text("calculation") else "relevant"
    form.book.fault(
        "cycle", words.SURVEY, item.row, key,
        N_("跳转条件和计算互相依赖，成了循环：{way}。"), N_("请去掉其中一处引用。"),
        facts={"way": " → ".join([*way, way[0]])},
    )  # fmt: skip
