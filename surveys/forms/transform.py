"""An XForm becomes a page for browsers: the form as HTML, its data as a model.

Enketo's two style sheets do the main part, here in Python and once, when a version is made. What
its JavaScript does before and after them is written anew below, and stricter: what comes out has
only elements and attributes of a list, so that nothing a form's author writes can run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from evaluation.platform.pages import DIST
from surveys.forms import page_parts

NAMES = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "orx": "http://openrosa.org/xforms",
}


class AssetsNotBuilt(RuntimeError):
    """The style sheets are not there; ``scripts/build_assets.py`` puts them in place."""


class NotAnXForm(ValueError):
    """What was given is no well-formed XForm of ours."""


@dataclass(frozen=True, slots=True)
class Page:
    """A form for the browser's engine: ``form`` is HTML, ``model`` XML, both one element."""

    form: str
    model: str


def to_page(xform: str) -> Page:
    """The page of an XForm as pyxform writes it.

    Raises `NotAnXForm` where it is none and `AssetsNotBuilt` where the style sheets are missing.
    """
    source = _read(xform)
    _prepare_calculations(source)
    _prepare_selects(source)
    _prepare_itemsets(source)
    try:
        form = _sheet("form_page")(source).getroot().find("form")
        model = _sheet("form_model")(source).getroot()[0]
    except (etree.XSLTError, AttributeError, IndexError) as fault:
        raise NotAnXForm(f"the form cannot be laid out: {fault}") from fault
    page_parts.finish(form)
    etree.cleanup_namespaces(form.getroottree())
    return Page(
        form=etree.tostring(form, method="html", encoding="unicode", with_tail=False),
        model=etree.tostring(model, encoding="unicode", with_tail=False),
    )


def _read(xform: str) -> etree._Element:
    if "<!DOCTYPE" in xform or "<!ENTITY" in xform:
        raise NotAnXForm("a document type has no place in a form")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        source = etree.fromstring(xform.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise NotAnXForm(str(fault)) from fault
    if source.find("h:head/x:model/x:instance", NAMES) is None:
        raise NotAnXForm("there is no model with an instance")
    return source


@lru_cache(maxsize=2)
def _sheet(name: str) -> etree.XSLT:
    path = DIST / f"{name}.xsl"
    if not path.is_file():
        raise AssetsNotBuilt(f"{path} is missing: run python scripts/build_assets.py")
    return etree.XSLT(etree.parse(path), access_control=etree.XSLTAccessControl.DENY_ALL)


_LIST = re.compile(r"instance\(\s*(['\"])(?P<id>[^'\"]+)\1\s*\)(?P<path>[^,\[)]*)")
_ITEXT = re.compile(r"itext\((?P<node>[^)]+)\)")
_X = f"{{{NAMES['x']}}}"


def _prepare_calculations(source: etree._Element) -> None:
    """A calculation nobody sees carries its condition inside: the engine has one field for all its
    rows, which cannot be relevant in one row and not in another."""
    shown = {each.get("ref") for each in source.find("h:body", NAMES).iter() if each.get("ref")}
    for bind in source.iterfind("h:head/x:model/x:bind[@calculate][@relevant]", NAMES):
        if bind.get("nodeset") not in shown:
            condition = bind.attrib.pop("relevant")
            bind.set("calculate", f"if({condition}, {bind.get('calculate')}, '')")


def _prepare_selects(source: etree._Element) -> None:
    """Lists on a phone are the phone's own; many at once are always shown as boxes to tick."""
    for select in source.iter(f"{_X}select", f"{_X}select1"):
        asked = select.get("appearance", "").split()
        shown = [{"autocomplete": "minimal", "search": "minimal"}.get(each, each) for each in asked]
        if select.tag == f"{_X}select":
            shown = [each for each in shown if each != "minimal"]
        if shown != asked:
            select.set("appearance", " ".join(shown))


def _prepare_itemsets(source: etree._Element) -> None:
    """Write lists that never change out as items; note on the others where their labels are."""
    lists = {
        each.get("id"): each for each in source.iterfind("h:head/x:model/x:instance[@id]", NAMES)
    }
    for itemset in list(source.iter(f"{_X}itemset")):
        value, label = itemset.find("x:value", NAMES), itemset.find("x:label", NAMES)
        nodeset = itemset.get("nodeset", "").strip()
        found = _LIST.search(nodeset)
        if value is None or label is None or found is None or found["id"] not in lists:
            continue
        path = "/".join(f"x:{step}" for step in found["path"].strip().strip("/").split("/"))
        items = lists[found["id"]].findall(path, NAMES)
        named = _ITEXT.search(label.get("ref", ""))
        shown = named["node"] if named else label.get("ref", "")
        if found.group() == nodeset and items:
            _write_out(itemset, items, value.get("ref", ""), shown, translated=named is not None)
            continue
        itemset.set("valueRef", value.get("ref", ""))
        itemset.set("labelRef", label.get("ref", ""))
        for item in items if named else ():
            etree.SubElement(itemset, f"{_X}{shown}").text = item.findtext(f"x:{shown}", "", NAMES)


def _write_out(
    itemset: etree._Element,
    items: list[etree._Element],
    value: str,
    shown: str,
    *,
    translated: bool,
) -> None:
    for item in items:
        written = etree.Element(f"{_X}item")
        label = etree.SubElement(written, f"{_X}label")
        text = item.findtext(f"x:{shown}", "", NAMES)
        if translated:
            label.set("ref", f"jr:itext('{text}')")
        else:
            label.text = text
        etree.SubElement(written, f"{_X}value").text = item.findtext(f"x:{value}", "", NAMES)
        itemset.addprevious(written)
    itemset.getparent().remove(itemset)
