"""What a submission says, read from its XML without trusting it. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from evaluation.platform.audit import canonical
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _
from surveys.forms.document import SILENT, FormDocument, Question

MAX_BYTES = 2 * 2**20
MAX_DEPTH = 24
MAX_ELEMENTS = 20_000
TEMPLATE = "{http://openrosa.org/javarosa}template"

#: Kinds whose answers differ even where one record was copied from another.
MEASURED = frozenset(
    {"image", "audio", "video", "file", "signature", "geopoint", "geotrace", "geoshape"}
    | {"date", "time", "dateTime", "datetime"}
)

REASONS = {
    "too-large": N_("它超过了 {limit} MB"),
    "encoding": N_("它不是 UTF-8 编码"),
    "doctype": N_("它含有 DOCTYPE 或实体声明"),
    "broken": N_("它不是完整的 XML"),
    "too-deep": N_("它的元素嵌套太深或太多"),
    "root": N_("它的根元素不是表单的根元素"),
}


class BadXml(DomainError):
    """Bytes that are not the plain XML of a submission; ``reason`` is a key of `REASONS`."""

    status = 400
    code = "bad-xml"
    title = N_("提交的内容无法读取")
    detail = N_("这份提交的 XML 无法读取：{reason}。请不要删除手机上的记录，重新发送或联系督导。")

    def explain(self) -> str:
        """Why, in the current language."""
        why = _(REASONS[self.facts["reason"]], limit=MAX_BYTES // 2**20)
        return _(self.detail, reason=why)


@dataclass(frozen=True, slots=True)
class Answer:
    """One leaf of the submission that the form knows; ``value`` is empty where unanswered.

    ``path`` has the position of every repeat (``/data/windows[2]/queue``); ``index`` is the row
    of the innermost repeat, counted from 1, and 0 outside repeats.
    """

    question: Question
    value: str
    index: int
    path: str


@dataclass(frozen=True, slots=True)
class Header:
    """Which form, which visit, which record: readable before the form is known."""

    form: str
    version: str
    instance: str
    previous: str
    visit: str


@dataclass(frozen=True)
class Answers:
    """The answers in the order of the submission, and whose they are.

    ``unknown`` lists the paths of elements that the form does not have; ``repeated`` those that
    stand more than once outside a repeat, of which the first counts.
    """

    header: Header
    entries: tuple[Answer, ...]
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.value:
                held.setdefault(entry.question.name, []).append(entry.value)
        return held

    def of(self, name: str) -> list[str]:
        """Everything answered to a question, row by row; empty where nothing was."""
        return list(self._by_name.get(name, ()))

    def one(self, name: str) -> str:
        """The first answer to a question, or an empty text."""
        return next(iter(self._by_name.get(name, ())), "")

    def files(self) -> list[tuple[Question, str]]:
        """Every file the submission names, with the question that asked for it."""
        return [
            (entry.question, entry.value)
            for entry in self.entries
            if entry.value and (entry.question.is_media or entry.question.kind == "audit")
        ]

    def digest(self) -> str:
        """SHA-256 of what was answered, without visit, ids, times, places and files.

        Two records with the same digest were answered alike from the first to the last question.
        """
        said = [
            [entry.path, " ".join(sorted(entry.value.split())) if _many(entry) else entry.value]
            for entry in self.entries
            if entry.value and _comparable(entry.question)
        ]
        return hashlib.sha256(canonical(sorted(said)).encode()).hexdigest()


def read(document: FormDocument, xml: bytes) -> Answers:
    """The answers in *xml*, a submission of *document*. Raises `BadXml`."""
    return read_root(document, parsed(xml))


def read_root(document: FormDocument, root: etree._Element) -> Answers:
    """The answers below *root*, which `parsed` gave. Raises `BadXml` for another form's."""
    if local(root) != document.root:
        raise BadXml(reason="root")
    entries: dict[str, Answer] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    groups = document.surroundings
    for element, path, placed, index in _walk(root, document):
        question = document.by_path.get(path)
        if placed in entries:
            repeated.append(placed)
        elif question is not None:
            entries[placed] = Answer(question, value_of(element), index, placed)
        elif path not in groups and not path.startswith(f"/{document.root}/meta"):
            unknown.append(placed)
    return Answers(header_of(root), tuple(entries.values()), tuple(unknown), tuple(repeated))


def header(xml: bytes) -> Header:
    """What the XML says of itself, for finding its form and visit. Raises `BadXml`."""
    return header_of(parsed(xml))


def parsed(xml: bytes) -> etree._Element:
    """The root element; no DOCTYPE, no entities, UTF-8, within bounds. Raises `BadXml`."""
    if len(xml) > MAX_BYTES:
        raise BadXml(reason="too-large")
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError:
        raise BadXml(reason="encoding") from None
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise BadXml(reason="doctype")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise BadXml(reason="broken") from None
    if (root.getroottree().docinfo.encoding or "UTF-8").upper() not in ("UTF-8", "US-ASCII"):
        raise BadXml(reason="encoding")
    _bound(root)
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace: clients write it differently."""
    tag = str(element.tag)
    return tag[tag.rfind("}") + 1 :]


def value_of(element: etree._Element) -> str:
    """The text of a leaf, outer spaces gone."""
    return (element.text or "").strip()


def _bound(root: etree._Element) -> None:
    depth = count = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise BadXml(reason="too-deep")


def _walk(
    root: etree._Element, document: FormDocument
) -> Iterator[tuple[etree._Element, str, str, int]]:
    """Every element below *root* with its path, its path with positions and its row."""
    repeats, around = document.repeats, document.around_repeats
    start = f"/{document.root}"
    waiting = [(root, start, start, 0)]
    while waiting:
        parent, path, placed, row = waiting.pop()
        if parent is not root:
            yield parent, path, placed, row
        if not len(parent):
            continue
        children = [child for child in parent if child.get(TEMPLATE) is None]
        names = [local(child) for child in children]
        once = len(set(names)) == len(names)
        total = Counter(() if once else names)
        seen: Counter[str] = Counter()
        below = []
        for child, name in zip(children, names, strict=True):
            at, here = 1, f"{path}/{name}"
            if not once:
                seen[name] += 1
                at = seen[name]
            if here in repeats or (here in around and total[name] > 1):
                below.append((child, here, f"{placed}/{name}[{at}]", at))
            else:
                below.append((child, here, f"{placed}/{name}", row))
        waiting.extend(reversed(below))


def header_of(root: etree._Element) -> Header:
    """What a record whose root `parsed` gave says of itself."""
    found = {"instanceID": "", "deprecatedID": "", "visit": ""}
    for child in root:
        if local(child) == "meta":
            for each in child:
                if local(each) in found:
                    found[local(each)] = value_of(each)
        elif local(child) == "visit":
            found["visit"] = value_of(child)
    return Header(
        root.get("id", ""),
        root.get("version", ""),
        found["instanceID"],
        found["deprecatedID"],
        found["visit"],
    )


def _many(entry: Answer) -> bool:
    return entry.question.kind == "select_multiple"


def _comparable(question: Question) -> bool:
    return (
        question.name != "visit"
        and question.kind not in SILENT
        and question.kind not in MEASURED
        and not question.timer
    )
