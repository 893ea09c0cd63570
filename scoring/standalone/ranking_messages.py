"""What the weights, challengers, grades and adjustments of a method may be refused for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "tables": N_("应是若干节，每节以双方括号标题开头。"),
    "comparison": N_("应是 [代码, 代码, 倍数]。"),
    "matrix": N_("应是方阵，每行写在方括号里。"),
    "mapping": N_("应是代码与数的对应表，写在花括号里。"),
}

# code of a Problem → what is wrong, how to mend it
MESSAGES: Mapping[str, tuple[str, str]] = {
    "city-not-there": (
        N_("“{path}”里的城市“{value}”不在数据里。"),
        N_("请改正城市代码，或删除这一条。"),
    ),
    "listed-twice": (
        N_("“{path}”里“{value}”出现了两次。"),
        N_("每个只写一次。"),
    ),
    "limits-count": (
        N_("“{path}”有 {value} 个界限，{names} 个档次应有 {expected} 个。"),
        N_("请比档次名称少写一个；自然断点法不写。"),
    ),
    "limits-order": (
        N_("“{path}”的界限次序不对：{value}。"),
        N_("按得分分档从高到低写，按名次或比例分档从小到大写。"),
    ),
    "no-such-level": (
        N_("“{path}”里的第 {value} 级不存在，指标树从指标到总指数有 {height} 级。"),
        N_("1 是最下级。"),
    ),
    "judgement-form": (
        N_("“{path}”缺少判断，应写 {expected}。"),
        N_("每条判断只写一种形式。"),
    ),
    "judgement-parent": (
        N_("“{path}”的上级“{value}”没有下级指标。"),
        N_("请改正上级代码（parent）。"),
    ),
    "judgement-not-positive": (
        N_("“{path}”里“{first}”对“{second}”的判断不能是 {value}。"),
        N_("两两比较须是正数，自己与自己比是 1。"),
    ),
    "compared-twice": (
        N_("“{path}”里“{first}”和“{second}”比较了两次。"),
        N_("每一对只写一次。"),
    ),
    "not-compared": (
        N_("“{path}”里没有比较“{first}”和“{second}”。"),
        N_("请补上这一对。"),
    ),
    "not-reciprocal": (
        N_("“{path}”里“{first}”对“{second}”与“{second}”对“{first}”不互为倒数。"),
        N_("请改正其中一个。"),
    ),
    "not-a-child": (
        N_("“{path}”里的“{value}”不是这个上级的下级。"),
        N_("可用的代码：{allowed}。"),
    ),
    "not-judged": (
        N_("“{path}”没有“{value}”的判断。"),
        N_("请补上这一项。"),
    ),
    "judgement-range": (
        N_("“{path}”里“{value}”的判断不在 1 到 9 之间。"),
        N_("请用 1（同等重要）到 9（极其重要）。"),
    ),
    "judgement-self": (
        N_("“{path}”里“{value}”自己与自己比应是 1，而且别的判断不能超过最重要对最不重要。"),
        N_("请检查最重要和最不重要的各是哪一个。"),
    ),
    "judgement-widest": (
        N_("“{path}”里最重要对最不重要（“{value}”）的判断在两处不一致。"),
        N_("两处应是同一个数。"),
    ),
    "inconsistent": (
        N_(
            "“{path}”的判断不一致：一致性比率 {ratio}，上限 {limit}。最不协调的是"
            "“{first}”“{second}”“{third}”："
            "前两次比较推出“{first}”对“{third}”约为 {implied}，写的是 {stated}。"
        ),
        N_("请改正这三次比较之一；确要使用，把 weights.inconsistent 设为 flag。"),
    ),
    "too-few-cities": (
        N_("“{path}”的下级只有 {value} 个城市有得分，由数据定权至少要 {least} 个。"),
        N_("请补数据，或对这一级用给定的权重（weights.levels）。"),
    ),
    "scores-not-positive": (
        N_("“{path}”的下级得分有 {value}，{weighting} 定权没有定义。"),
        N_("请用正的标度，例如设 normalise.lower = 1，或换一种定权方法。"),
    ),
}
