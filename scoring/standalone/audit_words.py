"""The audit's judgements in people's words: what was found, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "pass": N_("符合"),
    "warn": N_("提醒"),
    "fail": N_("不符合"),
    "not-applicable": N_("不适用"),
}

CHECKS: Mapping[str, str] = {
    "coverage": N_("指标数据完整率"),
    "city-coverage": N_("城市数据完整率"),
    "children": N_("每个维度的指标数"),
    "shape": N_("分布与离群值"),
    "zeros": N_("零值"),
    "weights": N_("权重取值"),
    "parent": N_("与上级的相关"),
    "siblings": N_("同级之间的相关"),
    "alpha": N_("内部一致性（克龙巴赫 α）"),
    "influence": N_("名义权重与实际影响"),
    "size": N_("规模偏差"),
    "omission": N_("去掉一项后的名次变动"),
    "components": N_("主成分（仅供参考）"),
}

NOTHING = ""

# reason → what was found, what to do
REASONS: Mapping[str, tuple[str, str]] = {
    "coverage-ok": (N_("{cities} 个城市中 {n} 个有数据，完整率 {coverage:.0%}。"), NOTHING),
    "coverage-low": (
        N_("{cities} 个城市中只有 {n} 个有数据，完整率 {coverage:.0%}，低于 {limit:.0%}。"),
        N_("请补采数据；补不齐的，考虑换一个指标或本轮不计分。"),
    ),
    "coverage-none": (N_("没有任何数据。"), N_("请补采数据，或从框架中去掉这个指标。")),
    "coverage-nobody": (N_("对所有城市都不适用。"), N_("请确认这个指标是否还需要。")),
    "city-coverage-ok": (N_("{indicators} 个指标中 {n} 个有数据。"), NOTHING),
    "city-coverage-low": (
        N_("{indicators} 个指标中只有 {n} 个有数据，低于 {limit:.0%}，名次不可靠。"),
        N_("请补采这个城市的数据，或只评价不排名。"),
    ),
    "city-coverage-nothing": (N_("所有指标都不适用。"), N_("请核对不适用的标记。")),
    "children-ok": (N_("{n} 个指标，在建议的 {low} 至 {high} 个之内。"), NOTHING),
    "children-few": (
        N_("只有 {n} 个指标，少于 {least} 个，一个指标就能左右整个维度。"),
        N_("请增加指标，或与相近的维度合并。"),
    ),
    "children-unusual": (N_("{n} 个指标，建议 {low} 至 {high} 个。"), NOTHING),
    "shape-ok": (N_("偏度 {skew:.2f}，峰度 {kurtosis:.2f}，没有离群值问题。"), NOTHING),
    "shape-treated": (
        N_("原始偏度 {skew:.2f}、峰度 {kurtosis:.2f}，处理后为 {skew_after:.2f}、"
           "{kurtosis_after:.2f}，已在限内。"),
        NOTHING,
    ),
    "shape-outliers": (
        N_("偏度 {skew_after:.2f}、峰度 {kurtosis_after:.2f}，超过限值（{skew_limit:g} 与 "
           "{kurtosis_limit:g}，或峰度 {kurtosis_alone:g}），少数极端值主导得分。"),
        N_("请核实极端值；属实的，在方法里做缩尾或取对数（treat），或设固定标杆。"),
    ),
    "shape-constant": (
        N_("所有城市都是 {value:g}，区分不出高下。"),
        N_("请去掉这个指标，或换一个能区分的口径。"),
    ),
    "shape-few": (N_("只有 {n} 个数据，少于 {least} 个，不判断分布。"), NOTHING),
    "zeros-ok": (N_("{n} 个数据中 {zeros} 个为零。"), NOTHING),
    "zeros-many": (
        N_("{n} 个数据中 {zeros} 个为零，超过 {limit:.0%}。"),
        N_("请确认零是真实的零而不是缺失；属实的，考虑换一个指标。"),
    ),
    "zeros-none": (N_("没有数据。"), NOTHING),
    "weights-ok": (N_("权重为 {weight:g}。"), NOTHING),
    "weights-zero": (N_("权重为 0，不影响得分。"), N_("请给出权重，或从框架中去掉。")),
    "weights-negative": (N_("权重 {weight:g} 是负数。"), N_("请填 0 或正数。")),
    "few-cities": (N_("只有 {cities} 个城市，少于 {least} 个，不判断相关。"), NOTHING),
    "parent-ok": (N_("与上级“{parent}”的相关系数 {r:.2f}。"), NOTHING),
    "parent-only": (N_("是“{parent}”唯一的下级，相关没有意义。"), NOTHING),
    "parent-unknown": (N_("数据没有差异或共同的数据太少，算不出相关。"), NOTHING),
    "parent-dominates": (
        N_("与上级“{parent}”的相关系数 {r:.2f}，高于 {dominates:g}：上级几乎由它一项决定。"),
        N_("请降低它的权重，或检查同级是否缺少差异。"),
    ),
    "parent-weak": (
        N_("与上级“{parent}”的相关系数 {r:.2f}，在 ±{weak:g} 之内：它在上级得分里几乎体现不出来。"),
        N_("请提高它的权重、换到更合适的维度，或确认它确实该独立计分。"),
    ),
    "parent-opposes": (
        N_("与上级“{parent}”的相关系数 {r:.2f}，低于 {opposes:g}：它好的城市，上级反而差。"),
        N_("请先核对方向是否填反；方向无误的，考虑移出这个维度。"),
    ),
    "siblings-ok": (N_("{pairs} 对下级之间没有重复，也没有相互抵消。"), NOTHING),
    "siblings-none": (N_("没有可以比较的两个下级。"), NOTHING),
    "siblings-redundant": (
        N_("“{one}”与“{two}”的相关系数 {r:.2f}，高于 {redundant:g}：说的几乎是同一件事。"),
        N_("请合并为一个指标，或调低权重以免重复计分。"),
    ),
    "siblings-opposed": (
        N_("“{one}”与“{two}”的相关系数 {r:.2f}，低于 {opposes:g}：两者此消彼长。"),
        N_("请核对方向；属实的，平均后会互相抵消，考虑分开计分。"),
    ),
    "alpha-ok": (N_("α 为 {alpha:.2f}，下级说的是同一件事。"), NOTHING),
    "alpha-low": (
        N_("α 为 {alpha:.2f}，低于 {limit:g}：下级不像在衡量同一件事。"),
        N_("政策上需要的可以保留，但请说明理由；否则调整维度的划分。"),
    ),
    "alpha-negative": (
        N_("α 为 {alpha:.2f}，是负数：下级总体上互相矛盾。"),
        N_("请核对各下级的方向，再考虑调整维度。"),
    ),
    "alpha-unknown": (N_("有差异的下级不足两个，算不出 α。"), NOTHING),
    "influence-ok": (
        N_("在“{parent}”中名义权重 {nominal:.0%}，实际影响 {effective:.0%}。"),
        NOTHING,
    ),
    "influence-high": (
        N_("在“{parent}”中名义权重 {nominal:.0%}，实际影响 {effective:.0%}，超过 {limit:g} 倍。"),
        N_("各城市在这一项上差距更大；请调低权重，或统一标杆的宽窄。"),
    ),
    "influence-low": (
        N_("在“{parent}”中名义权重 {nominal:.0%}，实际影响只有 {effective:.0%}，"
           "不到 1/{limit:g}。"),
        N_("请调高权重，或检查标杆是否过宽。"),
    ),
    "influence-unknown": (N_("没有可比的同级或没有差异，算不出实际影响。"), NOTHING),
    "size-ok": (N_("与人口的相关系数 {r:.2f}。"), NOTHING),
    "size-bias": (
        N_("与人口的相关系数 {r:.2f}，绝对值超过 {limit:g}：名次可能反映的是城市大小。"),
        N_("请检查总量指标是否应按人口、面积或企业数折算。"),
    ),
    "size-unknown": (N_("没有人口数据。"), N_("需要判断时请提供各城市人口。")),
    "omission-ok": (
        N_("去掉它，名次平均变动 {mean:.2f} 位，最多 {largest:g} 位。"),
        NOTHING,
    ),
    "omission-moves": (
        N_("去掉它，有城市变动 {largest:g} 位，超过 {limit:g} 位：排名过于依赖这一项。"),
        N_("请确认这一项的数据可靠、权重合理，并在发布时说明。"),
    ),
    "omission-unknown": (N_("去掉它就没有得分或名次可比。"), NOTHING),
    "components-few": (N_("有差异的项目或城市太少，不做主成分。"), NOTHING),
    "components-deficient": (
        N_("{columns} 项、{cities} 个城市：最多只有 {rank} 个主成分，由主成分定的权重没有意义。"),
        NOTHING,
    ),
    "components-whole": (
        N_("第一主成分占 {first:.0%}，特征值大于 1 的有 {above_one} 个；"
           "第一主成分里有 {negative} 项为负，不能直接用作权重。"),
        NOTHING,
    ),
    "components-one": (N_("下级可归为一个主成分，占 {first:.0%}。"), NOTHING),
    "components-several": (
        N_("特征值大于 1 的主成分有 {above_one} 个，第一个只占 {first:.0%}：下级不止衡量一件事。"),
        N_("仅供参考：可考虑把这个维度拆开。"),
    ),
}  # fmt: skip
