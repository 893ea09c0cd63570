"""The words of a form workbook: XLSForm's own, ours, and the Chinese for both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.framework.methods import BASIC_DATA, INSPECTION, METHODS, SIMULATION
from evaluation.platform.i18n import N_

ZH, EN = "zh", "en"
#: The names under which the languages stand in the XForm.
LANGUAGES = {ZH: "中文 (zh)", EN: "English (en)"}
FORM_METHODS = (SIMULATION, INSPECTION, BASIC_DATA)
METHOD_WORDS = {METHODS[key]: key for key in FORM_METHODS} | {
    "模拟体验": SIMULATION,
    "暗访": INSPECTION,
    "基础数据": BASIC_DATA,
}

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
KIT, STORIES, SCRIPT = "kit", "stories", "script"

#: sheet → the names it may have; the first Chinese one is the template's.
SHEETS: Mapping[str, tuple[str, ...]] = {
    SURVEY: ("survey", "问卷", "题目", "表单"),
    CHOICES: ("choices", "选项", "选项表"),
    SETTINGS: ("settings", "设置"),
    KIT: ("kit", "情景", "走访包", "访查包", "任务包"),
    STORIES: ("stories", "身份", "掩护身份"),
    SCRIPT: ("script", "脚本", "流程"),
}
#: Sheets of other programs that we do not use; they are named in a warning.
FOREIGN_SHEETS = frozenset({"entities", "external_choices", "osm", "cascades", "columns"})

_SURVEY_HEADERS: Mapping[str, tuple[str, ...]] = {
    "type": ("类型", "题型", "command"),
    "name": ("名称", "变量名", "题目名称", "字段名", "tag"),
    "label": ("标签", "题目", "问题", "题干", "caption"),
    "hint": ("提示", "填写提示"),
    "required": ("必填", "必答"),
    "relevant": ("跳转条件", "显示条件", "出现条件", "relevance"),
    "constraint": ("约束", "约束条件", "校验条件", "限制条件"),
    "constraint_message": ("约束提示", "校验提示", "出错提示", "constraining_message"),
    "required_message": ("必填提示", "requiredmsg"),
    "calculation": ("计算", "计算公式", "公式", "calculate"),
    "appearance": ("外观", "样式"),
    "choice_filter": ("选项筛选", "筛选条件"),
    "default": ("默认值", "缺省值"),
    "read_only": ("只读", "readonly"),
    "parameters": ("参数",),
    "trigger": ("触发",),
    "repeat_count": ("循环次数", "重复次数"),
    "guidance_hint": ("详细说明",),
    "media::image": ("图片", "image"),
    "media::audio": ("音频", "audio"),
    "media::video": ("视频", "video"),
    "note": ("备注", "remark", "notes", "comment", "comments"),
    "indicator": ("指标代码", "指标"),
    "score_rule": ("计分规则",),
    "across_visits": ("多次汇总", "汇总方式"),
    "evidence": ("佐证", "佐证材料"),
    "measure": ("整改措施", "措施编号"),
    "department": ("责任部门",),
    "severity": ("严重程度",),
    "fails_when": ("不合格条件",),
    "integrity": ("诚信答案",),
    "timer": ("计时步骤",),
}
HEADERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    SURVEY: _SURVEY_HEADERS,
    CHOICES: {
        "list_name": ("列表", "列表名", "选项组", "list name"),
        "name": ("名称", "选项名", "值", "value"),
        "label": ("标签", "选项", "文字", "caption"),
        "media::image": ("图片", "image"),
        "media::audio": ("音频", "audio"),
        "note": ("备注", "notes"),
    },
    SETTINGS: {
        "form_id": ("表单编号", "表单代码", "id_string"),
        "form_title": ("表单标题", "表单名称", "标题", "title"),
        "method": ("采集方式", "方法"),
        "default_language": ("默认语言",),
        "version": ("版本", "版本号"),
        "instance_name": ("记录名称",),
        "style": ("版式",),
        "note": ("备注", "notes"),
    },
    KIT: {"key": ("项目", "键"), "text": ("文字", "内容"), "note": ("备注",)},
    STORIES: {"code": ("代码", "编号"), "text": ("文字", "内容", "身份"), "note": ("备注",)},
    SCRIPT: {
        "code": ("代码", "编号"),
        "text": ("文字", "内容", "步骤"),
        "minutes": ("分钟", "时长", "用时"),
        "note": ("备注",),
    },
}
#: Columns that may stand once a language.
TRANSLATED = frozenset(
    {"label", "hint", "guidance_hint", "constraint_message", "required_message"}
    | {"media::image", "media::audio", "media::video", "form_title", "text"}
)
#: What pyxform is given of the survey; the rest is ours.
XLSFORM = frozenset(list(_SURVEY_HEADERS)[: list(_SURVEY_HEADERS).index("note")])
OURS = frozenset(_SURVEY_HEADERS) - XLSFORM - {"note"}
NEEDED = {
    SURVEY: ("type", "name", "label"),
    CHOICES: ("list_name", "name", "label"),
    SETTINGS: ("form_id", "form_title", "method"),
    KIT: ("key", "text"),
    STORIES: ("code", "text"),
    SCRIPT: ("code", "text"),
}
EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count")

KIT_KEYS = {"scenario": ("情景", "情景设定"), "preparation": ("准备", "准备事项", "行前准备")}
SEVERITIES = {"low": N_("轻微"), "medium": N_("一般"), "high": N_("严重")}
SEVERITY_WORDS = {"轻微": "low", "低": "low", "一般": "medium", "中": "medium", "严重": "high",
                  "高": "high"}  # fmt: skip
ACROSS_WORDS = {"平均": "mean", "平均值": "mean", "中位数": "median", "最小": "min",
                "最小值": "min", "最大": "max", "最大值": "max", "合计": "sum", "最近": "latest",
                "最近一次": "latest", "占比": "share"}  # fmt: skip

#: kind → what it is also called. The first Chinese word is the template's.
TYPES: Mapping[str, tuple[str, ...]] = {
    "text": ("文本", "文字", "填空", "string"),
    "integer": ("整数", "int"),
    "decimal": ("小数", "数字", "数值"),
    "range": ("滑块", "区间"),
    "select_one": ("单选", "单选题", "select one", "select1", "select one from"),
    "select_multiple": ("多选", "多选题", "select multiple", "select all that apply",
                        "select all that apply from"),
    "rank": ("排序", "排序题"),
    "date": ("日期",),
    "time": ("时间", "时刻"),
    "dateTime": ("日期时间", "datetime", "date time"),
    "image": ("照片", "图片", "拍照", "photo"),
    "signature": ("签名", "签字"),
    "audio": ("录音", "音频"),
    "video": ("录像", "视频"),
    "file": ("文件", "附件"),
    "geopoint": ("定位", "位置", "坐标", "location", "gps"),
    "geotrace": ("轨迹",),
    "geoshape": ("范围",),
    "barcode": ("扫码", "条码", "二维码"),
    "acknowledge": ("确认", "trigger"),
    "note": ("说明", "提示文字"),
    "calculate": ("计算",),
    "hidden": ("隐藏",),
    "start": ("开始时间",),
    "end": ("结束时间",),
    "today": ("填写日期",),
    "deviceid": ("设备编号",),
    "begin group": ("开始分组", "分组开始", "begin_group"),
    "end group": ("结束分组", "分组结束", "end_group"),
    "begin repeat": ("开始循环", "循环开始", "begin_repeat"),
    "end repeat": ("结束循环", "循环结束", "end_repeat"),
}  # fmt: skip
WITH_LIST = frozenset({"select_one", "select_multiple", "rank"})
STRUCTURE = frozenset({"begin group", "end group", "begin repeat", "end repeat"})
#: Kinds without a label of their own.
UNLABELLED = frozenset(
    {"calculate", "hidden", "start", "end", "today", "deviceid", "end group", "end repeat"}
)
#: Types of other programs that ours do not take, and what to do instead.
REFUSED_TYPES = {
    **dict.fromkeys(
        ("username", "email", "phonenumber", "phone number", "simserial", "subscriberid"),
        N_("它会把评价员的身份写进记录。系统按设备凭证认人，请删除这一行。"),
    ),
    "audit": N_("系统自己记录用时和位置，请删除这一行。"),
    "background-audio": N_("不能在人不知情时录音。请改用 audio 题，由评价员自己开始录音。"),
    "start-geopoint": N_("系统自己记录位置；需要作为答案时请改用 geopoint。"),
    **dict.fromkeys(
        ("select_one_from_file", "select_multiple_from_file", "select_one_external",
         "select one from file", "select multiple from file", "select one external",
         "csv-external", "xml-external"),
        N_("不使用外部文件。请把选项写进“选项”工作表，用 select_one 加 choice_filter 筛选。"),
    ),
    "osm": N_("不支持地图数据题。请改用 geopoint。"),
    "begin loop": N_("请改用 begin repeat。"),
    "end loop": N_("请改用 end repeat。"),
}  # fmt: skip
#: Settings that would lose or hide records, and why they are refused.
REFUSED_SETTINGS = {
    "public_key": N_("加密后服务器无法复核答案。传输已经加密，请删除这一列。"),
    "auto_delete": N_("手机只在收到完整回执后删除记录，请删除这一列。"),
    "auto_send": N_("发送由手机的待发箱负责，请删除这一列。"),
    "submission_url": N_("发送地址由设备凭证决定，请删除这一列。"),
}

YES = frozenset({"yes", "y", "true", "true()", "1", "是", "必填", "必答", "√", "对"})
NO = frozenset({"no", "n", "false", "false()", "0", "否", "非必填", "选填", "", "×"})


@dataclass(frozen=True, slots=True)
class Header:
    """A column: its key, and its language where it is a translated one."""

    key: str
    language: str = ""

    @property
    def full(self) -> str:
        """``label::zh``, or the key alone."""
        return f"{self.key}::{self.language}" if self.language else self.key


def sheet_of(name: str) -> str:
    """Which sheet of ours a worksheet's name means; empty for none."""
    said = plain(name)
    return next((key for key, names in SHEETS.items() if said in names), "")


