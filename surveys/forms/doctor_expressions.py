"""The doctor reads every expression: can it be read, and is there what it names?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Row
from surveys.forms.document import SELECTS
from surveys.forms.expressions import WRONG, ExpressionError, Node, parse
from surveys.forms.functions import FUNCTIONS, OTHER_NAMES, OUTSIDE
from surveys.forms.outline import Group, Item, Outline

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_LOOSE = re.compile(r"\$(?!\{)|\$\{[^}]*$")
LISTED = 8


def check(form: Outline) -> None:
    """Note every fault of the expressions, and of the ``${name}`` in texts."""
    parts: list[Item | Group] = [*form.items, *form.groups]
    for part in parts:
        own = part if isinstance(part, Item) else None
        for key, text in expressions_of(part.row):
            tree = _read(form, part.row, key, text)
            if tree is not None:
                _Reading(form, part.row, key, own).look(tree)
        for full, text in part.row.texts.items():
            if full.startswith(("label", "hint", "guidance_hint", "constraint_message",
                                "required_message", "trigger")):  # fmt: skip
                _references(form, part.row, full, text)


def expressions_of(row: Row) -> Iterator[tuple[str, str]]:
    """The cells of a row that hold expressions."""
    for key in words.EXPRESSIONS:
        if row.get(key):
            yield key, row.get(key)
    for key in ("required", "read_only"):
        if words.plain(row.get(key)) not in words.YES | words.NO:
            yield key, row.get(key)
    if re.search(r"\$\{|\w\(.*\)", row.get("default")):
        yield "default", row.get("default")


def _read(form: Outline, row: Row, key: str, text: str) -> Node | None:
    try:
        return parse(text)
    except ExpressionError as error:
        form.book.fault(
            f"expression-{error.code}", words.SURVEY, row, key, WRONG[error.code], _HOW[error.code],
            facts=error.facts,
        )  # fmt: skip
        return None


_HOW = {
    "quote": N_("文字两边都用英文单引号，例如 'no'。"),
    "bracket": N_("请检查每个 ( 和 [ 都有对应的结束括号。"),
    "extra-bracket": N_("请删除多余的括号，或补上前面的括号。"),
    "reference": N_("引用其他题写作 ${{名称}}，大括号要成对。"),
    "sign": N_("只用英文半角符号；文字放在引号里。"),
    "operand": N_("例如 ${{a}} = 'yes' and ${{b}} > 3。"),
    "deep": N_("请拆成几道计算题。"),
    "empty": N_("请写上条件，或清空这一格。"),
}


def _references(form: Outline, row: Row, full: str, text: str) -> None:
    """``${name}`` within a text for people."""
    for found in _REFERENCE.finditer(text):
        _known(form, row, full, found[1].strip())
    if _LOOSE.search(text):
        form.book.fault(
            "expression-reference", words.SURVEY, row, full,
            WRONG["reference"], _HOW["reference"],
            facts={"near": text[max(0, text.find("$") - 4) :][:24]},
        )  # fmt: skip


def _known(form: Outline, row: Row, full: str, name: str) -> None:
    if name in form.by_name or name in form.group_names:
        return
    name = name.removeprefix("last-saved#")
    near = get_close_matches(name, [*form.by_name, *form.group_names], 1, 0.5)
    form.book.fault(
        "unknown-reference", words.SURVEY, row, full,
        N_("没有名为“{name}”的题。"),
        N_("是否应为 ${{{near}}}？") if near else N_("请检查“名称”列。"),
        facts={"name": name[:60], "near": near[0] if near else ""},
    )  # fmt: skip


class _Reading:
    """One expression of one row."""

    def __init__(self, form: Outline, row: Row, key: str, item: Item | None) -> None:
        self.form, self.row, self.key, self.item = form, row, key, item

    def fault(self, code: str, what: str, mend: str = "", **facts: object) -> None:
        facts = {"column": self.key, **facts}  # texts with {{ are only whole once they are filled
        self.form.book.fault(code, words.SURVEY, self.row, self.key, what, mend, facts=facts)

    def look(self, tree: Node) -> None:
        for node in tree.walk():
            if node.kind == "reference":
                _known(self.form, self.row, self.key, node.text)
            elif node.kind == "call":
                self.called(node)
            elif node.kind == "compare":
                self.compared(node)
            elif node.kind == "path":
                self.path(node)

    def called(self, node: Node) -> None:
        """A function: known, with as many arguments as it takes, and choices that exist."""
        name = node.text
        if name in OUTSIDE:
            self.fault(
                "outside-function",
                N_("不支持函数 {name}()：它要读取表单以外的数据。"),
                N_("请把数据写进“选项”工作表，用 choice_filter 筛选。"),
                name=name,
            )
            return
        if name not in FUNCTIONS:
            near = OTHER_NAMES.get(name.lower()) or next(
                iter(get_close_matches(name.lower(), FUNCTIONS, 1, 0.6)), ""
            )
            self.fault(
                "unknown-function",
                N_("没有函数 {name}()。"),
                N_("是否应为 {near}()？") if near else N_("可用的函数见模板的说明。"),
                name=name[:60],
                near=near,
            )
            return
        least, most = FUNCTIONS[name]
        count = len(node.parts)
        if count < least or (most is not None and count > most):
            wanted = str(least) if most == least else f"{least}–{'…' if most is None else most}"
            self.fault(
                "argument-count",
                N_("函数 {name}() 应有 {wanted} 个参数，这里有 {count} 个。"),
                N_("请检查逗号和括号。"),
                name=name,
                wanted=wanted,
                count=count,
            )
        elif name == "selected" and node.parts[1].kind in ("literal", "number"):
            self.choice(node.parts[0], node.parts[1].text)
        elif name == "jr:choice-name":
            self.choice_name(node)

    def choice_name(self, node: Node) -> None:
        quoted = node.parts[1].text if node.parts[1].kind == "literal" else ""
        found = _REFERENCE.fullmatch(quoted.strip())
        if not found:
            self.fault(
                "choice-name",
                N_("jr:choice-name() 的第二个参数应是加引号的题目名称。"),
                N_("例如 jr:choice-name(${{q}}, '${{q}}')。"),
            )
            return
        _known(self.form, self.row, self.key, found[1])

    def compared(self, node: Node) -> None:
        """A select against a choice: the choice must be in its list."""
        for this, that in (node.parts, node.parts[::-1]):
            if that.kind in ("literal", "number"):
                item = self.select(this)
                if item is None:
                    continue
                if that.text:
                    self.choice(this, that.text)
                if item.kind == "select_multiple" and that.text:
                    self.form.book.fault(
                        "compare-multiple", words.SURVEY, self.row, self.key,
                        N_("多选题“{name}”不能用 {sign} 比较：勾选两项就不相等了。"),
                        N_("请改为 selected(${{{name}}}, '{choice}')。"), warning=True,
                        facts={"name": item.name, "sign": node.text, "choice": that.text[:60]},
                    )  # fmt: skip

    def select(self, node: Node) -> Item | None:
        """The select that a node stands for: ``${q}``, or ``.`` in a row of its own."""
        item = None
        if node.kind == "reference":
            item = self.form.by_name.get(node.text)
        elif node.kind == "path" and node.text == ".":
            item = self.item
        return item if item is not None and item.kind in SELECTS else None

    def choice(self, node: Node, name: str) -> None:
        item = self.select(node)
        if item is None or item.list_name not in self.form.lists:
            return
        names = self.form.choices(item)
        if name in names:
            return
        labels = {
            row.get(f"label::{language}"): row.get("name")
            for row in self.form.lists[item.list_name]
            for language in words.LANGUAGES
        }
        near = labels.get(name) or next(iter(get_close_matches(name, names, 1, 0.5)), "")
        shown = ", ".join(names[:LISTED]) + ("…" if len(names) > LISTED else "")
        self.fault(
            "unknown-choice",
            N_("“{name}”的选项里没有“{choice}”（有 {shown}），这个条件永远不成立。"),
            N_("是否应为 '{near}'？") if near else N_("请改为列表里的选项名。"),
            name=item.name,
            choice=name[:60],
            shown=shown,
            near=near,
        )

    def path(self, node: Node) -> None:
        """A bare word: a forgotten ``${…}``, forgotten quotes, or a column of the choices."""
        said = node.text
        if said in (".", "..") or "/" in said or "[" in said:
            if not said.isascii():
                self.chinese(said)
            return
        if self.key == "choice_filter":
            columns = {*self.form.book[words.CHOICES].extra, "name", "label", "itextId"}
            if said not in columns:
                near = get_close_matches(said, columns, 1, 0.5)
                self.fault(
                    "unknown-filter-column",
                    N_("“选项”工作表没有“{column}”列。"),
                    N_("是否应为 {near}？")
                    if near
                    else N_("请加上这一列，或引用题目时写 ${{名称}}。"),
                    column=said[:60],
                    near=near[0] if near else "",
                )
            return
        if said in self.form.by_name:
            self.fault(
                "bare-name", N_("“{name}”没有写成引用。"), N_("请写 ${{{name}}}。"), name=said
            )
        elif not said.isascii():
            self.chinese(said)
        else:
            choice = any(
                said == row.get("name") for rows in self.form.lists.values() for row in rows
            )
            self.fault(
                "bare-word",
                N_("“{name}”既不是引用，也没有加引号。"),
                N_("请写 '{name}'。") if choice else N_("引用题目写 ${{名称}}，文字加英文引号。"),
                name=said[:60],
            )

    def chinese(self, said: str) -> None:
        self.fault(
            "chinese-in-expression",
            N_("表达式里直接写了“{name}”。"),
            N_("引用题目写 ${{英文名称}}；文字加英文引号。"),
            name=said[:60],
        )
