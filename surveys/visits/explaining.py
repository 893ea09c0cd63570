"""Why a draw cannot be made, and what had to bend, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_, _, listed
from surveys.visits.drawing import Lack, Warned

LACKS = {
    "sites": N_("{city} × {form}：要 {wanted} 次，{usable} 个可用场所只够 {possible} 次。"),
    "together": N_(
        "{city}：{forms} 合计要 {wanted} 次，共用的 {usable} 个可用场所只够 {possible} 次。"
    ),
    "people": N_(
        "{city}：要 {wanted} 次，没有可派的评价员。候选 {people} 人，"
        "{conflicts} 人有利益冲突，{elsewhere} 人不负责该市州。"
    ),
    "seconds": N_(
        "复访要 {wanted} 次，{visits} 次访查中只有 {possible} 次可以安排：{visitors} 次没有第二位"
        "评价员，{stories} 次没有另一个可用的情景身份，{days} 次在访查期内没有另外的日子。"
    ),
}
MENDS = {
    "sites": N_(
        "该市州这类场所共 {sites} 个：{resting} 个在间隔期内，{known} 个没有可用的情景身份；"
        "另有 {other} 个场所类型不符。请减少配额、添加场所、放宽类型，或缩短间隔。"
    ),
    "together": N_("请减少配额、添加场所、放宽类型，或缩短间隔。"),
    "people": N_("请增加评价员，或取消该市州的配额。"),
    "seconds": N_("请增加评价员或情景身份、延长访查期，或降低复访比例。"),
}
WARNINGS = {
    "rotation": N_(
        "轮换放宽：{visits} 次访查中，{city} 次由最近去过该市州的评价员承担，{site} 次由最近去过"
        "同一场所的评价员承担；人手和利益冲突不允许更好的安排。"
    ),
    "load": N_("工作量不均：最多的 {most} 次，最少的 {least} 次；负责范围和利益冲突不允许更均匀。"),
}


def faults(
    lacks: tuple[Lack, ...], cities: Mapping[str, str], forms: Mapping[str, str]
) -> list[Fault]:
    """Each lack as a fault in the current language; *cities* and *forms* give names to codes."""
    found = []
    for lack in lacks:
        facts: dict[str, Any] = dict(lack.facts)
        if "city" in facts:
            facts["city"] = cities.get(facts["city"], facts["city"])
        if "form" in facts:
            facts["form"] = forms.get(facts["form"], facts["form"])
        if "forms" in facts:
            facts["forms"] = listed(forms.get(code, code) for code in facts["forms"])
        found.append(Fault(f"draw-{lack.kind}", LACKS[lack.kind], MENDS[lack.kind], facts))
    return found


def warning(warned: Warned) -> str:
    """A warning in the current language."""
    return _(WARNINGS[warned.kind], **warned.facts)
