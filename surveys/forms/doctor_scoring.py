"""The doctor looks at what makes values of answers: indicators and score rules."""

from __future__ import annotations

from difflib import get_close_matches

from evaluation.framework.methods import method_name
from evaluation.framework.tree import Framework
from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.doctor_own import OwnColumns
from surveys.forms.document import NUMBERS, SELECTS
from surveys.forms.drafting import method_of, settings_row
from surveys.forms.outline import Outline
from surveys.forms.score_rules import (
    ACROSS,
    NOT_COUNTED,
    ScoreRule,
    ScoreRuleError,
    number,
    parse,
)

TIMED = frozenset({"integer", "decimal"})
COUNTED = frozenset({"select_one", "acknowledge", "calculate", "text", *NUMBERS})


def check(form: Outline, framework: Framework | None = None) -> None:
    """Note every fault of the indicator, score rule and across visits columns.

    A form is bound to no round, so what the newest *framework* does not know is a warning.
    """
    for item in form.items:
        _Scoring(form, item, framework).look()


class _Scoring(OwnColumns):
    """What turns one question into a value."""

    def look(self) -> None:
        self.indicator()
        self.score_rule()

    def indicator(self) -> None:
        code, rule = self.item.text("indicator"), self.item.text("score_rule")
        if rule and not code:
            self.fault(
                "rule-alone", "indicator",
                N_("有计分规则，但没有指标代码：算出的值没有去处。"),
                N_("请填写指标代码，或清空计分规则。"), warning=True,
            )  # fmt: skip
        if code and not rule:
            self.fault(
                "no-rule", "score_rule", N_("有指标代码，但没有计分规则。"),
                N_("请填写，例如 value，或 table: yes=100; no=0。"),
            )  # fmt: skip
        if not code or self.framework is None:
            return
        node = self.framework.by_code.get(code)
        if node is None or self.framework.children[code]:
            known = [each.code for each in self.framework.indicators]
            near = get_close_matches(code, known, 1, 0.6)
            self.fault(
                "unknown-indicator", "indicator",
                N_("最新的指标体系里没有指标“{code}”。"),
                N_("是否应为“{near}”？") if near else N_("请对照指标体系的代码。"),
                warning=True, code=code[:60], near=near[0] if near else "",
            )  # fmt: skip
            return
        method = method_of(settings_row(self.form.book).get("method"))
        if method and node.methods and method not in node.methods:
            self.fault(
                "other-method", "indicator",
                N_("指标“{code}”在体系里不由“{method}”采集。"),
                N_("请检查指标代码，或在体系里加上这种采集方式。"),
                warning=True, code=code, method=method_name(method),
            )  # fmt: skip

    def score_rule(self) -> None:
        text = self.item.text("score_rule")
        across = self.item.text("across_visits")
        if across and words.ACROSS_WORDS.get(across, across) not in ACROSS:
            self.fault(
                "bad-across", "across_visits", N_("多次汇总“{text}”不认识。"),
                N_("可以写：{known}。"), text=across[:60], known=", ".join(ACROSS),
            )  # fmt: skip
        if across and not text:
            self.fault(
                "across-alone", "across_visits", N_("有多次汇总，但没有计分规则。"),
                N_("请填写计分规则，或清空这一格。"), warning=True,
            )  # fmt: skip
        if not text:
            return
        try:
            rule = parse(text)
        except ScoreRuleError as error:
            self.fault("bad-rule", "score_rule", error.what, error.mend, **error.facts)
            return
        self.rule_fits(rule)

    def rule_fits(self, rule: ScoreRule) -> None:
        """Whether the rule suits the kind of question and its choices."""
        item = self.item
        names = self.form.choices(item) if item.kind in SELECTS else []
        if rule.kind == "value" and not self.is_number(names):
            self.fault(
                "value-of-text", "score_rule",
                N_("value 只能用在数字题上，这道题是 {kind}。"),
                N_("选择题请用 table，例如 table: {example}。"),
                kind=item.kind,
                example="; ".join(f"{name}={100 if not at else 0}" for at, name in
                                  enumerate(names[:3] or ["yes", "no"])),
            )  # fmt: skip
        elif rule.kind == "table":
            self.table(rule, names)
        elif rule.kind == "checklist":
            self.checklist(names)
        elif rule.kind == "minutes" and not (item.text("timer") and item.kind in TIMED):
            self.fault(
                "minutes-without-timer", "score_rule",
                N_("minutes 只能用在计时题上：数字题，并在“计时步骤”列写了步骤代码。"),
                N_("请填写计时步骤，或改为 value。"),
            )  # fmt: skip
        for name in rule.names:
            self.named(rule.kind, name)

    def is_number(self, names: list[str]) -> bool:
        if self.item.kind in NUMBERS or self.item.kind == "calculate":
            return True
        return (
            self.item.kind == "select_one"
            and bool(names)
            and all(number(name) is not None for name in names)
        )

    def table(self, rule: ScoreRule, names: list[str]) -> None:
        item = self.item
        if item.kind == "calculate":
            return
        if item.kind != "select_one":
            self.fault(
                "table-of-other", "score_rule",
                N_("table 只能用在单选题上，这道题是 {kind}。"),
                N_("多选题请用 checklist，数字题请用 value。"), kind=item.kind,
            )  # fmt: skip
            return
        missing = [name for name in names if name not in rule.table]
        extra = [name for name in rule.table if name not in names]
        if missing:
            self.fault(
                "table-missing", "score_rule",
                N_("对照表里没有选项 {names}：答这些选项时没有值。"),
                N_("请补上，不适用写 NA。"), names=", ".join(missing[:10]),
            )  # fmt: skip
        if extra and names:
            near = get_close_matches(extra[0], names, 1, 0.5)
            self.fault(
                "table-extra", "score_rule",
                N_("对照表里的 {names} 不是这道题的选项。"),
                N_("是否应为“{near}”？") if near else N_("请改为列表里的选项名。"),
                names=", ".join(extra[:10]), near=near[0] if near else "",
            )  # fmt: skip

    def checklist(self, names: list[str]) -> None:
        if self.item.kind != "select_multiple":
            self.fault(
                "checklist-of-other", "score_rule",
                N_("checklist 只能用在多选题上，这道题是 {kind}。"),
                N_("单选题请用 table。"), kind=self.item.kind,
            )  # fmt: skip
        elif names and not NOT_COUNTED.intersection(names) - {"other", "na"}:
            self.fault(
                "checklist-none", "score_rule",
                N_("清单没有“都没有”的选项：一项都没有勾选时，分不清是没做到还是没回答。"),
                N_("请在列表里加选项 none（都没有）。"), warning=True,
            )  # fmt: skip

    def named(self, kind: str, name: str) -> None:
        other = self.form.by_name.get(name)
        if other is None:
            near = get_close_matches(name, self.form.by_name, 1, 0.5)
            self.fault(
                "rule-unknown-name", "score_rule", N_("计分规则里的“{name}”不是题目名称。"),
                N_("是否应为“{near}”？") if near else N_("请检查“名称”列。"),
                name=name[:60], near=near[0] if near else "",
            )  # fmt: skip
        elif kind == "sum" and other.kind not in NUMBERS | {"calculate"}:
            self.fault(
                "sum-of-text", "score_rule", N_("“{name}”不是数字题，不能合计。"),
                N_("请改为数字题的名称。"), name=name,
            )  # fmt: skip
        elif kind == "count" and other.kind not in COUNTED:
            self.fault(
                "count-of-other", "score_rule",
                N_("“{name}”是 {kind}，count 只数单选、确认、数字和计算题。"),
                N_("请改为这些题的名称。"), name=name, kind=other.kind,
            )  # fmt: skip
