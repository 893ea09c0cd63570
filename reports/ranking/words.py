"""Words for the keys and values of an executed method; one that is unknown is shown as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation.platform.i18n import N_
from reports.model import Joined, Phrase, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLON = Phrase(N_("："))
STEPS = {
    "impute": N_("缺失值处理"),
    "treat": N_("异常值处理"),
    "normalise": N_("标准化"),
    "aggregate": N_("加权汇总"),
    "rank": N_("排名"),
    "uncertainty": N_("不确定性"),
    "input": N_("输入"),
}
RULES = {
    "method": N_("方法"),
    "group": N_("分组列"),
    "empty_group": N_("组内无数据时"),
    "not_applicable": N_("不适用"),
    "max_points": N_("最多调整点数"),
    "skew": N_("偏度阈值"),
    "kurtosis": N_("峰度阈值"),
    "then": N_("仍不合格时"),
    "lower": N_("下限"),
    "upper": N_("上限"),
    "mean": N_("均值"),
    "sd": N_("标准差"),
    "reference": N_("参照单位"),
    "clip": N_("超出上下限时截断"),
    "without_goalposts": N_("无目标区间的指标"),
    "constant": N_("各单位数值全同的指标"),
    "reference_set": N_("统计范围"),
    "levels": N_("自下而上各层方法"),
    "power": N_("幂"),
    "threshold": N_("最低数据覆盖率"),
    "floor": N_("几何平均前抬升至"),
    "missing": N_("下级缺失时"),
    "zero": N_("零分"),
    "ties": N_("并列名次"),
    "decimals": N_("排名前保留小数位"),
    "order": N_("次序"),
    "rounding": N_("取舍"),
    "no_score": N_("无得分的单位"),
    "draws": N_("模拟次数"),
    "seed": N_("随机种子"),
    "vary": N_("变动的环节"),
    "weight_spread": N_("权重变动幅度"),
    "weight_levels": N_("变动权重的层级"),
    "normalise": N_("备选标准化方法"),
    "aggregate": N_("备选汇总方法"),
    "treat_points": N_("异常值调整点数范围"),
    "by_indicator": N_("单独规定的指标"),
    "no_spread": N_("各单位数值全同"),
    "reversed": N_("最大值为负，方向颠倒"),
    "zero_when_missing": N_("缺失计零的个数"),
    "cities": N_("参评单位数"),
    "ranked": N_("参加排名的单位数"),
    "failed": N_("失败次数"),
    "generator": N_("随机数发生器"),
    "scale": N_("模拟用标度"),
    "interval": N_("区间"),
}
VALUES = {
    "none": N_("不处理"),
    "mean": N_("均值"),
    "median": N_("中位数"),
    "group-mean": N_("组均值"),
    "group-median": N_("组中位数"),
    "winsorise": N_("缩尾"),
    "log": N_("取对数"),
    "mirrored-log": N_("镜像取对数"),
    "goalposts": N_("固定目标区间（前沿距离）"),
    "minmax": N_("极差标准化"),
    "zscore": N_("标准分"),
    "scaled": N_("比例缩放"),
    "percentile-rank": N_("百分位名次"),
    "borda": N_("波达计分"),
    "distance-to-max": N_("与最大值的距离"),
    "distance-to-target": N_("与目标值的距离"),
    "distance-to-reference": N_("与参照单位的距离"),
    "fraction-of-max": N_("占最大值的比例"),
    "arithmetic": N_("加权算术平均"),
    "geometric": N_("加权几何平均"),
    "harmonic": N_("加权调和平均"),
    "generalised": N_("广义平均"),
    "copeland": N_("科普兰两两比较"),
    "refuse": N_("拒绝计算"),
    "midpoint": N_("取中点"),
    "upper": N_("取上限"),
    "missing": N_("作缺失"),
    "overall": N_("用全体数值"),
    "all": N_("全部参评单位"),
    "ranked": N_("参加排名的单位"),
    "zero": N_("计零分"),
    "weights": N_("权重"),
    "normalise": N_("标准化"),
    "aggregate": N_("汇总"),
    "treat": N_("异常值处理"),
    "descending": N_("得分由高到低"),
    "not ranked": N_("不排名"),
    "half-up": N_("四舍五入"),
    "5th to 95th percentile of the rank": N_("名次的第 5 至第 95 百分位"),
    "gives zero": N_("结果为零"),
    "never imputed; its weight goes to its siblings": N_("不插补，权重分配给同级指标"),
    "weights redistribute over what is present": N_("权重按比例分配给有得分的同级指标"),
}
TIES = {
    "min": N_("并列取最前名次（1、1、3）"),
    "max": N_("并列取最后名次（2、2、3）"),
    "average": N_("并列取平均名次（1.5、1.5、3）"),
    "dense": N_("并列不占后续名次（1、1、2）"),
}
RANK_VALUES = {"rank": N_("名次")}


def method_lines(method: Mapping[str, Any]) -> Iterator[tuple[str, Text, Text, Text]]:
    """Key, step, rule and value of everything that the executed configuration says."""
    for step, rules in method.items():
        named = Phrase(STEPS[step]) if step in STEPS else str(step)
        if not isinstance(rules, dict):
            yield step, named, "", _said("", rules)
            continue
        if step == "uncertainty" and not rules.get("draws"):
            yield step, named, Phrase(RULES["method"]), Phrase(N_("未做模拟"))
            continue
        for rule, value in rules.items():
            if value is None or value in ([], (), {}):
                continue
            if rule == "executed":
                for key, line in value.items():
                    title = Joined((Phrase(N_("实际执行")), _rule(key)), COLON)
                    yield f"{step}.executed.{key}", named, title, _said(key, line)
                continue
            if rule == "by_indicator":
                for code, own in value.items():
                    title = Joined((_rule(rule), code), COLON)
                    yield f"{step}.{rule}.{code}", named, title, _said("method", own)
                continue
            yield f"{step}.{rule}", named, _rule(rule), _said(rule, value)


def _rule(rule: str) -> Text:
    return Phrase(RULES[rule]) if rule in RULES else str(rule)


def _key(key: str) -> Text:
    """A key of a nested record: a rule, a method that was drawn, or a code."""
    return Phrase(RULES[key]) if key in RULES else _said("method", key)


def _said(rule: str, value: Any) -> Text:
    if isinstance(value, bool):
        return Phrase(N_("是") if value else N_("否"))
    if isinstance(value, list | tuple):
        return Joined(tuple(_said(rule, item) for item in value))
    if isinstance(value, dict):
        return Joined(
            tuple(Joined((_key(key), _said(key, item)), COLON) for key, item in value.items())
        )
    if isinstance(value, str):
        words = TIES if rule == "ties" else RANK_VALUES | VALUES
        return Phrase(words[value]) if value in words else value
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
