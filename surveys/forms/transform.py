"""An XForm becomes a page for browsers: the form as HTML, its data as a model.

Enketo's two style sheets do the main part, here in Python and once, when a version is made. What
its JavaScript does before and after them is written anew below, and stricter: what comes out has
only elements and attributes of a list, so that nothing a form's author writes can run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from evaluation.platform.pages import DIST
from surveys.forms import page_choices, page_parts

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
    lists = page_choices.note(source)
    try:
        form = _sheet("form_page")(source).getroot().find("form")
        model = _sheet("form_model")(source).getroot()[0]
    except (etree.XSLTError, AttributeError, IndexError) as fault:
        raise NotAnXForm(f"the form cannot be laid out: {fault}") from fault
    page_parts.finish(form)
    etree.cleanup_namespaces(form.getroottree())
    written = etree.tostring(form, method="html", encoding="unicode", with_tail=False)
    translated = len(form.findall("select[@id='form-languages']/option")) > 1
    return Page(
        form=page_choices.write_out(written, lists, translated=translated),
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
