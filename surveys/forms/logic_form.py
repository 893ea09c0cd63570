"""An XForm as the server's engine is given it, and a submission laid over its template. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timezone
from functools import lru_cache

from lxml import etree

from surveys.forms.answers import TEMPLATE, local, value_of
from surveys.forms.expressions import ExpressionError, parse
from surveys.forms.logic_dates import DAYS, ROW, CannotRewrite, Rewriting, days, resolved

XFORMS = "{http://www.w3.org/2002/xforms}"
_CURRENT = re.compile(r"current\(\)/((?:\.\./)*[\w.\-/]+)")
RULES = ("relevant", "constraint", "calculate", "required")
#: Calculations that are never computed the same twice: what was sent stands.
VOLATILE = frozenset({"now", "today", "random", "uuid", "once"})


@dataclass(frozen=True, slots=True)
class ServerForm:
    """What `read` makes of an XForm. Paths are without positions.

    ``undecided`` maps the nodes with a rule that the server does not evaluate to that rule;
    ``filtered`` are the selects whose list depends on other answers; ``measured`` the
    calculations of distances, in which engines differ by their rounding.
    """

    xform: str
    template: etree._Element
    repeats: frozenset[str]
    shadows: frozenset[str]
    dates: tuple[tuple[str, str], ...]
    undecided: dict[str, str]
    filtered: frozenset[str]
    measured: frozenset[str]


@lru_cache(maxsize=32)
def read(xform: str) -> ServerForm:
    """Read an XForm that pyxform wrote."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xform.encode(), parser)
    model = root.find(f".//{XFORMS}model")
    instance = model.find(f"{XFORMS}instance")[0]
    repeats = frozenset(each.get("nodeset") for each in root.iter(f"{XFORMS}repeat"))
    binds = {each.get("nodeset"): each for each in model.iterfind(f"{XFORMS}bind")}
    types = {path: bind.get("type", "string") for path, bind in binds.items()}
    rewriting = Rewriting(local(instance), types, repeats)
    undecided: dict[str, str] = {}
    measured = set()
    for path, bind in binds.items():
        for rule in RULES:
            said = bind.get(rule)
            if said is None:
                continue
            called = _called(said)
            if rule == "calculate" and called & {"distance", "area"}:
                measured.add(path)
            if rule == "calculate" and called & VOLATILE:
                del bind.attrib[rule]
                continue
            try:
                bind.set(rule, rewriting.rewritten(said, path))
            except CannotRewrite:
                undecided[path] = rule
                del bind.attrib[rule]
    shadows = frozenset(rewriting.shadows)
    added = tuple(rewriting.dates.items())
    _add_shadows(instance, shadows, repeats)
    for name in (f"today{DAYS}", f"now{DAYS}", *rewriting.dates):
        etree.SubElement(instance, name)
    filtered = frozenset(_open_filters(root))
    _drop_words(root)
    return ServerForm(
        etree.tostring(root, encoding="unicode"),
        _bare(instance),
        repeats,
        shadows,
        added,
        undecided,
        filtered,
        frozenset(measured),
    )


def _drop_words(root: etree._Element) -> None:
    """Take out what only people read: no rule asks for it, and the engine reads all of it anew
    for every submission. What a constraint says when it is broken stays."""
    for text in root.findall(f".//{XFORMS}itext/*/{XFORMS}text"):
        if not text.get("id", "").endswith("Msg"):
            text.getparent().remove(text)


def lay_over(
    form: ServerForm,
    submission: etree._Element,
    *,
    zone: timezone,
    today: str,
    now: str,
    only: dict[str, int] | None = None,
) -> str:
    """The submission as XML with exactly the nodes of the form, and the shadows of its dates.

    Nodes that are missing come empty, unknown ones are left out; *only* keeps one row of the
    repeats it names.
    """
    filled = _filled(form, form.template, submission, f"/{local(form.template)}", zone, only or {})
    for name, value in ((f"today{DAYS}", today), (f"now{DAYS}", now), *form.dates):
        node = filled.find(name)
        if node is not None:
            node.text = days(value, zone)
    return str(etree.tostring(filled, encoding="unicode"))


def _filled(
    form: ServerForm,
    template: etree._Element,
    given: etree._Element | None,
    path: str,
    zone: timezone,
    only: dict[str, int],
) -> etree._Element:
    made = etree.Element(template.tag)
    for key in ("id", "version"):
        if template.get(key):
            made.set(key, template.get(key))
    held: dict[str, list[etree._Element]] = {}
    for child in given if given is not None else ():
        if child.get(TEMPLATE) is None:
            held.setdefault(local(child), []).append(child)
    for child in template:
        name = child.tag
        here = f"{path}/{name}"
        found = held.get(name, [])
        if here in form.repeats:
            rows = list(enumerate(found, 1))
            if here in only:
                rows = [row for row in rows if row[0] == only[here]]
            for at, row in rows:
                filled = _filled(form, child, row, here, zone, only)
                filled.find(ROW).text = str(at)
                made.append(filled)
            continue
        first = found[0] if found else None
        if len(child):
            made.append(_filled(form, child, first, here, zone, only))
            continue
        leaf = etree.SubElement(made, name)
        shadowed = here.removesuffix(DAYS)
        if here.endswith(DAYS) and shadowed in form.shadows:
            source = held.get(name.removesuffix(DAYS), [])
            leaf.text = days(value_of(source[0]), zone) if source else ""
        elif first is not None:
            leaf.text = value_of(first)
    return made


def _add_shadows(
    node: etree._Element, shadows: frozenset[str], repeats: frozenset[str], path: str = ""
) -> None:
    path = f"{path}/{local(node)}"
    for child in list(node):
        here = f"{path}/{local(child)}"
        if here in shadows:
            shadow = etree.Element(f"{XFORMS}{local(child)}{DAYS}")
            child.addnext(shadow)
        _add_shadows(child, shadows, repeats, path)
    if path in repeats:
        etree.SubElement(node, f"{XFORMS}{ROW}")


def _bare(node: etree._Element) -> etree._Element:
    """The template without namespaces, one row of each repeat, no values."""
    made = etree.Element(local(node), dict(node.attrib) if node.get("id") else None)
    seen: set[str] = set()
    for child in node:
        name = local(child)
        if name not in seen:
            seen.add(name)
            made.append(_bare(child))
    return made


def _open_filters(root: etree._Element) -> Iterator[str]:
    """The selects with a filter; what it says of ``current()`` is said by the whole path."""
    for itemset in root.iter(f"{XFORMS}itemset"):
        nodeset, select = itemset.get("nodeset", ""), itemset.getparent().get("ref")
        if "[" in nodeset:
            for relative in set(_CURRENT.findall(nodeset)):
                nodeset = nodeset.replace(f"current()/{relative}", resolved(relative, select))
            itemset.set("nodeset", nodeset)
            yield select


def _called(text: str) -> set[str]:
    try:
        return {node.text for node in parse(text).calls()}
    except ExpressionError:
        return set()
