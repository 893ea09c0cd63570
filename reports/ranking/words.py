"""Words for the keys and values of an executed method; one that is unknown is shown as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation.platform.i18n import N_
from reports.model import Joined, Phrase, Text
from reports.ranking import uncertainty_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLON = Phrase(N_("："))
STEPS = {
    "denominate": N_("除以分母"),
    "impute": N_("缺失值处理"),
    "screen": N_("单位筛选"),
    "treat": N_("异常值处理"),
    "normalise": N_("标准化"),
    "weights": N_("权重"),
    "aggregate": N_("加权汇总"),
    "rank": N_("排名"),
    "adjust": N_("加减分与红黑榜"),
    "grades": N_("分档"),
    "challengers": N_("参照排名"),
    "uncertainty": N_("不确定性"),
    "sensitivity": N_("敏感性"),
    "input": N_("输入"),
}
RULES = {
    "method": N_("方法"),
    "group": N_("分组列"),
    "empty_group": N_("组内无数据时"),
    "not_applicable": N_("不适用"),
    "value": N_("填充值"),
    "period": N_("期次"),
    "max_age": N_("最多相隔几期"),
    "extrapolate": N_("只有一侧有值时"),
    "without_values": N_("没有任何数据的指标"),
    "column": N_("分母列"),
    "per": N_("每"),
    "made_missing": N_("因分母无效而缺失的个数"),
    "least_present": N_("有数据的指标至少占"),
    "least_nonzero": N_("非零数据至少占"),
    "before": N_("筛选在哪一步之前"),
    "keep": N_("一律保留的单位"),
    "drop": N_("一律剔除的单位"),
    "left_out": N_("剔除的单位"),
    "indicators": N_("达不到同样要求的指标"),
    "reason": N_("原因"),
    "share": N_("占比"),
    "least": N_("至少"),
    "present": N_("有数据的占比"),
    "nonzero": N_("非零的占比"),
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
    "judgements": N_("判断"),
    "join": N_("多人判断的合并"),
    "consistency": N_("一致性比率上限"),
    "inconsistent": N_("判断不一致时"),
    "advisory": N_("仅供参考的权重"),
    "executed": N_("执行的权重"),
    "families": N_("各组定权记录"),
    "consistency_ratio": N_("一致性比率"),
    "judges": N_("判断人数"),
    "items": N_("加扣分事项数"),
    "item_caps": N_("单项限额"),
    "bonus_cap": N_("加分限额"),
    "deduction_cap": N_("扣分限额"),
    "total_cap": N_("合计限额"),
    "beyond": N_("超出分值上下限时"),
    "lists": N_("红黑榜"),
    "by": N_("分档依据"),
    "names": N_("档次名称"),
    "limits": N_("档次界限"),
    "boundary": N_("恰在界限上的归"),
    "methods": N_("排名方法"),
    "vikor_v": N_("群体效用的权重"),
    "preference_function": N_("偏好函数"),
    "indifference": N_("无差别阈值"),
    "preference": N_("严格偏好阈值"),
    "reversals": N_("次序稳定性检验"),
    **uncertainty_words.RULES,
}
VALUES = {
    **uncertainty_words.VALUES,
    "given": N_("给定权重"),
    "judgements": N_("各判断的几何平均"),
    "priorities": N_("各人权重的几何平均"),
    "flag": N_("照用并注明"),
    "cap": N_("截到上下限"),
    "allow": N_("允许"),
    "usual": N_("有差即优"),
    "linear": N_("按差距成比例"),
    "nearest": N_("四舍五入"),
    "equal": N_("等权"),
    "entropy": N_("熵权法"),
    "critic": N_("CRITIC 法"),
    "merec": N_("MEREC 法"),
    "standard-deviation": N_("标准差法"),
    "gini": N_("基尼系数法"),
    "ahp": N_("层次分析法"),
    "best-worst": N_("最优最劣法"),
    "natural-breaks": N_("自然断点法"),
    "share": N_("城市占比"),
    "score": N_("得分"),
    "none": N_("不处理"),
    "mean": N_("均值"),
    "median": N_("中位数"),
    "group-mean": N_("组均值"),
    "group-median": N_("组中位数"),
    "siblings-mean": N_("同级指标均值"),
    "siblings-median": N_("同级指标中位数"),
    "latest": N_("最近一期的值"),
    "hold": N_("沿用最近的值"),
    "trend": N_("按趋势外推"),
    "both": N_("两者"),
    "zeros": N_("按非零数据"),
    "dropped": N_("名单剔除"),
    "too-few-values": N_("数据过少"),
    "too-few-nonzero": N_("非零数据过少"),
    "winsorise": N_("缩尾"),
    "box-cox": N_("Box–Cox 变换"),
    "mirrored-box-cox": N_("镜像 Box–Cox 变换"),
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
WHAT_FOLLOWS = {
    "bonus": N_("加分"),
    "deduction": N_("扣分"),
    "total": N_("合计限额"),
    "scale": N_("分值上下限"),
    "item": N_("单项限额"),
    "list": N_("名单"),
    "no-score": N_("没有得分"),
    "black": N_("黑榜"),
    "red": N_("红榜"),
    "rank": N_("名次"),
    "grade": N_("档次"),
    "score": N_("得分"),
    "unranked": N_("不排名"),
    "own": N_("本排名"),
    "topsis": N_("逼近理想解法（TOPSIS）"),
    "vikor": N_("折衷排序法（VIKOR）"),
    "promethee": N_("偏好排序法（PROMETHEE II）"),
}
TIES = {
    "min": N_("并列取最前名次（1、1、3）"),
    "max": N_("并列取最后名次（2、2、3）"),
    "average": N_("并列取平均名次（1.5、1.5、3）"),
    "dense": N_("并列不占后续名次（1、1、2）"),
}
BANDS = {"upper": N_("上一档"), "lower": N_("下一档")}
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
                    if line in ([], (), {}):
                        continue
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
        words = {"ties": TIES | BANDS, "boundary": BANDS}.get(rule, RANK_VALUES | VALUES)
        return Phrase(words[value]) if value in words else value
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
