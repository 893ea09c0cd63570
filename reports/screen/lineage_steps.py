"""From the raw value to the normalised one: each step with its rule, numbers and sum. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evaluation.platform.i18n import N_
from reports.model import Joined, Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.facts import MISSING, NOT_APPLICABLE
from reports.ranking.method import OUTCOMES
from reports.ranking.words import VALUES
from reports.screen import arithmetic
from reports.screen.arithmetic import Number, Term, ln, worked
from reports.screen.lineage_scale import Scale
from scoring.composite.trace import Step
from scoring.runs.judging import groups_of

MOST_DONORS = 20  # values in one written mean
STAGES = {
    "raw": N_("原始值"),
    "denominated": N_("除以分母"),
    "imputed": N_("缺失值处理"),
    "treated": N_("异常值处理"),
    "normalised": N_("标准化"),
}
TREATED = {
    "winsorised-high": N_("缩尾：由最高值改为次高的值"),
    "winsorised-low": N_("缩尾：由最低值改为次低的值"),
    **OUTCOMES,
}
FLAT = {
    "midpoint": N_("各单位数值全同，取标度中点"),
    "upper": N_("各单位数值全同，取标度上限"),
    "missing": N_("各单位数值全同，作缺失"),
}
CLOSED = Phrase(N_("全省的统计量由各单位的数值算出，只向可以查看全部数据的人员显示。"))


#: Of a step: its rule, the numbers used, the sum.
Said = tuple[Text, tuple[tuple[Text, Text], ...], str]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its name, the number after it, the rule, the numbers used, the sum written out.

    ``facts`` are labels and texts. ``absent`` says why there is no number. ``href`` leads to the
    node that the number is a score of, relative to the unit's page.
    """

    name: Text
    value: float | None
    absent: Text
    rule: Text
    facts: tuple[tuple[Text, Text], ...] = ()
    sum: str = ""
    decimals: int | None = None
    unit: str = ""
    strong: bool = False
    href: str = ""


def prepared(facts: RankingFacts, unit: str, steps: Mapping[str, Step]) -> Iterator[Stage]:
    """The stages of a leaf up to its score; *steps* by stage."""
    code = steps["raw"].node
    node = facts.framework.by_code[code]
    gone = bool(facts.sheet.not_applicable[facts.row_of[unit], facts.indicator_at[code]])
    divided = steps["denominated"].rule != "none"
    makers: dict[str, Callable[[Step], Said]] = {
        "raw": lambda step: _raw(step, gone=gone),
        "denominated": _denominated,
        "imputed": lambda step: _imputed(facts, unit, step, node.missing),
        "treated": lambda step: _treated(facts, step),
        "normalised": lambda step: _normalised(facts, unit, step),
    }
    for stage, make in makers.items():
        step = steps[stage]
        if stage == "denominated" and not divided:
            continue
        rule, said, sum_ = make(step)
        last = stage == "normalised"
        raw = stage == "raw"
        yield Stage(
            Phrase(STAGES[stage]),
            None if raw and gone else step.value,
            NOT_APPLICABLE if gone else MISSING,
            rule,
            said,
            sum_,
            4 if last else node.decimals if step.value == steps["raw"].value else None,
            "" if last or (divided and not raw) else node.unit,
        )


def _raw(step: Step, *, gone: bool) -> Said:
    rules = {"given": N_("已采用的观测值"), "missing": N_("没有采用的观测值")}
    if gone:
        return Phrase(N_("不适用：不插补，权重分配给同级指标")), (), ""
    return Phrase(rules.get(step.rule, rules["missing"])), (), ""


def _denominated(step: Step) -> Said:
    raw, said = step.made_from.get("raw"), step.parameters
    if step.rule == "denominator-unfit":
        return Phrase(N_("分母缺失或为零，不能相除")), (), ""
    facts: list[tuple[Text, Text]] = [(Phrase(N_("分母列")), str(said["column"]))]
    if said["divisor"] is not None:
        facts.append((Phrase(N_("分母")), arithmetic.written(said["divisor"])))
    sum_ = ""
    if raw is not None and said["divisor"] is not None:
        sum_ = worked(step.value, lambda n: n(raw) / n(said["divisor"]) * n(said["per"]))
    return Phrase(N_("除以分母")), tuple(facts), sum_


