"""Questions of a form's page: a head that labels its control, and what is filled by a widget."""

from __future__ import annotations

from lxml import etree

#: Kinds of a file by what it may be; the browser's engine has a widget for each.
FILES = {"image/*": "photo", "audio/*": "audio", "video/*": "video"}
DRAWN = frozenset({"signature", "draw", "annotate"})
NUMBERS = {"int": "numeric", "decimal": "decimal"}


def classes(element: etree._Element) -> list[str]:
    """The classes of an element, in their order."""
    return str(element.get("class", "")).split()


def add_class(element: etree._Element, *names: str) -> None:
    """Put classes behind those that the element has."""
    element.set("class", " ".join([*classes(element), *names]))


def settle(form: etree._Element) -> None:
    """Give every question its head, its kind of control, and the name of its widget."""
    for question in list(form.iter("label", "fieldset")):
        if "question" not in classes(question):
            continue
        control = next(question.iter("input", "select", "textarea"), None)
        if control is None:
            continue
        widget = _widget(question, control)
        if widget:
            question.set("data-widget", widget)
            control.set("type", "text")
            control.set("hidden", "hidden")
            control.attrib.pop("min", None) if widget != "range" else None
        elif control.get("type") == "number":
            control.set("type", "text")
            control.set("inputmode", NUMBERS.get(str(control.get("data-type-xml")), "decimal"))
        if question.tag == "label":
            _give_head(question, control, "div" if widget else "label")


def _widget(question: etree._Element, control: etree._Element) -> str:
    kind = control.get("data-type-xml")
    if kind == "binary":
        appearances = {name.removeprefix("or-appearance-") for name in classes(question)}
        if appearances & DRAWN:
            return "signature"
        return FILES.get(str(control.get("accept")), "file")
    if kind == "geopoint":
        return "position"
    if "rank" in classes(control):
        return "rank"
    if control.tag == "input" and control.get("min") is not None:
        return "range"
    return ""


def _give_head(question: etree._Element, control: etree._Element, tag: str) -> None:
    """What stands before the control becomes its label; the question itself is a block."""
    head = etree.Element(tag)
    head.set("class", "question-head")
    for child in list(question):
        if child is control or child.tag in ("select", "datalist"):
            break
        head.append(child)
    question.tag = "div"
    question.insert(0, head)
