"""What changed between two versions of a form, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree

from evaluation.framework.methods import method_name
from evaluation.platform.i18n import N_, _, listed
from surveys.forms.document import Choice, FormDocument, Question, Words
from surveys.forms.logic_form import XFORMS

ADDED, REMOVED, MOVED, CHANGED = "added", "removed", "moved", "changed"
KINDS = {ADDED: N_("新增"), REMOVED: N_("删除"), MOVED: N_("移动"), CHANGED: N_("修改")}
PARTS = {
    "form": N_("表单"),
    "questions": N_("题目"),
    "choices": N_("选项"),
    "kit": N_("访查包"),
}
FIELDS = {
    "title_zh": N_("标题（中文）"),
    "title_en": N_("标题（英文）"),
    "method": N_("采集方式"),
    "languages": N_("语言"),
    "label_zh": N_("标签（中文）"),
    "label_en": N_("标签（英文）"),
    "hint_zh": N_("提示（中文）"),
    "hint_en": N_("提示（英文）"),
    "path": N_("所在分组"),
    "kind": N_("题型"),
    "list_name": N_("选项列表"),
    "required": N_("必填"),
    "relevant": N_("跳转条件"),
    "constraint": N_("约束"),
    "calculation": N_("计算"),
    "appearance": N_("外观"),
    "indicator": N_("指标代码"),
    "score_rule": N_("计分规则"),
    "across_visits": N_("多次汇总"),
    "evidence": N_("佐证"),
    "measure": N_("整改措施"),
    "department": N_("责任部门"),
    "severity": N_("严重程度"),
    "fails_when": N_("不合格条件"),
    "integrity": N_("诚信答案"),
    "timer": N_("计时步骤"),
    "cells": N_("筛选列"),
    "minutes": N_("分钟"),
    "text_zh": N_("文字（中文）"),
    "text_en": N_("文字（英文）"),
    "order": N_("次序"),
}
_COLUMNS = (
    *("kind", "list_name", "required", "relevant", "appearance", "indicator", "score_rule"),
    *("across_visits", "evidence", "measure", "department", "severity", "fails_when"),
    *("integrity", "timer"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``item`` names the question, choice or step; ``field`` is a key of
    `FIELDS`, empty where the whole item came, went or moved."""

    kind: str
    part: str
    item: str
    field: str = ""
    before: str = ""
    after: str = ""

    def explain(self) -> str:
        """The difference in the current language."""
        facts = {
            "part": _(PARTS[self.part]),
            "item": self.item,
            "field": _(FIELDS[self.field]) if self.field else "",
            "before": self.before or "∅",
            "after": self.after or "∅",
        }
        if self.kind == ADDED:
            return _("新增{part}：{item}", **facts)
        if self.kind == REMOVED:
            return _("删除{part}：{item}", **facts)
        if self.kind == MOVED:
            return _("{part}“{item}”移到了别处：{before} → {after}", **facts)
        return _("{part}“{item}”的{field}由“{before}”改为“{after}”", **facts)


def diff(
    old: FormDocument, new: FormDocument, *, old_xform: str = "", new_xform: str = ""
) -> list[Change]:
    """Everything that differs. The XForms tell of constraints and calculations, which the
    document leaves to the engines."""
    changes = list(_fields("form", "", _form(old), _form(new)))
    changes += _questions(old, new, _rules(old_xform), _rules(new_xform))
    changes += _choices(old, new)
    changes += _kit(old, new)
    return changes


def _form(document: FormDocument) -> dict[str, str]:
    return {
        "title_zh": document.title.zh,
        "title_en": document.title.en,
        "method": method_name(document.method),
        "languages": ", ".join(document.languages),
    }


def _fields(
    part: str, item: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Change]:
    for field in FIELDS:
        was, now = before.get(field, ""), after.get(field, "")
        if was != now:
            yield Change(CHANGED, part, item, field, was, now)


