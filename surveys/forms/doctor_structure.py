"""The doctor looks at the bones of a form: types, names, groups, lists, labels."""

from __future__ import annotations

import re
from difflib import get_close_matches

from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Row
from surveys.forms.drafting import is_yes
from surveys.forms.mechanical import ascii_name
from surveys.forms.outline import ROOT, Item, Outline

MAX_QUESTIONS = 500
MAX_CHOICES = 5_000
MAX_DEPTH = 6
LONGEST_NAME = 64
LONGEST_TEXT = 2_000
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RESERVED = frozenset({"meta", "instanceID", "instanceName", "deprecatedID", ROOT})


def check(form: Outline) -> None:
    """Note every fault of the survey sheet's structure."""
    _types(form)
    _names(form)
    _groups(form)
    _visit(form)
    _bounds(form)
    for item in form.items:
        _question(form, item)


def _types(form: Outline) -> None:
    for row in form.unknown:
        said = row.get("type")
        first = words.plain(said.split(" ", maxsplit=1)[0])
        refused = words.REFUSED_TYPES.get(words.plain(said)) or words.REFUSED_TYPES.get(first)
        if refused:
            form.book.fault(
                "refused-type", words.SURVEY, row, "type",
                N_("不支持题型“{type}”。"), refused, facts={"type": said[:60]},
            )  # fmt: skip
        elif not said:
            form.book.fault(
                "no-type", words.SURVEY, row, "type",
                N_("这一行没有题型。"), N_("请填写类型，例如 text、integer、select_one 列表名。"),
            )  # fmt: skip
        else:
            _unknown_type(form, row, said)
    for item in form.items:
        if item.kind in words.WITH_LIST:
            _list(form, item)
    for row in form.book[words.SURVEY].rows:
        if row.texts and not row.get("type") and not row.get("name"):
            form.book.fault(
                "no-type", words.SURVEY, row, "type",
                N_("这一行有内容，却没有类型和名称。"), N_("请补上，或清空这一行。"),
            )  # fmt: skip


def _unknown_type(form: Outline, row: Row, said: str) -> None:
    known = [name for kind, also in words.TYPES.items() for name in (kind, *also)]
    near = get_close_matches(words.plain(said.split(" ", maxsplit=1)[0]), known, 1, 0.6)
    near = near or get_close_matches(words.plain(said), known, 1, 0.6)
    form.book.fault(
        "unknown-type", words.SURVEY, row, "type",
        N_("不认识的题型“{type}”。"),
        N_("是否应为“{near}”？") if near else N_("可用的题型见模板“类型”列的下拉菜单。"),
        facts={"type": said[:60], "near": near[0] if near else ""},
    )  # fmt: skip


def _list(form: Outline, item: Item) -> None:
    name = item.list_name
    if name.endswith(("or_other", "or other")):
        form.book.fault(
            "or-other", words.SURVEY, item.row, "type",
            N_("不支持 or_other：它没有译文，也无法复核。"),
            N_("请在列表里加选项 other，再加一道文本题，跳转条件写 ${{{name}}}='other'。"),
            facts={"name": item.name},
        )  # fmt: skip
    elif not name:
        form.book.fault(
            "no-list", words.SURVEY, item.row, "type",
            N_("选择题没有写列表名。"), N_("写法是 {kind} 列表名，例如 {kind} yes_no。"),
            facts={"kind": item.kind},
        )  # fmt: skip
    elif name not in form.lists:
        near = get_close_matches(name, form.lists, 1, 0.6)
        form.book.fault(
            "missing-list", words.SURVEY, item.row, "type",
            N_("“选项”工作表里没有列表“{list}”。"),
            N_("是否应为“{near}”？") if near else N_("请在“选项”工作表写上这个列表的选项。"),
            facts={"list": name[:60], "near": near[0] if near else ""},
        )  # fmt: skip


