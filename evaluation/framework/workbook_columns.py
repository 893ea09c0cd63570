"""The sheets and columns of a framework workbook: one table drives reading, writing and help."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.framework.tree import Measure, Node, Unit, Zone
from evaluation.platform.i18n import N_

TEXT, CODE, CODES, WORDS = "text", "code", "codes", "words"
NUMBER, WHOLE, FLAG, DIRECTION, DAY, METHOD = (
    "number",
    "whole",
    "flag",
    "direction",
    "day",
    "method",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row: its key, Chinese header, kind of value, and what to write there."""

    key: str
    header: str
    kind: str = TEXT
    note: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one row an item."""

    part: str
    sheet: str
    kind: type[Unit | Zone | Node | Measure]
    columns: tuple[Column, ...]
    required: bool = True


UNITS = Table(
    "units",
    "参评单位",
    Unit,
    (
        Column("code", N_("代码"), CODE, N_("唯一，例如行政区划代码"), True),
        Column("name", N_("名称"), TEXT, N_("全称"), True),
        Column("name_en", N_("英文名称")),
        Column("short_name", N_("简称"), TEXT, N_("图表中使用")),
        Column("kind", N_("类型"), TEXT, N_("例如地级市、自治州")),
        Column("ranked", N_("参加排名"), FLAG, N_("是或否；否表示只评价、不排名")),
        Column("zones", N_("所属分区"), CODES, N_("分区代码，多个用“、”隔开")),
        Column("population", N_("人口"), NUMBER, N_("万人"), aliases=("人口（万人）",)),
        Column("lon", N_("经度"), NUMBER, N_("度，东经为正")),
        Column("lat", N_("纬度"), NUMBER, N_("度，北纬为正")),
        Column("note", N_("备注")),
    ),
)
ZONES = Table(
    "zones",
    "分区",
    Zone,
    (
        Column("code", N_("代码"), CODE, N_("唯一"), True),
        Column("name", N_("名称"), TEXT, "", True),
        Column("name_en", N_("英文名称")),
    ),
    required=False,
)
NODES = Table(
    "nodes",
    "指标",
    Node,
    (
        Column("code", N_("代码"), CODE, N_("唯一；版本之间保持不变"), True),
        Column("parent", N_("上级"), CODE, N_("上级的代码；只有总指数留空"), True, ("上级代码",)),
        Column("name", N_("名称"), TEXT, "", True),
        Column("name_en", N_("英文名称")),
        Column("direction", N_("方向"), DIRECTION, N_("正向（越高越好）或逆向（越低越好）")),
        Column("weight", N_("权重"), NUMBER, N_("同一上级之内的相对权重，不必合计为 1")),
        Column("unit", N_("单位"), TEXT, N_("填报时的计量单位"), aliases=("计量单位",)),
        Column("best", N_("最优值"), NUMBER, N_("得 100 分的值"), aliases=("前沿值",)),
        Column("worst", N_("最差值"), NUMBER, N_("得 0 分的值")),
        Column("normalise", N_("标准化方法"), TEXT, N_("留空即用“评分方法”表的方法")),
        Column("transform", N_("变换"), TEXT, N_("ln：数值和标杆取对数后计分；留空：不变换")),
        Column("methods", N_("采集方式"), METHOD, N_("多个用“、”隔开，名称见“说明”表")),
        Column("missing", N_("缺失规则"), TEXT, N_("留空即用“评分方法”表的规则")),
        Column("allow_not_applicable", N_("可不适用"), FLAG, N_("是：确无此项的单位可填“不适用”")),
        Column("warning", N_("预警值"), NUMBER, N_("差于此值亮灯")),
        Column("target", N_("目标值"), NUMBER),
        Column("minimum", N_("填报下限"), NUMBER, N_("低于此值不予接收")),
        Column("maximum", N_("填报上限"), NUMBER, N_("高于此值不予接收")),
        Column("decimals", N_("小数位数"), WHOLE, N_("0 到 6；留空不限")),
        Column("evidence_required", N_("须附佐证"), FLAG),
        Column("lead_unit", N_("牵头单位")),
        Column("definition", N_("口径说明")),
        Column("official", N_("官方"), FLAG, N_("否：显示时标注“示例/非官方”")),
        Column("source", N_("出处")),
    ),
)
MEASURES = Table(
    "measures",
    "整改措施",
    Measure,
    (
        Column("no", N_("序号"), WHOLE, N_("唯一，从 1 起"), True),
        Column("category", N_("类别")),
        Column("text", N_("内容"), TEXT, "", True),
        Column("text_en", N_("英文内容")),
        Column("responsible_unit", N_("责任单位")),
        Column("supporting_units", N_("配合单位"), WORDS, N_("多个用“、”隔开")),
        Column("deadline", N_("完成时限"), DAY, N_("日期，例如 2026-12-31")),
        Column("target", N_("目标值"), NUMBER),
        Column("unit", N_("单位"), aliases=("计量单位",)),
        Column("indicators", N_("对应指标"), CODES, N_("指标代码，多个用“、”隔开")),
        Column("official", N_("官方"), FLAG, N_("否：显示时标注“示例/非官方”")),
        Column("source", N_("出处")),
    ),
    required=False,
)
TABLES = (UNITS, ZONES, NODES, MEASURES)

GUIDE_SHEET, HEAD_SHEET, METHOD_SHEET = "说明", "体系", "评分方法"
SHEETS = (GUIDE_SHEET, HEAD_SHEET, *(table.sheet for table in TABLES), METHOD_SHEET)
HEAD = (
    Column("code", N_("体系代码"), CODE, N_("唯一，字母和数字，例如 NDRC18"), True),
    Column("name", N_("体系名称"), TEXT, "", True),
    Column("name_en", N_("英文名称")),
    Column("edition", N_("版本"), TEXT, N_("例如 2026")),
    Column("organiser", N_("组织单位"), TEXT, N_("例如省营商环境建设局")),
    Column("official", N_("官方"), FLAG, N_("否：显示时标注“示例/非官方”")),
    Column("source", N_("出处")),
)
PAIRS = (  # the two narrow sheets: one fact a row
    Column("item", N_("项目")),
    Column("key", N_("键")),
    Column("value", N_("值")),
    Column("note", N_("说明")),
)
