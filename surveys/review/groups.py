"""What a form calls its groups, read from its XForm. Pure."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from surveys.forms.document import Words

XFORMS = "{http://www.w3.org/2002/xforms}"
ITEXT = "jr:itext('"


@lru_cache(maxsize=64)
def labels(xform: str) -> dict[str, Words]:
    """Labels of groups and repeats by path; those without a label are left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xform.encode(), parser)
    told = _texts(root)
    found: dict[str, Words] = {}
    for group in root.iter(f"{XFORMS}group"):
        path = group.get("ref") or next(
            (each.get("nodeset", "") for each in group.findall(f"{XFORMS}repeat")), ""
        )
        label = group.find(f"{XFORMS}label")
        if not path or label is None:
            continue
        ref = label.get("ref", "")
        if ref.startswith(ITEXT):
            words = told.get(ref[len(ITEXT) :].rstrip("')"), Words())
        else:
            words = Words(_said(label))
        if words.zh or words.en:
            found[path] = words
    return found


def _texts(root: etree._Element) -> dict[str, Words]:
    """Every text of the form by its id, in the languages that we speak."""
    held: dict[str, dict[str, str]] = {}
    for translation in root.iter(f"{XFORMS}translation"):
        language = "en" if "(en)" in translation.get("lang", "").lower() else "zh"
        for text in translation.findall(f"{XFORMS}text"):
            value = text.find(f"{XFORMS}value")
            if value is not None:
                held.setdefault(text.get("id", ""), {}).setdefault(language, _said(value))
    return {key: Words(said.get("zh", ""), said.get("en", "")) for key, said in held.items()}


def _said(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())
