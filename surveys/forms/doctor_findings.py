"""The doctor looks at what makes findings of answers: evidence, measures, failures, timers."""

from __future__ import annotations

from difflib import get_close_matches

from evaluation.framework.tree import Framework
from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.doctor_own import OwnColumns
from surveys.forms.doctor_scoring import TIMED
from surveys.forms.document import MEDIA, NUMBERS, SELECTS
from surveys.forms.drafting import names_in
from surveys.forms.outline import Outline
from surveys.forms.score_rules import ScoreRuleError, condition, number

MEASURES = 25


def check(form: Outline, framework: Framework | None = None) -> None:
    """Note every fault of the columns that findings, integrity and timings come from."""
    steps = {row.get("code") for row in form.book[words.SCRIPT].rows if row.get("code")}
    for item in form.items:
        _Findings(form, item, framework).look(steps)


class _Findings(OwnColumns):
    """What turns one question into a finding."""

    def look(self, steps: set[str]) -> None:
        self.evidence()
        self.measure()
        self.severity()
        self.failure()
        self.integrity()
        self.timer(steps)

    def evidence(self) -> None:
        for name in names_in(self.item.text("evidence")):
            other = self.form.by_name.get(name)
            if other is None:
                near = get_close_matches(
                    name, [each.name for each in self.form.items if each.kind in MEDIA], 1, 0.4
                )
                self.fault(
                    "unknown-evidence", "evidence", N_("佐证“{name}”不是题目名称。"),
                    N_("是否应为“{near}”？") if near else N_(
                        "请写照片、录音等题的名称，用逗号隔开。"),
                    name=name[:60], near=near[0] if near else "",
                )  # fmt: skip
            elif other.kind not in MEDIA:
                self.fault(
                    "evidence-not-media", "evidence",
                    N_("佐证“{name}”是 {kind}，不是照片、录音、录像、文件或签名。"),
                    N_("请写这些题的名称。"), name=name, kind=other.kind,
                )  # fmt: skip
            elif other.repeat is not None and other.repeat is not self.item.repeat:
                self.fault(
                    "evidence-elsewhere", "evidence",
                    N_("佐证“{name}”在另一个循环里，对不上是哪一次。"),
                    N_("请把它移到同一个循环里。"), name=name,
                )  # fmt: skip

    def measure(self) -> None:
        text, department = self.item.text("measure"), self.item.text("department")
        if not text:
            return
        found = number(text)
        measures = self.framework.measures if self.framework is not None else ()
        known = {measure.no for measure in measures}
        if found is None or not found.is_integer() or not 1 <= found <= MEASURES:
            self.fault(
                "bad-measure", "measure", N_("整改措施“{text}”应是 1 至 {most} 的编号。"),
                N_("请写措施编号，例如 4。"), text=text[:60], most=MEASURES,
            )  # fmt: skip
        elif known and int(found) not in known:
            self.fault(
                "unknown-measure", "measure", N_("最新的指标体系里没有第 {no} 条整改措施。"),
                N_("请对照指标体系的措施编号。"), warning=True, no=int(found),
            )  # fmt: skip
        if not department:
            self.fault(
                "no-department", "department",
                N_("有整改措施，但没有责任部门：问题派不下去。"), N_("请填写责任部门。"),
                warning=True,
            )  # fmt: skip
        if not self.item.text("fails_when"):
            self.fault(
                "measure-alone", "fails_when",
                N_("有整改措施，但没有不合格条件：永远不会产生问题。"),
                N_("请填写，例如 no，或 > 30。"), warning=True,
            )  # fmt: skip

    def severity(self) -> None:
        text = self.item.text("severity")
        if text and words.SEVERITY_WORDS.get(text, text) not in words.SEVERITIES:
            self.fault(
                "bad-severity", "severity", N_("严重程度“{text}”不认识。"),
                N_("请写 low、medium 或 high。"), text=text[:60],
            )  # fmt: skip

    def failure(self) -> None:
        text = self.item.text("fails_when")
        if not text:
            return
        try:
            when = condition(text)
        except ScoreRuleError as error:
            self.fault("bad-condition", "fails_when", error.what, error.mend, **error.facts)
            return
        if self.item.kind in SELECTS:
            for name in sorted(when.names or {when.against}):
                if when.sign in ("", "=", "!=") or number(name) is None:
                    self.choice("fails-unknown-choice", "fails_when", name)
        elif self.item.kind in NUMBERS and (when.names or number(when.against) is None):
            self.fault(
                "fails-not-number", "fails_when",
                N_("数字题的不合格条件应与数字比较，这里是“{text}”。"), N_("例如 > 30。"),
                text=text[:60],
            )  # fmt: skip
        elif self.item.kind in MEDIA | {"note"}:
            self.fault(
                "fails-on-media", "fails_when", N_("{kind} 没有可以判断的答案。"),
                N_("请把不合格条件写在选择题或数字题上。"), kind=self.item.kind,
            )  # fmt: skip

    def integrity(self) -> None:
        text = self.item.text("integrity")
        if text and self.item.kind in SELECTS:
            for name in names_in(text):
                self.choice("integrity-unknown-choice", "integrity", name)
        elif text and self.item.kind not in NUMBERS | {"text"}:
            self.fault(
                "integrity-kind", "integrity", N_("{kind} 不能作诚信题。"),
                N_("请用单选题，问一件并不存在的事。"), kind=self.item.kind,
            )  # fmt: skip

    def choice(self, code: str, key: str, name: str) -> None:
        names = self.form.choices(self.item)
        if not names or name in names:
            return
        near = get_close_matches(name, names, 1, 0.5)
        self.fault(
            code, key, N_("“{name}”不是这道题的选项（有 {shown}）。"),
            N_("是否应为“{near}”？") if near else N_("请改为列表里的选项名。"),
            name=name[:60], shown=", ".join(names[:8]), near=near[0] if near else "",
        )  # fmt: skip

    def timer(self, steps: set[str]) -> None:
        code = self.item.text("timer")
        if not code:
            return
        if code not in steps:
            near = get_close_matches(code, steps, 1, 0.5)
            self.fault(
                "unknown-step", "timer", N_("“脚本”工作表里没有步骤“{code}”。"),
                N_("是否应为“{near}”？") if near else N_("请在“脚本”工作表加上这一步。"),
                code=code[:60], near=near[0] if near else "",
            )  # fmt: skip
        if self.item.kind not in TIMED:
            self.fault(
                "timer-kind", "timer", N_("计时步骤只能写在整数或小数题上，这道题是 {kind}。"),
                N_("请把题型改为 decimal：答案是分钟数。"), kind=self.item.kind,
            )  # fmt: skip
        elif self.item.repeat is not None:
            self.fault(
                "timer-in-repeat", "timer", N_("循环里的题不能计时。"), N_("请把它移到循环外。")
            )
