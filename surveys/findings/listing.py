"""Findings as somebody may see them: with names in the reader's language, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation.framework.tree import Framework
from evaluation.platform.i18n import _, named
from surveys.findings import rules
from surveys.findings.models import Finding
from surveys.findings.store import Origin


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. ``pictures`` are numbers of what may be looked at; ``kept_back`` those of them
    that nobody outside sees; ``others`` counts files that are no pictures; ``origin`` is None
    outside."""

    code: str
    city: str
    title: str
    answer: str
    measure: str
    department: str
    severity: str
    indicator: str
    month: str
    pictures: tuple[int, ...]
    kept_back: frozenset[int]
    others: int
    origin: Origin | None


def lines(
    found: Iterable[Finding],
    framework: Framework,
    *,
    inside: bool,
    origins: Mapping[int, Origin] | None = None,
) -> list[Line]:
    """Findings for a page or a file; *inside* is whether the reader looks after field work."""
    return [_line(each, framework, inside, (origins or {}).get(each.id)) for each in found]


def measure_name(framework: Framework, number: int | None) -> str:
    """A measure's number and text; its number alone where the framework has no such measure."""
    if number is None:
        return ""
    held = next((each for each in framework.measures if each.no == number), None)
    if held is None:
        return _("第 {no} 条", no=number)
    return _("第 {no} 条 {text}", no=number, text=named(held.text, held.text_en))


def _line(finding: Finding, framework: Framework, inside: bool, origin: Origin | None) -> Line:
    unit = framework.unit_by_code.get(finding.city)
    node = framework.by_code.get(finding.indicator)
    pieces = rules.pieces(finding)
    pictures = {n: each for n, each in pieces.items() if each.is_picture}
    return Line(
        code=finding.code,
        city=named(unit.name, unit.name_en) if unit else finding.city,
        title=named(finding.title, finding.title_en),
        answer=named(finding.answer, finding.answer_en),
        measure=measure_name(framework, finding.measure),
        department=finding.department,
        severity=finding.severity,
        indicator=named(node.name, node.name_en) if node else "",
        month=finding.found_on,
        pictures=tuple(n for n, each in pictures.items() if inside or each.shown),
        kept_back=frozenset(n for n, each in pictures.items() if inside and not each.shown),
        others=len(pieces) - len(pictures) if inside else 0,
        origin=origin if inside else None,
    )
