"""What the conditions of a form can be: every combination of the answers they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from surveys.forms import logic
from surveys.forms.document import NUMBERS
from surveys.forms.expressions import ExpressionError, Node, parse
from surveys.forms.outline import Item, Outline

#: More combinations than this are not tried; the doctor then says that it does not know.
MOST = 3_000
_ALWAYS = "true()"
_UNSURE = frozenset(
    {"today", "now", "date", "date-time", "decimal-date-time", "decimal-time", "random", "uuid"}
    | {"position", "indexed-repeat", "current", "instance", "count", "once", "jr:choice-name"}
)
_DATED = frozenset({"date", "time", "dateTime", "start", "end", "today"})


class Unknown(Exception):
    """Nothing can be said of the condition: it is about dates, rows, or far too much."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One combination: what was answered, and which of the conditions held."""

    answers: dict[str, str]
    held: tuple[bool, ...]


def condition_of(item: Item) -> str:
    """When an item is shown, with the groups around it, over ``${name}``."""
    return " and ".join(f"({text})" for _row, text in item.conditions()) or _ALWAYS


def trials(
    form: Outline, conditions: Sequence[str], cycles: Set[str] = frozenset()
) -> Iterator[Trial]:
    """Try the conditions under every combination of answers that a person could give.

    A question that is hidden by its own conditions has no answer. Raises `Unknown`, also where
    anything depends on one of *cycles*.
    """
    asked = _depends(form, conditions)
    if cycles & asked.keys():
        raise Unknown
    calculated = [item for item in asked.values() if item.kind == "calculate"]
    given = [item for item in asked.values() if item.kind != "calculate"]
    constants = _constants(form, conditions, asked)
    options = [_options(form, item, constants) for item in given]
    if _size(options) > MOST:
        raise Unknown
    shown = {item.name: condition_of(item) for item in given if any(item.conditions())}
    for combination in product(*options):
        answers = dict(zip((item.name for item in given), combination, strict=True))
        for item in calculated:
            answers[item.name] = ""
        for item in _in_order(form, calculated):
            answers[item.name] = _value(item.text("calculation"), answers)
        if any(answers[name] and not _holds(text, answers) for name, text in shown.items()):
            continue
        yield Trial(answers, tuple(_holds(text, answers) for text in conditions))


def _depends(form: Outline, conditions: Sequence[str]) -> dict[str, Item]:
    """Every question that the conditions depend on, through calculations and conditions."""
    found: dict[str, Item] = {}
    waiting = list(conditions)
    while waiting:
        tree = _tree(waiting.pop())
        if any(node.text in _UNSURE for node in tree.calls()):
            raise Unknown
        if any(node.kind in ("path", "filtered") for node in tree.walk()):
            raise Unknown
        for node in tree.references():
            item = form.by_name.get(node.text)
            if item is None or item.kind in _DATED:
                raise Unknown
            if item.name in found:
                continue
            found[item.name] = item
            waiting.append(condition_of(item))
            if item.kind == "calculate":
                waiting.append(item.text("calculation"))
    return found


@lru_cache(maxsize=4096)
def _tree(text: str) -> Node:
    try:
        return parse(text)
    except ExpressionError:
        raise Unknown from None


def _constants(
    form: Outline, conditions: Sequence[str], asked: dict[str, Item]
) -> tuple[frozenset[float], frozenset[str]]:
    """The numbers and texts with which anything is compared."""
    numbers, texts = set(), set()
    for text in (*conditions, *(item.text("calculation") for item in asked.values()),
                 *(condition_of(item) for item in asked.values())):  # fmt: skip
        if not text:
            continue
        for node in _tree(text).walk():
            if node.kind == "number":
                numbers.add(float(node.text))
            elif node.kind == "literal":
                texts.add(node.text)
    return frozenset(numbers), frozenset(texts)


def _options(
    form: Outline, item: Item, constants: tuple[frozenset[float], frozenset[str]]
) -> list[str]:
    """Answers worth trying: all choices; around every number it is compared with."""
    numbers, texts = constants
    if item.kind == "select_one":
        return ["", *form.choices(item)]
    if item.kind in ("select_multiple", "rank"):
        names = form.choices(item)
        few = [n for n in names if n in texts][:4] or names[:4]
        rest = next((n for n in names if n not in few), None)
        pool = [*few, rest] if rest else few
        return [
            " ".join(each) for size in range(len(pool) + 1) for each in combinations(pool, size)
        ]
    if item.kind in NUMBERS:
        near = {value + step for value in numbers or {0.0} for step in (-1, 0, 1)}
        return ["", *(f"{value:g}" for value in sorted(near | {0.0, 1.0}))]
    if item.kind == "acknowledge":
        return ["", "OK"]
    return ["", "x", *sorted(text for text in texts if text)]


def _size(options: list[list[str]]) -> int:
    size = 1
    for each in options:
        size *= len(each)
    return size


def _in_order(form: Outline, calculated: list[Item]) -> list[Item]:
    """Calculations after those they depend on; there are no cycles left."""
    names = {item.name: item for item in calculated}
    done: list[Item] = []

    def add(item: Item, depth: int = 0) -> None:
        if item in done or depth > len(names):
            return
        for node in _tree(item.text("calculation")).references():
            if node.text in names:
                add(names[node.text], depth + 1)
        done.append(item)

    for item in calculated:
        add(item)
    return done


@lru_cache(maxsize=4096)
def _flat(text: str) -> tuple[str, tuple[str, ...]]:
    """``${name}`` as the path of a flat record, and the names in it."""
    names = [node.text for node in _tree(text).references()]
    for node in sorted(_tree(text).references(), key=lambda node: -node.start):
        text = f"{text[: node.start]}/data/{node.text}{text[node.end :]}"
    return text, tuple(dict.fromkeys(names))


def _value(text: str, answers: dict[str, str]) -> str:
    flat, names = _flat(text)
    return _said(flat, tuple((name, answers[name]) for name in names))


def _holds(text: str, answers: dict[str, str]) -> bool:
    flat, names = _flat(text)
    held = _said(f"boolean({flat})", tuple((name, answers[name]) for name in names))
    return held == "true"


@lru_cache(maxsize=65_536)
def _said(flat: str, values: tuple[tuple[str, str], ...]) -> str:
    """What the engine says; the same condition is asked again in most combinations."""
    said = logic.evaluate(flat, dict(values))
    if said is None:
        raise Unknown
    return said
