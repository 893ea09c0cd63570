"""What a form that converts would do differently on other phones, or here on the server."""

from __future__ import annotations

from evaluation.platform.i18n import N_
from surveys.forms import logic
from surveys.forms import vocabulary as words
from surveys.forms.outline import Outline

RULES = {
    "relevant": "relevant",
    "constraint": "constraint",
    "calculate": "calculation",
    "required": "required",
}
#: What is at fault → what happens, and what to write instead.
SAYINGS: tuple[tuple[str, str, str], ...] = (
    ("substring(", N_("ODK Collect 没有 substring()，这条规则在手机上会失败。"),
     N_("请改用 substr()：从 0 数起，不含末位。")),
    ("ceiling(", N_("ODK Collect 没有 ceiling()，这条规则在手机上会失败。"),
     N_("请改写为 -int(-x)。")),
    ("floor(", N_("ODK Collect 没有 floor()，这条规则在手机上会失败。"), N_("请改用 int()。")),
    ("last(", N_("ODK Collect 没有 last()，这条规则在手机上会失败。"), N_("请改用 count()。")),
    ("regex", N_("这个正则没有写全首尾：手机要求整个答案相符，浏览器只要求一部分相符。"),
     N_("请写成 '^(…)$'。")),
    ("distance(", N_("距离在不同程序里的小数不同，与界限比较时结果可能不同。"),
     N_("请写 round(distance(…), 0)。")),
    ("area(", N_("面积在不同程序里算法不同。"), N_("请写 round(area(…), 0)，并留出余地。")),
    ("boolean-from-string(", N_("大小写在不同程序里处理不同。"), N_("请写小写的 'true'。")),
    ("positional predicate", N_("[n] 在 ODK Collect 里取不到任何值。"),
     N_("请写 [position() = n]。")),
    ("ancestor", N_("ODK Collect 只支持下一级路径，这里取不到任何值。"), N_("请改用 ${{名称}}。")),
)  # fmt: skip


def check(form: Outline, xform: str) -> None:
    """Warn of rules that phones, browsers and this server do not run alike."""
    items = {item.path: item.row for item in form.items}
    items |= {group.path: group.row for group in form.groups}
    for issue in logic.portability(xform):
        row = items.get(issue["path"].replace("[1]", ""))
        if row is None:
            continue
        said = f"{issue['construct']} {issue['expression']} {issue['effect']}"
        what, mend = next(
            ((what, mend) for sign, what, mend in SAYINGS if sign in said),
            (N_("“{construct}”在 {breaks} 上结果不同。"), N_("建议写：{suggestion}")),
        )
        form.book.fault(
            "portability", words.SURVEY, row, RULES.get(issue["rule"], "relevant"), what, mend,
            warning=True, facts=issue,
        )  # fmt: skip
    for path, rule in logic.unevaluated(xform).items():
        row = items.get(path)
        if row is None:
            continue
        column = next(
            (key for key in ("calculation", "relevant", "constraint") if row.get(key)), ""
        )
        form.book.fault(
            "not-rechecked", words.SURVEY, row, RULES.get(rule, column),
            N_("手机会执行这条规则，但服务器不能复核它，审核时只能人工核对。"),
            N_("请换一种写法；评分要用的题不要依赖它。"), warning=True,
        )  # fmt: skip
