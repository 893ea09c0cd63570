"""A framework's method in words: each key and value as people say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.framework.method_cells import flatten
from evaluation.platform.i18n import N_, _

KEYS = {
    "impute.method": N_("缺失值"),
    "impute.group": N_("按哪一列分组填补"),
    "impute.empty_group": N_("整组缺失时"),
    "impute.value": N_("填补用的固定值"),
    "screen.method": N_("数据太少的单位"),
    "screen.least_present": N_("有数据的指标至少占多少"),
    "screen.least_nonzero": N_("非零的数据至少占多少"),
    "screen.before": N_("在哪一步之前筛选"),
    "screen.keep": N_("一律保留的单位"),
    "screen.drop": N_("一律剔除的单位"),
    "treat.method": N_("异常值"),
    "treat.max_points": N_("最多缩尾几个点"),
    "treat.skew": N_("偏度超过多少才处理"),
    "treat.kurtosis": N_("峰度超过多少才处理"),
    "treat.then": N_("缩尾不够时"),
    "treat.power": N_("变换的幂"),
    "normalise.method": N_("标准化"),
    "normalise.lower": N_("标准化下限"),
    "normalise.upper": N_("标准化上限"),
    "normalise.clip": N_("超出两端时截断"),
    "normalise.reference": N_("参照单位"),
    "normalise.reference_set": N_("以哪些单位为参照"),
    "normalise.without_goalposts": N_("没有最优、最差值时"),
    "normalise.constant": N_("各单位全部相同时"),
    "aggregate.method": N_("合成"),
    "aggregate.levels": N_("各层合成（由下而上）"),
    "aggregate.power": N_("广义平均的幂"),
    "aggregate.threshold": N_("至少要有多大比例的下级得分"),
    "aggregate.floor": N_("合成前的最低得分"),
    "rank.ties": N_("并列名次"),
    "rank.decimals": N_("排名前四舍五入到几位小数"),
    "uncertainty.draws": N_("不确定性抽样次数"),
    "uncertainty.spread": N_("权重浮动幅度"),
    "uncertainty.seed": N_("随机种子"),
}

CURVES = {
    "log": N_("取对数"),
    "mirrored-log": N_("取对数，负偏时从上端算起"),
    "box-cox": N_("Box–Cox 变换"),
    "mirrored-box-cox": N_("Box–Cox 变换，负偏时从上端算起"),
}
VALUES = {
    "impute.method": {
        "none": N_("不填补，权重由同级其他指标按比例分担"),
        "mean": N_("用各单位平均值填补"),
        "median": N_("用各单位中位数填补"),
        "group-mean": N_("用同组平均值填补"),
        "group-median": N_("用同组中位数填补"),
        "siblings-mean": N_("用本单位同级指标的平均水平填补"),
        "siblings-median": N_("用本单位同级指标的中位水平填补"),
        "constant": N_("用固定值填补"),
    },
    "screen.method": {
        "none": N_("照样评分"),
        "missing": N_("缺失过多的不评分"),
        "zeros": N_("零值过多的不评分"),
        "both": N_("缺失或零值过多的不评分"),
    },
    "screen.before": {"impute": N_("缺失值"), "treat": N_("异常值")},
    "treat.method": {"none": N_("不处理"), "winsorise": N_("缩尾")} | CURVES,
    "treat.then": {"none": N_("不处理")} | CURVES,
    "normalise.method": {
        "goalposts": N_("前沿距离：按最优值、最差值换算为得分"),
        "minmax": N_("极差法：按各单位的最大、最小值换算"),
        "zscore": N_("标准分"),
        "scaled": N_("线性换算"),
        "rank": N_("名次"),
        "percentile-rank": N_("百分位"),
        "borda": N_("博尔达计分"),
        "distance-to-max": N_("与最大值的距离"),
        "distance-to-target": N_("与目标值的距离"),
        "distance-to-reference": N_("与参照单位的距离"),
        "fraction-of-max": N_("占最大值的比例"),
        "none": N_("不换算"),
    },
    "normalise.reference_set": {"all": N_("全部参评单位"), "ranked": N_("只用参加排名的单位")},
    "normalise.without_goalposts": {"minmax": N_("改用极差法"), "refuse": N_("拒绝评分")},
    "normalise.constant": {
        "midpoint": N_("都得中间分"),
        "upper": N_("都得满分"),
        "missing": N_("按缺失处理"),
    },
    "aggregate.method": {
        "arithmetic": N_("加权算术平均"),
        "geometric": N_("加权几何平均"),
        "harmonic": N_("加权调和平均"),
        "generalised": N_("广义平均"),
        "copeland": N_("两两比较（科普兰）"),
    },
    "rank.ties": {
        "min": N_("并列取靠前的名次（1、2、2、4）"),
        "max": N_("并列取靠后的名次（1、3、3、4）"),
        "average": N_("并列取平均名次"),
        "dense": N_("并列不占位（1、2、2、3）"),
    },
}

#: What holds when the framework says nothing.
DEFAULTS: dict[str, str] = {
    "impute.method": "none",
    "normalise.method": "goalposts",
    "aggregate.method": "arithmetic",
    "rank.ties": "min",
}


def method_words(method: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Rows of name, value in words and key; the four main policies are always there."""
    given = dict(flatten(method))
    rows = {**{key: given.get(key, value) for key, value in DEFAULTS.items()}, **given}
    return [(_(KEYS[key]) if key in KEYS else key, _said(key, rows[key]), key) for key in rows]


def _said(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    words = VALUES.get(key, {})
    if isinstance(value, str):
        return _(words[value]) if value in words else value
    return f"{value:.10g}"