def _imputed(facts: RankingFacts, unit: str, step: Step, own: str) -> Said:
    if step.rule == "not-applicable":
        return Phrase(N_("不适用：不插补，权重分配给同级指标")), (), ""
    if step.rule == "none":
        return Phrase(N_("有数据，未插补")), (), ""
    if step.rule == "screened-out":
        return Phrase(N_("单位数据过少，没有计分")), (), ""
    if step.rule == "left-missing":
        zero = (own or "") == "zero"
        return Phrase(N_("缺失时按零分计") if zero else N_("缺失，没有插补")), (), ""
    rule = Phrase(N_("缺失，按“{rule}”插补"), {"rule": word(step.rule)})
    made, said = step.made_from, []
    if "group" in made:
        said.append((Phrase(N_("组")), _group_name(facts, str(made["group"]))))
    if "cities" in made:
        text = Phrase(N_("{count} 个单位的数值"), {"count": made["cities"]})
        said.append((Phrase(N_("取自")), text))
    if "periods" in made:
        pairs = zip(made["periods"], made["values"], strict=True)
        texts = tuple(f"{when:g}: {arithmetic.written(value)}" for when, value in pairs)
        said.append((Phrase(N_("取自")), Joined(texts)))
    if facts.audience != "full":
        return rule, (*said, (Phrase(N_("说明")), CLOSED)) if "cities" in made else tuple(said), ""
    return rule, tuple(said), _donors(facts, unit, step)


def _donors(facts: RankingFacts, unit: str, step: Step) -> str:
    """A mean written out; a median and long lists are not sums that a person would do."""
    if not step.rule.endswith("mean") or "cities" not in step.made_from:
        return ""
    column = facts.sheet.stages["denominated"][:, facts.indicator_at[step.node]]
    group = step.made_from.get("group")
    units = [unit.code for unit in facts.framework.units]
    named = dict(zip(units, groups_of(facts.framework), strict=True))
    given = [
        float(value)
        for city, value in zip(facts.sheet.cities, column, strict=True)
        if value == value and (group is None or named.get(city) == group)
    ]
    if not given or len(given) > MOST_DONORS:
        return ""

    def mean(n: Number) -> Term:
        return arithmetic.total(n(value) for value in given) / n(float(len(given)))

    return worked(step.value, mean)


def _group_name(facts: RankingFacts, code: str) -> Text:
    found = next((zone for zone in facts.framework.zones if zone.code == code), None)
    return code if found is None else (found.name or code)


def _treated(facts: RankingFacts, step: Step) -> Said:
    if step.rule == "screened-out":
        return Phrase(N_("单位数据过少，没有计分")), (), ""
    said, before = step.parameters, step.made_from.get("imputed")
    moments: list[tuple[Text, Text]] = []
    if "skew" in said:
        text = Phrase(
            N_("偏度 {skew}，峰度 {kurtosis}"),
            {"skew": f"{said['skew']:.2f}", "kurtosis": f"{said['kurtosis']:.2f}"},
        )
        moments.append((Phrase(N_("处理前")), text))
    if "skew_after" in said:
        text = Phrase(
            N_("偏度 {skew}，峰度 {kurtosis}"),
            {"skew": f"{said['skew_after']:.2f}", "kurtosis": f"{said['kurtosis_after']:.2f}"},
        )
        moments.append((Phrase(N_("处理后")), text))
    if step.rule == "none":
        outcome = str(said.get("outcome", ""))
        if outcome not in OUTCOMES or outcome in ("too-few", "constant"):
            return Phrase(N_("未作调整")), (), ""
        rule = Phrase(N_("{rule}；本单位的值未动"), {"rule": Phrase(OUTCOMES[outcome])})
        return rule, tuple(moments) if facts.audience == "full" else (), ""
    changed = Phrase(
        N_("{before} → {after}"),
        {"before": _shown(before), "after": _shown(step.value)},
    )
    own: list[tuple[Text, Text]] = [(Phrase(N_("原值 → 新值")), changed)]
    if "point" in said:
        own.append((Phrase(N_("第几个调整点")), f"{said['point']}"))
    rule = Phrase(TREATED[step.rule]) if step.rule in TREATED else Phrase(N_("已调整"))
    if facts.audience != "full":
        return rule, tuple(own), ""
    return rule, (*own, *moments), _curve(step, before)


