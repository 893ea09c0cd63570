"""A record as a phone writes it: answers by path in, the XML of a submission out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from lxml import etree

from surveys.forms import logic
from surveys.forms.document import FormDocument

_ROW = re.compile(r"\[(\d+)\]")
#: A form whose calculations build on each other settles in fewer rounds than this.
ROUNDS = 8


def placed(document: FormDocument, name: str, row: int = 0) -> str:
    """The path of a question, with its row where it is in a repeat.

    Raises KeyError for a name that the form does not have.
    """
    question = document.by_name[name]
    if not question.repeat:
        return question.path
    return f"{question.repeat}[{row or 1}]{question.path[len(question.repeat) :]}"


def xml(
    document: FormDocument, answers: Mapping[str, str], *, instance: str, follows: str = ""
) -> bytes:
    """The submission; *answers* maps placed paths to what was answered, *follows* is the instance
    that this one replaces."""
    root = etree.Element(document.root, id=document.code, version=str(document.number))
    for path in _in_order(document, answers):
        _leaf(root, path).text = answers[path]
    meta = etree.SubElement(root, "meta")
    etree.SubElement(meta, "instanceID").text = instance
    if follows:
        etree.SubElement(meta, "deprecatedID").text = follows
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def completed(
    xform: str, document: FormDocument, answers: Mapping[str, str], *, at: datetime
) -> dict[str, str]:
    """The answers with everything that the form calculates from them."""
    held = dict(answers)
    for _round in range(ROUNDS):
        found = {
            each.path: each.facts["should"]
            for each in findings(xform, document, held, at=at)
            if each.kind == "calculation"
        }
        if not found:
            break
        held |= found
    return held


def findings(
    xform: str, document: FormDocument, answers: Mapping[str, str], *, at: datetime
) -> list[logic.LogicFinding]:
    """What the form's own logic says against the answers."""
    written = xml(document, answers, instance="uuid:00000000-0000-0000-0000-000000000000")
    return logic.check(xform, document, written.decode(), at=at)


def _in_order(document: FormDocument, answers: Mapping[str, str]) -> Iterator[str]:
    place = {question.path: at for at, question in enumerate(document.questions)}

    def rank(path: str) -> tuple[int, list[int]]:
        return place[_ROW.sub("", path)], [int(row) for row in _ROW.findall(path)]

    return iter(sorted(answers, key=rank))


def _leaf(root: etree._Element, path: str) -> etree._Element:
    """The element of a placed path, made with everything around it."""
    here = root
    for step in path.split("/")[2:]:
        name = step.partition("[")[0]
        found = _ROW.search(step)
        at = int(found[1]) if found else 1
        same = here.findall(name)
        while len(same) < at:
            same.append(etree.SubElement(here, name))
        here = same[at - 1]
    return here
