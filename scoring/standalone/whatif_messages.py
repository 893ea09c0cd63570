"""What a question of what-if may be refused for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

# code of a Problem → what is wrong, how to mend it
MESSAGES: Mapping[str, tuple[str, str]] = {
    "city-unknown": (N_("数据里没有城市“{value}”。"), N_("请核对城市代码。")),
    "city-not-ranked": (
        N_("城市“{value}”不参与排名，没有名次可达。"),
        N_("请另选一个参与排名的城市。"),
    ),
    "indicator-unknown": (N_("框架里没有指标“{value}”。"), N_("请核对指标代码。")),
    "not-an-indicator": (
        N_("“{value}”有下级，得分由下级汇总，不能直接改值。"),
        N_("请改它下级的指标。"),
    ),
    "not-finite": (N_("“{path}”的值不是有限的数：{value}。"), N_("请填一个普通的数。")),
    "node-unknown": (N_("框架里没有“{value}”。"), N_("请核对代码。")),
    "index-has-no-share": (
        N_("“{path}”是总指数，没有同级，不能改权重。"),
        N_("请改它下级的权重。"),
    ),
    "share-out-of-range": (
        N_("“{path}”在同级中的权重应在 0 到 1 之间，这里是 {value}。"),
        N_("例如 0.25 表示占同级的四分之一。"),
    ),
    "shares-over-one": (
        N_("“{path}”的下级权重合计 {value:g}，超过 1。"),
        N_("请减小其中一些。"),
    ),
    "shares-not-one": (
        N_("“{path}”的下级权重合计 {value:g}，不是 1，又没有其他下级可以分担。"),
        N_("请使合计为 1，或留出一个不指定。"),
    ),
    "no-such-rank": (
        N_("没有第 {value} 名：参与排名且有得分的城市有 {ranked} 个。"),
        N_("请填 1 到 {ranked} 之间的整数。"),
    ),
    "effort-not-positive": (
        N_("“{path}”的投入应大于 0，这里是 {value}。"),
        N_("请填正数。"),
    ),
    "not-first-level": (
        N_("“{value}”不是一级指标，这里不能改它的权重。"),
        N_("请使用页面上的一级指标。"),
    ),
    "weight-out-of-range": (
        N_("“{path}”的权重应在 0 到 {most:g} 之间，这里是 {value:g}。"),
        N_("请改正，或恢复原来的权重。"),
    ),
    "weights-all-zero": (
        N_("权重全是 0，无法计分。"),
        N_("请至少给一项大于 0 的权重。"),
    ),
}