def _curve(step: Step, before: float | None) -> str:
    said = step.parameters
    if before is None or "minimum" not in said:
        return ""
    low, high, shift = (float(said[name]) for name in ("minimum", "maximum", "shift"))
    mirrored = bool(said.get("mirrored"))

    def bent(n: Number) -> Term:
        away = n(high) - n(before) if mirrored else n(before) - n(low)
        if "power" not in said:
            made = ln(away + n(shift))
        else:
            share = away / (n(high) - n(low)) + n(shift / (high - low))
            power = n(float(said["power"]))
            made = ln(share) if not said["power"] else (share**power - n(1.0)) / power
        return n(0.0) - made if mirrored else made

    return worked(step.value, bent)


def _normalised(facts: RankingFacts, unit: str, step: Step) -> Said:
    said, before = step.parameters, step.made_from.get("treated")
    if step.rule == "zero-when-missing":
        return Phrase(N_("缺失时按零分计")), (), ""
    if step.rule.startswith("no-spread-"):
        return Phrase(FLAT[step.rule.removeprefix("no-spread-")]), (), ""
    rule: Text = word(step.rule)
    if said.get("transform") == "ln":
        rule = Phrase(N_("取自然对数后：{rule}"), {"rule": rule})
    if before is None or step.value is None:
        return rule, (), ""
    shown = list(_scale_facts(facts, step))
    fixed = step.rule in ("goalposts", "scaled", "none")
    if not fixed and facts.audience != "full":
        return rule, (*shown, (Phrase(N_("说明")), CLOSED)), ""
    build = Scale(facts, unit, step, before)
    sum_ = worked(step.value, build) or worked(step.value, build.at_the_edge)
    share = build.share(lambda value: arithmetic.number(value, 10)) if fixed else None
    if step.rule == "goalposts" and share is not None and not 0 <= share.value <= 1:
        text = f"{share.text} = {arithmetic.written(share.value)}"
        beyond = N_("{sum}，超出 0 至 1，按边界计") if said.get("clip") else N_("{sum}，未截断")
        shown.append((Phrase(N_("超出目标区间")), Phrase(beyond, {"sum": text})))
    return rule, tuple(shown), sum_


def _scale_facts(facts: RankingFacts, step: Step) -> Iterator[tuple[Text, Text]]:
    said = step.parameters
    low, high = N_("越低越好"), N_("越高越好")
    yield Phrase(N_("方向")), Phrase(high if said["direction"] > 0 else low)
    labels = {"worst": N_("最差值"), "best": N_("最优值"), "target": N_("目标值")}
    for key, label in labels.items():
        if said.get(key) is not None:
            yield Phrase(label), arithmetic.written(float(said[key]))
    if facts.audience != "full" or "minimum" not in said:
        return
    sign = said["direction"]
    ends = sorted((sign * said["minimum"], sign * said["maximum"]))
    text = Phrase(
        N_("{low} 至 {high}，{count} 个单位"),
        {"low": _shown(ends[0]), "high": _shown(ends[1]), "count": said["count"]},
    )
    yield Phrase(N_("各单位的数值")), text
    if "sd" in said:
        yield Phrase(N_("均值")), _shown(sign * said["mean"])
        yield Phrase(N_("标准差")), _shown(said["sd"])


def word(key: str) -> Text:
    """The word of a method; the key itself where there is none."""
    return Phrase(VALUES[key]) if key in VALUES else key


def _shown(value: float | None) -> str:
    return "—" if value is None else arithmetic.written(value)
