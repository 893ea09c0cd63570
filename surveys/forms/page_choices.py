"""Choices of lists that never change: noted in the XForm as one, written out in the page as many.

The style sheets take the most of their time for choices; written out here, each list is worded
once and copied into every question that uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from surveys.forms.page_parts import mark_up, tag

XFORMS = "http://www.w3.org/2002/xforms"
_X = f"{{{XFORMS}}}"
NAMES = {"x": XFORMS, "h": "http://www.w3.org/1999/xhtml"}
#: Begins the value of a choice that stands for a list; no form's own values begin so.
_NOTE = "\uf8ff"
_LIST = re.compile(r"instance\(\s*(['\"])(?P<id>[^'\"]+)\1\s*\)(?P<path>[^,\[)]*)")
_ITEXT = re.compile(r"itext\((?P<node>[^)]+)\)")
#: A noted choice as it stands in the page: a box with its label, or an option of a list.
_BOX = re.compile(
    rf'<label([^<>]*)><input([^<>]*?) value="({_NOTE}\d+)"([^<>]*)><span[^<>]*>[^<]*</span></label>'
)
_OPTION = re.compile(
    rf'<option value="({_NOTE}\d+)"([^<>]*)>[^<]*</option>(.*?<span class="or-option-translations"'
    rf"[^<>]*>)\s*(?:<span[^<>]*>[^<]*</span>)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Worded:
    """One choice, ready to be written: its value, its label, and its bare text by language."""

    value: str
    label: str
    texts: tuple[tuple[str, bool, str], ...]


def note(source: etree._Element) -> dict[str, list[Worded]]:
    """Put one choice in place of every list that never changes; answers the lists by their note.

    A list that a filter narrows stays, with its labels noted for the engine. Lists with a value
    of the form or a picture in a text are left to the style sheets.
    """
    model = source.find("h:head/x:model", NAMES)
    lists = {each.get("id"): each for each in model.iterfind("x:instance[@id]", NAMES)}
    spoken = _Spoken(model)
    worded: dict[str, list[Worded]] = {}
    notes: dict[tuple[str, str, str], str] = {}
    for itemset in list(source.iter(f"{_X}itemset")):
        value, label = itemset.find("x:value", NAMES), itemset.find("x:label", NAMES)
        nodeset = itemset.get("nodeset", "").strip()
        found = _LIST.search(nodeset)
        if value is None or label is None or found is None or found["id"] not in lists:
            continue
        held, ref = value.get("ref", ""), label.get("ref", "")
        if (nodeset, held, ref) in notes:
            _as_items(itemset, [(notes[nodeset, held, ref], "")])
            continue
        path = "/".join(f"x:{step}" for step in found["path"].strip().strip("/").split("/"))
        items = lists[found["id"]].findall(path, NAMES)
        named = _ITEXT.search(ref)
        shown = named["node"] if named else ref
        if found.group() != nodeset or not items:
            _leave_open(itemset, items if named else [], held, ref, shown)
            continue
        pairs = [(_child(each, held), _child(each, shown)) for each in items]
        if named and not spoken.plain(text for _value, text in pairs):
            _as_items(itemset, pairs)
            continue
        noted = notes[nodeset, held, ref] = f"{_NOTE}{len(notes)}"
        worded[noted] = [
            _worded(each, text if named else "", spoken.of(text) if named else [("", True, text)])
            for each, text in pairs
        ]
        _as_items(itemset, [(noted, "")])
    return worded


def write_out(page: str, lists: Mapping[str, list[Worded]], *, translated: bool) -> str:
    """The page with every choice of the lists in the place of their note."""

    def boxes(found: re.Match[str]) -> str:
        around, before, noted, after = found.groups()
        return "".join(
            f'<label{around}><input{before} value="{escape(each.value)}"{after}>'
            f"{each.label}</label>"
            for each in lists[noted]
        )

    def options(found: re.Match[str]) -> str:
        noted, more, beside = found.groups()
        shown = "".join(
            f'<option value="{escape(each.value)}"{more}>{escape(_active(each))}</option>'
            for each in lists[noted]
        )
        called = "".join(
            f'<span data-option-value="{escape(each.value)}" lang="{escape(language)}">'
            f"{escape(text)}</span>"
            for each in (lists[noted] if translated else ())
            for language, _active, text in each.texts
        )
        return shown + beside + called

    return _OPTION.sub(options, _BOX.sub(boxes, page)) if lists else page


def _active(choice: Worded) -> str:
    return next((text for _language, active, text in choice.texts if active), "")


class _Spoken:
    """The texts of a form by their id."""

    def __init__(self, model: etree._Element) -> None:
        languages = model.findall("x:itext/x:translation", NAMES)
        default = next((each for each in languages if each.get("default")), None)
        first = default if default is not None else next(iter(languages), None)
        self.languages = [
            (tag(each.get("lang", "")), each is first, {text.get("id"): text for text in each})
            for each in languages
        ]

    def plain(self, ids: Iterable[str]) -> bool:
        """Whether these are nothing but words, in every language."""
        return all(
            len(text) == 1 and not len(text[0]) and not text[0].get("form")
            for each in ids
            for _language, _active, texts in self.languages
            if (text := texts.get(each)) is not None
        )

    def of(self, key: str) -> list[tuple[str, bool, str]]:
        """A text in every language it has: tag, whether the first shown, words."""
        return [
            (language, active, texts[key][0].text or "")
            for language, active, texts in self.languages
            if key in texts
        ]


def _worded(value: str, key: str, texts: list[tuple[str, bool, str]]) -> Worded:
    label, bare = "", []
    for language, active, words in texts:
        made = etree.Element("span", lang=language)
        made.set("class", "option-label active" if active else "option-label ")
        if key:
            made.set("data-itext-id", key)
        made.text = words
        mark_up(made)
        label += etree.tostring(made, method="html", encoding="unicode")
        bare.append((language, active, "".join(made.itertext())))
    return Worded(value, label, tuple(bare))


def _leave_open(
    itemset: etree._Element, items: list[etree._Element], value: str, label: str, shown: str
) -> None:
    itemset.set("valueRef", value)
    itemset.set("labelRef", label)
    for item in items:
        etree.SubElement(itemset, f"{_X}{shown}").text = _child(item, shown)


def _as_items(itemset: etree._Element, pairs: list[tuple[str, str]]) -> None:
    """Choices as the style sheets take them; a label of texts by their id."""
    for value, text in pairs:
        item = etree.Element(f"{_X}item")
        label = etree.SubElement(item, f"{_X}label")
        if text:
            label.set("ref", f"jr:itext('{text}')")
        else:
            label.text = value
        etree.SubElement(item, f"{_X}value").text = value
        itemset.addprevious(item)
    itemset.getparent().remove(itemset)


def _child(item: etree._Element, name: str) -> str:
    return str(item.findtext(f"x:{name}", "", NAMES))
