"""The page of a form after the style sheets: appearances, languages, media, texts, and a filter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from surveys.forms import page_filter, page_questions
from surveys.forms.page_questions import add_class, classes

TEXTS = (
    "question-label",
    "option-label",
    "or-hint",
    "or-constraint-msg",
    "or-required-msg",
)
_MEDIA = re.compile(r"^jr://(?:images|audio|video)/([^/\\]+)$")
_TAG = re.compile(r"\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*\)\s*$")
_MARK = re.compile(r"\*\*(?=\S)(?P<strong>[^*\n]+?)(?<=\S)\*\*|\*(?=\S)(?P<em>[^*\n]+?)(?<=\S)\*")


def finish(form: etree._Element) -> None:
    """Change the form element in place into what the engine and its style sheet expect."""
    _drop_frame(form)
    _settle_actions(form)
    _appearances(form)
    _languages(form)
    _headings(form)
    _media(form)
    page_questions.settle(form)
    _engine_words(form)
    for element in form.xpath(".//span[contains(., '*') or contains(., '\n')]"):
        if any(name in TEXTS for name in classes(element)):
            mark_up(element)
    _hide(form)
    page_filter.keep_what_is_listed(form)


def _drop_frame(form: etree._Element) -> None:
    """Title and logo are the host's; comments say nothing to a browser."""
    for path in ("section[@class='form-logo']", "*[@id='form-title']"):
        for element in form.findall(path):
            form.remove(element)
    etree.strip_tags(form, etree.Comment, etree.ProcessingInstruction)


def _settle_actions(form: etree._Element) -> None:
    """An action on a question's value stands beside its control, or on it when it is its own."""
    for kind in ("setvalue", "setgeopoint"):
        note = f"data-{kind}"
        for action in list(form.iterfind(f".//label/input[@{note}]")):
            label = action.getparent()
            if any("question" in classes(each) for each in label.iterancestors()):
                _replace(label, action)
                continue
            control = _control(form, str(action.get("name")))
            if control is not None:
                control.set(note, str(action.get(note, "")))
                control.set("data-event", str(action.get("data-event", "")))
                label.getparent().remove(label)


def _control(form: etree._Element, name: str) -> etree._Element | None:
    for element in form.iter("input", "select", "textarea"):
        if element.get("name") == name and element.get("type") != "hidden":
            return element
    return None


def _appearances(form: etree._Element) -> None:
    for element in form.iterfind(".//*[@data-appearances]"):
        named = str(element.get("data-appearances")).lower().split()
        shown = [f"or-appearance-{each}" for each in named if re.fullmatch(r"[\w-]+", each)]
        if element.get("data-appearances-select-type") is not None:
            columns = {"horizontal": "columns", "horizontal-compact": "columns-pack"}
            shown += [f"or-appearance-{columns[each]}" for each in named if each in columns]
        kept = [each for each in classes(element) if each != "or-appearances-placeholder"]
        element.set("class", " ".join([*kept, *shown]))


def _languages(form: etree._Element) -> None:
    """Ours are written 中文 (zh) and English (en); browsers want the part in brackets."""
    for attribute in ("lang", "data-default-lang"):
        for element in form.xpath(f".//*[string(@{attribute})]"):
            element.set(attribute, tag(str(element.get(attribute))))
    for option in form.iterfind("select[@id='form-languages']/option"):
        option.set("value", tag(str(option.get("value", ""))))
        option.set("data-dir", "ltr")


@lru_cache(maxsize=64)
def tag(language: str) -> str:
    """``zh`` of ``中文 (zh)``; a language without a bracket is its own tag."""
    found = _TAG.search(language)
    return found[1] if found else language.strip()


def _engine_words(form: etree._Element) -> None:
    """Texts that are the engine's own are filled in by it, in the language of the moment."""
    for star in form.iterfind(".//span[@class='required']"):
        star.set("data-i18n", "form.required")
    for option in form.iterfind(".//option[@value='']"):
        option.set("data-i18n", "select.none")
    for button in form.iter("fieldset"):
        if "trigger" in classes(button):
            for label in button.iterfind(".//label/span"):
                label.set("data-i18n", "trigger.ok")


def _headings(form: etree._Element) -> None:
    """Groups come under the host's h1."""
    for heading in form.iter("h4"):
        depth = sum(each.find("h2") is not None for each in heading.iterancestors("section"))
        heading.tag = "h3" if depth else "h2"


def _media(form: etree._Element) -> None:
    """A picture or sound is named, and the host finds it; nothing is loaded from an address."""
    for link in list(form.iter("a")):
        inside = link.find("img")
        link.getparent().remove(link) if inside is None else _replace(link, inside)
    for element in list(form.iter("img", "audio", "video")):
        named = _MEDIA.match(str(element.get("src", "")))
        if named is None:
            element.getparent().remove(element)
            continue
        element.set("data-media", named[1])
        if element.tag == "img":
            element.set("alt", "")
        else:
            element.text = None


def _replace(element: etree._Element, by: etree._Element) -> None:
    by.tail = element.tail
    element.getparent().replace(element, by)


def mark_up(element: etree._Element) -> None:
    """Line breaks, ``**strong**``, ``*emphasis*`` and bullets; all else is text as it is."""
    inside = list(element)
    texts = [element.text, *(child.tail for child in inside)]
    if not any(text and ("*" in text or "\n" in text.strip()) for text in texts):
        return
    element.text = None
    for child in inside:
        element.remove(child)
        child.tail = None
    for index, text in enumerate(texts):
        if index:
            element.append(inside[index - 1])
        for piece in _pieces(text or ""):
            _append(element, piece)


def _append(element: etree._Element, piece: str | etree._Element) -> None:
    if not isinstance(piece, str):
        element.append(piece)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + piece
    else:
        element.text = (element.text or "") + piece


def _pieces(text: str) -> Iterator[str | etree._Element]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield etree.Element("br")
        line = re.sub(r"^\s*[-*]\s+", "• ", line)
        end = 0
        for found in _MARK.finditer(line):
            yield line[end : found.start()]
            kind = str(found.lastgroup)
            marked = etree.Element(kind)
            marked.text = found[kind]
            yield marked
            end = found.end()
        yield line[end:]


def _hide(form: etree._Element) -> None:
    """No style in the page: what is never seen is hidden, the visit's code is, pages are noted."""
    for element in form.iterfind(".//*[@style]"):
        element.set("hidden", "hidden")
    for languages in form.findall("select[@id='form-languages']"):
        languages.set("hidden", "hidden")
    if "pages" in classes(form):
        kept = [each for each in classes(form) if each != "pages"]
        form.set("class", " ".join([*kept, "in-pages"]))
    for question in form.findall("div"):
        control = question.find("input")
        if control is not None and re.fullmatch(r"/[^/]+/visit", str(control.get("name"))):
            add_class(question, "or-visit")
