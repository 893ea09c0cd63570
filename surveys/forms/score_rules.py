"""How an answer becomes a value and when a checkpoint has failed: the grammar. Pure.

``value`` · ``table: yes=100; no=0; na=NA`` · ``checklist`` · ``checklist: 4`` · ``sum: a, b`` ·
``count: a, b`` · ``minutes``, each followed by any of ``| max 100 | min 0 | times 60 | divide 60``.
"""

from __future__ import annotations

import re
from typing import Any

from evaluation.platform.i18n import N_, _
from surveys.forms.answers import Answers
from surveys.forms.document import Question
from surveys.forms.score_values import (
    ACROSS,
    DEFAULT_ACROSS,
    KINDS,
    MODIFIERS,
    NOT_APPLICABLE,
    NOT_COUNTED,
    TAKES_NAMES,
    Condition,
    NotApplicable,
    Score,
    ScoreRule,
    affirms,
    combined,
    number,
)

__all__ = [
    "ACROSS",
    "DEFAULT_ACROSS",
    "KINDS",
    "NOT_APPLICABLE",
    "NOT_COUNTED",
    "Condition",
    "NotApplicable",
    "Score",
    "ScoreRule",
    "ScoreRuleError",
    "affirms",
    "combined",
    "condition",
    "dishonest",
    "fails",
    "number",
    "parse",
]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CHOICE = re.compile(r"[^\s,;=|]+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_COMPARISON = re.compile(r"(>=|<=|!=|=|>|<)\s*(.+)")


class ScoreRuleError(ValueError):
    """A rule that cannot be read: ``what`` and ``mend`` are message ids filled from ``facts``."""

    def __init__(self, what: str, mend: str = "", **facts: Any) -> None:
        super().__init__(what)
        self.what, self.mend, self.facts = what, mend, facts

    def __str__(self) -> str:
        said = _(self.what, **self.facts)
        return f"{said} {_(self.mend, **self.facts)}" if self.mend else said


def parse(text: str) -> ScoreRule:
    """Read a score rule. Raises `ScoreRuleError`, which says what is wrong and how to mend it."""
    head, *tail = (part.strip() for part in text.split("|"))
    kind, colon, rest = (part.strip() for part in head.partition(":"))
    if kind not in KINDS:
        raise ScoreRuleError(
            N_("计分规则“{rule}”不认识。"), N_("可以写：{known}。"),
            rule=head[:80], known=", ".join(KINDS),
        )  # fmt: skip
    modifiers = tuple(_modifier(part) for part in tail)
    if colon and not rest:
        raise ScoreRuleError(N_("计分规则“{rule}”的冒号后面是空的。"), rule=head[:80])
    if kind == "table":
        return ScoreRule(kind, table=_table(rest), modifiers=modifiers)
    if kind in TAKES_NAMES:
        return ScoreRule(kind, names=_names(kind, rest), modifiers=modifiers)
    if kind == "checklist" and rest:
        whole = number(rest)
        if whole is None or whole <= 0:
            raise ScoreRuleError(
                N_("“checklist:”后面应是大于 0 的项数，这里是“{rest}”。"),
                N_("例如 checklist: 4。"), rest=rest[:80],
            )  # fmt: skip
        return ScoreRule(kind, of=whole, modifiers=modifiers)
    if rest:
        raise ScoreRuleError(
            N_("“{kind}”后面不能再写内容（“{rest}”）。"), N_("请只写 {kind}。"),
            kind=kind, rest=rest[:80],
        )  # fmt: skip
    return ScoreRule(kind, modifiers=modifiers)


def condition(text: str) -> Condition:
    """Read a ``fails_when``: choice names, or a comparison. Raises `ScoreRuleError`."""
    said = text.strip()
    found = _COMPARISON.fullmatch(said)
    if found:
        sign, against = found.group(1), found.group(2).strip()
        if number(against) is None and sign not in ("=", "!="):
            raise ScoreRuleError(
                N_("“{sign}”后面应是数字，这里是“{against}”。"),
                N_("例如 > 30；选项用 = 或 !=。"), sign=sign, against=against[:80],
            )  # fmt: skip
        if not _CHOICE.fullmatch(against):
            raise ScoreRuleError(
                N_("“{sign}”后面只能写一个值，这里是“{against}”。"),
                N_("几个选项任一即为不合格时，用逗号隔开，例如 no, partly。"),
                sign=sign, against=against[:80],
            )  # fmt: skip
        return Condition(sign=sign, against=against)
    names = [part.strip() for part in said.split(",")]
    if not said or not all(_CHOICE.fullmatch(name) for name in names):
        raise ScoreRuleError(
            N_("不合格条件“{text}”不认识。"),
            N_("请写选项名（用逗号隔开），或与数字比较，例如 > 30。"), text=said[:80],
        )  # fmt: skip
    return Condition(names=frozenset(names))


def fails(question: Question, answers: Answers) -> bool:
    """Whether the checkpoint failed on this visit, in any row where it is in a repeat.

    False for a question without ``fails_when``. Raises `ScoreRuleError` where it cannot be read,
    which no published form has.
    """
    if not question.fails_when:
        return False
    when = condition(question.fails_when)
    return any(when.holds(value) for value in answers.of(question.name))


def dishonest(question: Question, answers: Answers) -> bool:
    """Whether an integrity question got an answer that an honest visitor does not give."""
    if not question.integrity:
        return False
    honest = {name.strip() for name in question.integrity.split(",")}
    return any(not set(value.split()) <= honest for value in answers.of(question.name))


def _modifier(text: str) -> tuple[str, float]:
    name, _space, rest = text.partition(" ")
    rest = rest.strip()
    if name not in MODIFIERS or not _NUMBER.fullmatch(rest):
        raise ScoreRuleError(
            N_("“| {text}”不认识。"),
            N_("竖线后面可以写 max 100、min 0、times 60、divide 60。"), text=text[:80],
        )  # fmt: skip
    if name == "divide" and float(rest) == 0:
        raise ScoreRuleError(N_("不能除以 0。"), N_("请改为大于 0 的数。"))
    return name, float(rest)


def _table(rest: str) -> dict[str, float | None]:
    table: dict[str, float | None] = {}
    example = N_("例如 table: yes=100; no=0; na=NA。")
    for part in filter(None, (part.strip() for part in rest.split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not _CHOICE.fullmatch(name):
            raise ScoreRuleError(N_("对照表里的“{part}”不是“选项=分值”。"), example, part=part[:80])
        if name in table:
            raise ScoreRuleError(
                N_("对照表里选项“{name}”出现了两次。"), N_("请只保留一次。"), name=name
            )
        if value != "NA" and not _NUMBER.fullmatch(value):
            raise ScoreRuleError(
                N_("对照表里“{name}”的分值“{value}”不是数字。"),
                N_("请写数字；不适用写 NA。"), name=name, value=value[:80],
            )  # fmt: skip
        table[name] = None if value == "NA" else float(value)
    if not table:
        raise ScoreRuleError(N_("对照表是空的。"), example)
    return table


def _names(kind: str, rest: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in rest.split(","))
    wrong = next((name for name in names if not _NAME.fullmatch(name)), None)
    if wrong is not None:
        raise ScoreRuleError(
            N_("“{kind}:”后面应是题目名称，用逗号隔开；“{wrong}”不是名称。"),
            N_("例如 {kind}: fee_a, fee_b。"), kind=kind, wrong=wrong[:80],
        )  # fmt: skip
    if len(set(names)) != len(names):
        raise ScoreRuleError(N_("“{kind}:”后面有重复的题目名称。"), N_("请只保留一次。"), kind=kind)
    return names