def _questions(
    old: FormDocument,
    new: FormDocument,
    old_rules: Mapping[str, dict[str, str]],
    new_rules: Mapping[str, dict[str, str]],
) -> Iterator[Change]:
    for question in old.questions:
        if question.name not in new.by_name:
            yield Change(REMOVED, "questions", _named(question))
    before = [q.name for q in old.questions if q.name in new.by_name]
    after = [q.name for q in new.questions if q.name in old.by_name]
    moved = _moved(before, after)
    for question in new.questions:
        was = old.by_name.get(question.name)
        if was is None:
            yield Change(ADDED, "questions", _named(question))
            continue
        if was.path != question.path:
            yield Change(
                MOVED, "questions", _named(question), "path",
                old.place(was), new.place(question),
            )  # fmt: skip
        elif question.name in moved:
            yield Change(
                MOVED, "questions", _named(question), "order",
                _after(old, was), _after(new, question),
            )  # fmt: skip
        yield from _fields(
            "questions", _named(question),
            _columns(was) | old_rules.get(was.path, {}),
            _columns(question) | new_rules.get(question.path, {}),
        )  # fmt: skip


def _named(question: Question) -> str:
    return f"{question.name} {question.label}".strip()


def _after(document: FormDocument, question: Question) -> str:
    at = document.questions.index(question)
    if at == 0:
        return _("最前面")
    return _("在“{name}”之后", name=document.questions[at - 1].name)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest names that have to move to make one order of the other."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = {
        name for block in matcher.get_matching_blocks()
        for name in before[block.a : block.a + block.size]
    }  # fmt: skip
    return set(before) - kept


def _words(key: str, words: Words) -> dict[str, str]:
    return {f"{key}_zh": words.zh, f"{key}_en": words.en}


def _columns(question: Question) -> dict[str, str]:
    said = {key: _said(getattr(question, key)) for key in _COLUMNS}
    return {**said, **_words("label", question.label), **_words("hint", question.hint)}


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, tuple):
        return listed(value)
    return "" if value is None else str(value)


def _rules(xform: str) -> dict[str, dict[str, str]]:
    """Constraints and calculations by path, paths shortened to ``${name}``."""
    if not xform:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xform.encode(), parser)
    found = {}
    for bind in root.iter(f"{XFORMS}bind"):
        rules = {
            field: " ".join(bind.get(attribute, "").split())
            for field, attribute in (("constraint", "constraint"), ("calculation", "calculate"))
        }
        found[bind.get("nodeset")] = rules
    return found


def _choices(old: FormDocument, new: FormDocument) -> Iterator[Change]:
    for name in (*old.lists, *(each for each in new.lists if each not in old.lists)):
        before = {each.name: each for each in old.lists.get(name, ())}
        after = {each.name: each for each in new.lists.get(name, ())}
        for choice in before.values():
            if choice.name not in after:
                yield Change(REMOVED, "choices", _chosen(name, choice))
        moved = _moved([c for c in before if c in after], [c for c in after if c in before])
        for choice in after.values():
            was = before.get(choice.name)
            if was is None:
                yield Change(ADDED, "choices", _chosen(name, choice))
                continue
            if choice.name in moved:
                places = (str(list(each).index(choice.name) + 1) for each in (before, after))
                yield Change(MOVED, "choices", _chosen(name, choice), "order", *places)
            yield from _fields(
                "choices", _chosen(name, choice), _choice_columns(was), _choice_columns(choice)
            )


def _chosen(list_name: str, choice: Choice) -> str:
    return f"{list_name}: {choice.name} {choice.label}".strip()


def _choice_columns(choice: Choice) -> dict[str, str]:
    cells = ", ".join(f"{key}={value}" for key, value in sorted(choice.cells.items()))
    return {**_words("label", choice.label), "cells": cells}


def _kit(old: FormDocument, new: FormDocument) -> Iterator[Change]:
    before, after = _kit_items(old), _kit_items(new)
    for item in before:
        if item not in after:
            yield Change(REMOVED, "kit", item)
    for item, fields in after.items():
        if item not in before:
            yield Change(ADDED, "kit", item)
        else:
            yield from _fields("kit", item, before[item], fields)


def _kit_items(document: FormDocument) -> dict[str, dict[str, str]]:
    kit = document.kit
    items = {}
    for key, words in ((_("情景"), kit.scenario), (_("准备"), kit.preparation)):
        if words.zh or words.en:
            items[key] = _words("text", words)
    for story in kit.stories:
        items[_("身份 {code}", code=story.code)] = _words("text", story.text)
    for at, step in enumerate(kit.script, 1):
        items[_("脚本 {code}", code=step.code)] = {
            **_words("text", step.text),
            "minutes": "" if step.minutes is None else f"{step.minutes:g}",
            "order": str(at),
        }
    return items
