"""A form's agreement and severities as the page lays them out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring.agreement import judging
from scoring.agreement.judging import Strict
from scoring.agreement.looks import FormLooks, Seen
from scoring.agreement.service import Judged
from scoring.composite.problems import Problem
from scoring.raters.agreement import Agreement
from scoring.raters.gate import Verdict
from surveys.forms.document import FormDocument, Question

#: Mean squares beyond which a rater is erratic, or all too regular.
NOISY, MUTED = 1.5, 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One question, or all choices of the form (``question`` None)."""

    question: Question | None
    numeric: bool
    found: Agreement
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Judge:
    """One evaluator. Severity in logits, None where nothing informs; ``note`` is a key."""

    alias: str
    marks: int
    passed: float
    severity: float | None
    error: float | None
    infit: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """One visit: percent of checkpoints passed as marked, as an average evaluator would have."""

    seen: Seen
    observed: float
    fair: float
    error: float
    raters: int


@dataclass(frozen=True)
class Shown:
    """Everything the page says of one form."""

    code: str
    document: FormDocument
    headings: Mapping[str, str]
    lines: tuple[Line, ...]
    judges: tuple[Judge, ...]
    places: tuple[Place, ...]
    reasons: tuple[Problem, ...]
    strict: Strict
    pairs: int
    first: int
    raters: int


def shown(each: Judged) -> Shown:
    """Lay out one form: what agrees least first, the strictest first, the most moved first."""
    form = each.looks
    strict = judging.strict(form.marks)
    return Shown(
        form.code,
        form.document,
        form.headings,
        tuple(_lines(each)),
        tuple(sorted(_judges(strict), key=lambda one: -(one.severity or 0.0))),
        tuple(sorted(_places(form, strict), key=lambda one: -abs(one.fair - one.observed))),
        strict.reasons,
        strict,
        form.again,
        form.first,
        len({row[2] for row in form.marks}),
    )


def _lines(each: Judged) -> Iterator[Line]:
    verdicts = {verdict.item: verdict for verdict in each.verdicts}
    if each.agreed.choices is not None:
        yield Line(None, False, each.agreed.choices, verdicts.get(""))
    order = sorted(each.agreed.items.items(), key=lambda pair: (pair[1].percent or 0.0, pair[0]))
    for name, found in order:
        yield Line(each.looks.judged[name], name in each.numeric, found, verdicts.get(name))


def _judges(strict: Strict) -> Iterator[Judge]:
    if strict.found is None:
        return
    facet, shrunk = strict.found.raters, strict.found.shrunk
    for at, code in enumerate(facet.codes):
        severity, infit = _known(facet.measure[at]), _known(facet.fit.infit[at])
        note = ""
        if facet.extreme[at]:
            note = "extreme"
        elif severity is None:
            note = "alone"
        elif infit is not None and infit > NOISY:
            note = "noisy"
        elif infit is not None and infit < MUTED:
            note = "muted"
        kept = None if severity is None else float(shrunk.severity[at])
        yield Judge(
            code, int(facet.count[at]), 100 * float(facet.mean[at]), kept,
            _known(facet.error[at]), infit, note,
        )  # fmt: skip


def _places(form: FormLooks, strict: Strict) -> Iterator[Place]:
    if strict.found is None:
        return
    fair = strict.found.fair
    for at, code in enumerate(fair.codes):
        yield Place(
            form.seen[code], 100 * float(fair.observed[at]), 100 * float(fair.score[at]),
            100 * float(fair.error[at]), int(fair.raters[at]),
        )  # fmt: skip


def _known(value: float) -> float | None:
    return None if value != value else float(value)
