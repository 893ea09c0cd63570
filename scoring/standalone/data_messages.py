"""What the data steps refuse, in people's words: denominate, impute, screen, trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

# code of a Problem → what is wrong, how to mend it
DATA_MESSAGES: Mapping[str, tuple[str, str]] = {
    "no-denominator": (
        N_("指标“{path}”要除以“{column}”，没有这一列。"),
        N_("请补上这一列，或改正框架里的分母（denominator）。"),
    ),
    "denominator-zero": (
        N_("城市“{city}”的分母“{column}”是 {value}，指标“{path}”不能除以它。"),
        N_('请改正这个数；要作为没有数据处理，请设 denominate.zero = "missing"。'),
    ),
    "denominator-missing": (
        N_("城市“{city}”没有分母“{column}”，指标“{path}”无法计算。"),
        N_('请补上这个数；要作为没有数据处理，请设 denominate.missing = "missing"。'),
    ),
    "no-periods": (
        N_("缺失规则“{rule}”要用其他期次的数据，这里没有。"),
        N_("请在指标值表里加上“期次”（period）列和往期各行，或换一种缺失规则。"),
    ),
    "period-twice": (N_("同一期次出现两次：{periods}。"), N_("每个期次只能有一份。")),
    "unknown-cities": (
        N_("“{path}”里有数据中没有的城市：{cities}。"),
        N_("请改正城市代码，或从名单里删除。"),
    ),
    "kept-and-dropped": (
        N_("这些城市既在 screen.keep 又在 screen.drop 里：{cities}。"),
        N_("请只留在一个名单里。"),
    ),
    "nobody-left": (
        N_("筛选之后，{count} 个城市一个也不剩。"),
        N_("请放宽 screen.least_present、screen.least_nonzero，或用 screen.keep 保留城市。"),
    ),
    "no-such-city": (N_("没有城市“{path}”。"), N_("只能是：{allowed}。")),
    "no-such-indicator": (N_("没有指标“{path}”。"), N_("只能是：{allowed}。")),
}

# reason in a sheet's ``unscored`` → what is said of the city
UNSCORED: Mapping[str, str] = {
    "dropped": N_("城市“{city}”没有评分：按方法文件的名单剔除。"),
    "too-few-values": N_("城市“{city}”没有评分：有数据的指标占 {share}，要求至少 {least}。"),
    "too-few-nonzero": N_("城市“{city}”没有评分：非零的数据占 {share}，要求至少 {least}。"),
    "no-values": N_("城市“{city}”没有评分：没有任何数据。"),
    "no-score": N_("城市“{city}”没有评分：有数据的指标不足以得出总分。"),
}