def header_of(sheet: str, text: str) -> Header | None:
    """Which column a header means; None for one that is unknown.

    ``label``, ``标签``, ``label::English (en)``, ``标签::英文``, ``标签（英文）`` are understood.
    """
    said = plain(text)
    base, language = _split_language(said)
    key = _key(sheet, base)
    if key is None:
        key = _key(sheet, said)
        return None if key is None else Header(key, ZH if key in TRANSLATED else "")
    if key in TRANSLATED:
        return Header(key, language or ZH)
    return Header(key) if not language else None


def type_of(text: str) -> tuple[str, str]:
    """The kind and the list of a type cell; the kind is empty where it is unknown."""
    said = re.sub(r"\s+", " ", text.strip())
    low = said.casefold()
    for kind, spellings in TYPES.items():
        for spelling in (kind, *spellings):
            if low == spelling.casefold():
                return kind, ""
    for kind in WITH_LIST:
        for spelling in sorted((kind, *TYPES[kind]), key=len, reverse=True):
            if low.startswith(spelling.casefold()):
                rest = said[len(spelling) :]
                if rest[:1] in (" ", ":", "：") or not spelling.isascii():
                    return kind, rest.lstrip(" :：").strip()
    return "", ""


def shown(full: str) -> str:
    """A full key as authors write it: ``label`` and ``label::English (en)``."""
    base, _colons, language = full.rpartition("::")
    if language == ZH:
        return base
    return f"{base}::{LANGUAGES[EN]}" if language == EN else full


def plain(text: str) -> str:
    """A header or name for comparison: half-width, lower case, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _key(sheet: str, said: str) -> str | None:
    for key, names in HEADERS[sheet].items():
        if said == key or said in names:
            return key
    return None


_LANGUAGE_WORDS = {
    "zh": ZH, "中文": ZH, "中文 (zh)": ZH, "chinese": ZH, "chinese (zh)": ZH, "zh-cn": ZH,
    "汉语": ZH, "简体中文": ZH, "en": EN, "english": EN, "english (en)": EN, "英文": EN,
    "英文 (en)": EN, "英语": EN,
}  # fmt: skip


def _split_language(said: str) -> tuple[str, str]:
    """``label::english (en)`` → ``label`` and ``en``; ``media::image`` stays whole."""
    base, colons, last = said.rpartition("::") if "::" in said else said.rpartition(":")
    if colons:
        language = _LANGUAGE_WORDS.get(last.strip())
        if language:
            return base.strip(), language
        return said, ""
    found = re.fullmatch(r"(.+?)\s*\((.+)\)", said)
    if found and found[2] in _LANGUAGE_WORDS:
        return found[1], _LANGUAGE_WORDS[found[2]]
    return said, ""