def _names(form: Outline) -> None:
    rows = [(group.row, group.name) for group in form.groups]
    rows += [(item.row, item.name) for item in form.items]
    rows.sort(key=lambda pair: pair[0].number)
    first: dict[str, int] = {}
    folded: dict[str, str] = {}
    for row, name in rows:
        if not name:
            form.book.fault(
                "no-name", words.SURVEY, row, "name",
                N_("这一行没有名称。"), N_("请填写英文名称，例如 q{row}。"),
                facts={"row": row.number},
            )  # fmt: skip
            continue
        _name(form, row, name)
        if name in first:
            form.book.fault(
                "duplicate-name", words.SURVEY, row, "name",
                N_("名称“{name}”与第 {other} 行重复。"), N_("请改名，例如 {name}_2。"),
                facts={"name": name[:60], "other": first[name]},
            )  # fmt: skip
        elif name.casefold() in folded:
            form.book.fault(
                "name-case", words.SURVEY, row, "name",
                N_("名称“{name}”与“{other}”只有大小写不同，容易混淆。"), N_("请改名。"),
                warning=True, facts={"name": name[:60], "other": folded[name.casefold()]},
            )  # fmt: skip
        first.setdefault(name, row.number)
        folded.setdefault(name.casefold(), name)


def _name(form: Outline, row: Row, name: str) -> None:
    if name in RESERVED:
        form.book.fault(
            "reserved-name", words.SURVEY, row, "name",
            N_("名称“{name}”由系统使用。"), N_("请改名，例如 {name}_1。"), facts={"name": name},
        )  # fmt: skip
    elif len(name) > LONGEST_NAME:
        form.book.fault(
            "long-name", words.SURVEY, row, "name",
            N_("名称有 {count} 个字符，超过 {limit} 个。"), N_("请改短。"),
            facts={"count": len(name), "limit": LONGEST_NAME},
        )  # fmt: skip
    elif not NAME.fullmatch(name):
        chinese = not name.isascii()
        form.book.fault(
            "chinese-name" if chinese else "bad-name", words.SURVEY, row, "name",
            N_("名称“{name}”里有汉字或其他非英文字符。") if chinese
            else N_("名称“{name}”里有不能用的字符，或以数字开头。"),
            N_("只用字母、数字和下划线，以字母开头，例如 {near}；中文写在“标签”列。"),
            facts={"name": name[:60], "near": ascii_name(name) or f"q{row.number}"},
        )  # fmt: skip


def _groups(form: Outline) -> None:
    for loose in form.loose:
        begins = loose.kind.startswith("begin")
        form.book.fault(
            "unbalanced", words.SURVEY, loose.row, "type",
            N_("“{kind}”（{name}）没有对应的“{other}”。") if begins
            else N_("“{kind}”之前没有对应的“{other}”。"),
            N_("请在这一组的最后加一行“{other}”。") if begins
            else N_("请删除这一行，或在这一组的开头加一行“{other}”。"),
            facts={
                "kind": loose.kind, "name": loose.name[:60],
                "other": loose.kind.replace("begin", "end") if begins
                else loose.kind.replace("end", "begin"),
            },
        )  # fmt: skip
    for group in form.groups:
        if len(group.parents) + 1 > MAX_DEPTH:
            form.book.fault(
                "too-deep", words.SURVEY, group.row, "type",
                N_("分组套了 {count} 层，超过 {limit} 层。"), N_("请减少层次。"),
                facts={"count": len(group.parents) + 1, "limit": MAX_DEPTH},
            )  # fmt: skip
        if not any(group in item.parents for item in form.items):
            form.book.fault(
                "empty-group", words.SURVEY, group.row, "type",
                N_("分组“{name}”里没有题目。"), N_("请删除这一组，或把题目移进去。"),
                facts={"name": group.name[:60]},
            )  # fmt: skip
    _blank_rows(form)


def _blank_rows(form: Outline) -> None:
    depth = 0
    for row in form.book[words.SURVEY].rows:
        kind, _list = words.type_of(row.get("type"))
        depth += kind.startswith("begin ") - kind.startswith("end ")
        if depth > 0 and not row.texts:
            form.book.fault(
                "blank-row", words.SURVEY, row, "type",
                N_("分组中间有空行。"), N_("请删除空行。"), warning=True,
            )  # fmt: skip


