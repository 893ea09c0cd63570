"""What pairs of looks and checkpoints come to: agreement, verdicts, severity. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from scoring.agreement.requirement import Requirement
from scoring.composite.problems import Problem
from scoring.raters.agreement import Agreement, agreement
from scoring.raters.gate import FAIL, PASS, Gate, Verdict, judge
from scoring.raters.ratings import RatersError, Ratings, gather
from scoring.raters.severity import Severities, severities
from surveys.forms.score_rules import number
from surveys.review.second_looks import same

PairRow = tuple[str, str, str, str]
MarkRow = tuple[str, str, str, float]
LOOKS = ("1", "2")
DRAWS = 1000


@dataclass(frozen=True)
class Agreed:
    """How far first and second looks of a form agree.

    ``choices`` is over all questions answered by choice, None where there are none; ``items`` is
    each question, numbers with alpha at the interval level, ICC, and percent within the tolerance
    of adopted values. ``reasons`` say why something is missing.
    """

    choices: Agreement | None
    items: Mapping[str, Agreement]
    reasons: tuple[Problem, ...]


@dataclass(frozen=True)
class Strict:
    """How strict each evaluator of a form is; ``found`` is None where ``reasons`` say why."""

    ratings: Ratings | None
    found: Severities | None
    reasons: tuple[Problem, ...]


@lru_cache(maxsize=64)
def agreed(pairs: tuple[PairRow, ...], numeric: frozenset[str]) -> Agreed:
    """Agreement of *pairs*, of which the items *numeric* are numbers."""
    items: dict[str, Agreement] = {}
    reasons: list[Problem] = []
    choices: Agreement | None = None
    said = [row for row in pairs if row[0] not in numeric]
    if said:
        try:
            choices, each = agreement(_coded(said), level="nominal", draws=DRAWS)
            items |= {name: replace(found, icc=()) for name, found in each.items()}
        except RatersError as error:
            reasons += error.problems
    for name in sorted(numeric):
        rows = [(row[1], row[2], row[3]) for row in pairs if row[0] == name]
        known = [(unit, one, two) for unit, a, b in rows
                 if (one := number(a)) is not None and (two := number(b)) is not None]  # fmt: skip
        if not known:
            continue
        try:
            _, found = agreement(_numbers(name, known), level="interval", draws=DRAWS)
        except RatersError as error:
            reasons += error.problems
            continue
        near = sum(same(a, b) for _unit, a, b in rows)
        items[name] = replace(found[name], percent=100.0 * near / len(rows), kappa=None, ac1=None)
    once = {problem.code: problem for problem in reasons}
    return Agreed(choices, items, tuple(once.values()))


@lru_cache(maxsize=64)
def strict(marks: tuple[MarkRow, ...]) -> Strict:
    """Severities of the evaluators behind *marks*: pass 1, fail 0."""
    if not marks:
        return Strict(None, None, (Problem("ratings", "no-ratings"),))
    ratings = None
    try:
        ratings = gather(*zip(*marks, strict=True))
        return Strict(ratings, severities(ratings), ())
    except RatersError as error:
        return Strict(ratings, None, tuple(error.problems))


def verdicts(asked: Requirement, found: Agreed, numeric: frozenset[str]) -> tuple[Verdict, ...]:
    """What a requirement says of a form: of its choices together, or of each question.

    A number has no kappa, a choice no ICC: they are asked alpha instead, by the same least.
    """
    if asked.scope == "forms":
        if found.choices is None:
            return ()
        return judge(asked.gate(), found.choices, {})
    made: list[Verdict] = []
    for name, one in found.items.items():
        made += judge(_gate(asked, name in numeric), one, {name: one})
    return tuple(made)


def short(each: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Those that keep a round from being scored."""
    return tuple(verdict for verdict in each if verdict.outcome == FAIL)


def met(each: Iterable[Verdict]) -> bool:
    """Whether nothing is in doubt."""
    return all(verdict.outcome == PASS for verdict in each)


def _gate(asked: Requirement, is_number: bool) -> Gate:
    swap = asked.statistic == ("kappa" if is_number else "icc")
    return asked.gate("alpha" if swap else asked.statistic)


def _coded(rows: Sequence[PairRow]) -> Ratings:
    """Choices as numbers, by item: ticks in any order are the same, no answer is an answer."""
    ticks = [(row[0], row[1], *(" ".join(sorted(set(said.split()))) for said in row[2:]))
             for row in rows]  # fmt: skip
    known: dict[str, set[str]] = {}
    for item, _unit, *said in ticks:
        known.setdefault(item, set()).update(said)
    place = {
        (item, said): float(at)
        for item, every in known.items()
        for at, said in enumerate(sorted(every))
    }
    return _gathered(
        [(unit, item, place[item, one], place[item, two]) for item, unit, one, two in ticks]
    )


def _numbers(item: str, known: Sequence[tuple[str, float, float]]) -> Ratings:
    return _gathered([(unit, item, one, two) for unit, one, two in known])


def _gathered(rows: Sequence[tuple[str, str, float, float]]) -> Ratings:
    every = [(unit, item, look, value) for unit, item, *said in rows
             for look, value in zip(LOOKS, said, strict=True)]  # fmt: skip
    return gather(*zip(*every, strict=True))
