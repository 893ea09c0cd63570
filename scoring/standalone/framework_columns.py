"""The columns of FRAMEWORK: what they are called, and what stands in them."""

from __future__ import annotations

from evaluation.framework.workbook_columns import NODES
from scoring.standalone.tables import folded

USED = (
    "code",
    "parent",
    "name",
    "name_en",
    "direction",
    "weight",
    "unit",
    "best",
    "worst",
    "target",
    "normalise",
    "transform",
    "missing",
    "denominator",
    "per",
    "constant",
)
ALSO = {
    "code": ("编码", "指标代码"),
    "name": ("指标名称",),
    "target": ("目标",),
    "normalise": ("normalize", "标准化", "无量纲化"),
    "missing": ("缺失处理",),
    "denominator": ("denominator", "分母", "分母列"),
    "per": ("per", "每", "每多少"),
    "constant": ("constant", "填充值"),
    "level": ("level", "层级"),
    "note": ("note", "备注"),
}
# the columns of the platform's own framework workbook, and what others call them
KNOWN = {
    folded(said): column.key
    for column in NODES.columns
    for said in (column.key, column.header, *column.aliases)
} | {folded(said): name for name, words in ALSO.items() for said in words}
# a header that looks like one of these, where that one is not there, would change the scores
WEIGHTY = frozenset(
    {"code", "parent", "direction", "weight", "best", "worst", "target", "normalise", "transform"}
    | {"missing", "denominator"}
)
# where R's NA means that nothing is given
OPTIONAL = (
    *(name for name in USED if name in WEIGHTY - {"code", "parent"}),
    "unit",
    "name_en",
    "per",
    "constant",
)
ALSO_DIRECTIONS = {
    **dict.fromkeys(("positive", "pos", "benefit", "max", "正向指标", "越大越好"), 1),
    **dict.fromkeys(("negative", "neg", "cost", "min", "负", "逆向指标", "负向指标"), -1),
    "越小越好": -1,
}
ALLOWED = ", ".join((*USED, *(name for name in dict.fromkeys(KNOWN.values()) if name not in USED)))
TRANSFORMS = ("none", "ln")