def _visit(form: Outline) -> None:
    item = form.by_name.get("visit")
    first = form.book[words.SURVEY].header_row + 1
    if item is None:
        form.book.fault(
            "no-visit", words.SURVEY, first, "name",
            N_("缺少名为 visit 的题：它保存访查编号，提交时据此找到任务。"),
            N_("请在第一题的位置加一行：类型 text，名称 visit，标签“访查编号”，必填 yes。"),
        )  # fmt: skip
        return
    if item.kind != "text" or item.parents or item.text("relevant"):
        form.book.fault(
            "visit-shape", words.SURVEY, item.row, "type",
            N_("visit 题应是文本题，不在分组里，没有跳转条件。"),
            N_("请改为 text，移到分组外，清空跳转条件。"),
        )  # fmt: skip
    asked = next((each for each in form.items if each.kind not in words.UNLABELLED), item)
    if asked is not item:
        form.book.fault(
            "visit-first", words.SURVEY, item.row, "name",
            N_("visit 题应是第一题。"), N_("请把这一行移到最前面。"),
        )  # fmt: skip
    if not is_yes(item.text("required")):
        form.book.fault(
            "visit-required", words.SURVEY, item.row, "required",
            N_("visit 题没有设为必填：用 ODK Collect 填写时可能漏掉。"), N_("请写 yes。"),
            warning=True,
        )  # fmt: skip


def _bounds(form: Outline) -> None:
    choices = sum(map(len, form.lists.values()))
    for count, limit, sheet, what in (
        (len(form.items), MAX_QUESTIONS, words.SURVEY, N_("有 {count} 道题，超过 {limit} 道。")),
        (choices, MAX_CHOICES, words.CHOICES, N_("有 {count} 个选项，超过 {limit} 个。")),
    ):
        if count > limit:
            form.book.fault(
                "too-many", sheet, None, "", what, N_("请拆成几张表单。"),
                facts={"count": count, "limit": limit},
            )  # fmt: skip
    if not any(i.kind not in words.UNLABELLED and i.name != "visit" for i in form.items):
        form.book.fault(
            "no-questions", words.SURVEY, None, "", N_("问卷里没有题目。"), N_("请从模板开始填写。")
        )


def _question(form: Outline, item: Item) -> None:
    row = item.row
    silent = item.kind in words.UNLABELLED
    labelled = any(form.book[words.SURVEY].languages("label"))
    if labelled and not silent and not (row.get("label::zh") or row.get("label::en")):
        form.book.fault(
            "no-label", words.SURVEY, row, "label::zh", N_("这道题没有标签。"), N_("请写上题目。")
        )
    if item.kind == "calculate" and not row.get("calculation"):
        form.book.fault(
            "no-calculation", words.SURVEY, row, "calculation",
            N_("计算题没有写公式。"), N_("请在“计算”列写公式。"),
        )  # fmt: skip
    required = is_yes(row.get("required"))
    if required and (silent or item.kind == "note"):
        form.book.fault(
            "required-silent", words.SURVEY, row, "required",
            N_("{kind} 没有人填写，不能设为必填。"), N_("请清空这一格。"),
            facts={"kind": item.kind},
        )  # fmt: skip
    elif (
        required
        and is_yes(row.get("read_only"))
        and not (row.get("default") or row.get("calculation"))
    ):
        form.book.fault(
            "required-read-only", words.SURVEY, row, "required",
            N_("这道题只读又必填，没有默认值或公式，无法完成。"), N_("请去掉其中一项。"),
        )  # fmt: skip
    _messages(form, row)
    for full, text in row.texts.items():
        if len(text) > LONGEST_TEXT:
            form.book.fault(
                "too-long", words.SURVEY, row, full,
                N_("这一格有 {count} 个字，超过 {limit} 个。"), N_("请改短。"),
                facts={"count": len(text), "limit": LONGEST_TEXT},
            )  # fmt: skip


def _messages(form: Outline, row: Row) -> None:
    message = row.get("constraint_message::zh") or row.get("constraint_message::en")
    if row.get("constraint") and not message:
        form.book.fault(
            "no-message", words.SURVEY, row, "constraint",
            N_("有约束，但没有写约束提示：填错的人不知道错在哪里。"),
            N_("请在“约束提示”列写明要求。"), warning=True,
        )  # fmt: skip
    elif message and not row.get("constraint"):
        form.book.fault(
            "message-alone", words.SURVEY, row, "constraint_message::zh",
            N_("有约束提示，但没有约束。"), N_("请写上约束，或清空提示。"), warning=True,
        )  # fmt: skip
