"""Questions of what-if to files: asked in text, answered at once or refused at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from scoring.composite.problems import ScoringError
from scoring.standalone.methods import faults
from scoring.standalone.questions import case_of, zones_of
from scoring.standalone.scorer import score_files
from scoring.whatif import gains, reach, reweigh, what_if
from scoring.whatif.goals import GOALS
from scoring.whatif.reach import PREFERRED

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.composite.problems import Problem
    from scoring.standalone.scorer import Standalone
    from scoring.whatif import Gain, Outcome, Route

Answer = TypeVar("Answer")
WITH_INTERVALS = 10  # gains: each interval is a simulation of its own


@dataclass(frozen=True)
class Questions:
    """What is asked of a city.

    ``changes`` and ``efforts`` are texts like ``CODE=12.5`` (``CODE=`` takes a value away),
    ``shares`` like ``CODE=0.2``; ``rank`` is the place to reach, ``aims`` what is aimed at (empty:
    everything for gains; target, else the province's best, for the way to a place) and
    ``zone`` the column of VALUES with each city's zone.
    """

    city: str
    changes: Sequence[str] = ()
    shares: Sequence[str] = ()
    efforts: Sequence[str] = ()
    rank: int | None = None
    aims: Sequence[str] = ()
    zone: str | None = None


@dataclass(frozen=True)
class Answers:
    """The scoring and what was answered; None where nothing was asked."""

    scored: Standalone
    city: str
    gains: tuple[Gain, ...]
    changed: Outcome | None = None
    reweighed: Outcome | None = None
    route: Route | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "city": self.city,
            "gains": [each.as_mapping() for each in self.gains],
            "changed": self.changed.as_mapping() if self.changed else None,
            "reweighed": self.reweighed.as_mapping() if self.reweighed else None,
            "reach": self.route.as_mapping() if self.route else None,
            "asked": dict(self.asked),
            "input_sha256": self.scored.input_sha256,
        }


def answer(framework: Path, values: Path, method: Path | None, asked: Questions) -> Answers:
    """Score the files and answer; intervals where the method draws.

    Raises ``Faulty`` with every fault of the files, else with everything wrong in the questions.
    """
    found: list[Fault] = []
    changes = _pairs("--set", asked.changes, found, empty=True)
    shares = _pairs("--weight", asked.shares, found)
    efforts = _pairs("--effort", asked.efforts, found)
    try:
        scored = score_files(framework, values, method)
    except Faulty as problem:
        raise Faulty([*found, *problem.faults]) from None
    case = case_of(scored)
    zones: dict[str, str] = {}
    if asked.zone:
        try:
            zones = zones_of(values, asked.zone)
        except Faulty as problem:
            found += problem.faults
    draws = case.method.uncertainty.draws > 0
    problems: list[Problem] = []

    def ask(wanted: bool, question: Callable[[], Answer]) -> Answer | None:
        try:
            return question() if wanted else None
        except ScoringError as refused:
            problems.extend(each for each in refused.problems if each not in problems)
            return None

    kinds = tuple(asked.aims) or GOALS
    aims = tuple(asked.aims) or PREFERRED
    each = ask(
        True, lambda: gains(case, asked.city, kinds=kinds, zones=zones, intervals=WITH_INTERVALS)
    )
    changed = ask(bool(changes), lambda: what_if(case, asked.city, changes, draws=draws))
    weighed = {code: share for code, share in shares.items() if share is not None}
    reweighed = ask(bool(weighed), lambda: reweigh(case, weighed, draws=draws))
    dear = {code: effort for code, effort in efforts.items() if effort is not None}
    rank = asked.rank
    route = None
    if rank is not None:
        wanted = rank
        route = ask(
            True,
            lambda: reach(case, asked.city, wanted, kinds=aims, zones=zones, efforts=dear),
        )
    found += faults("", problems)
    if found:
        raise Faulty(found)
    said = {"set": changes, "weights": weighed, "efforts": dear, "rank": rank, "aims": list(kinds)}
    return Answers(scored, asked.city, each or (), changed, reweighed, route, said)


def _pairs(
    option: str, texts: Sequence[str], found: list[Fault], *, empty: bool = False
) -> dict[str, float | None]:
    """``CODE=NUMBER`` each; what is not is a fault. Nothing after ``=`` is None where it may be."""
    pairs: dict[str, float | None] = {}
    for text in texts:
        code, equals, said = (part.strip() for part in text.rpartition("="))
        facts = {"option": option, "value": text}
        try:
            number = None if empty and not said else float(said)
        except ValueError:
            number, equals = None, ""
        if not equals or not code:
            what = N_("“{option} {value}”不是“代码=数字”。")
            found.append(Fault("not-a-pair", what, N_("例如 A1=12.5。"), facts))
        elif code in pairs:
            what = N_("“{option}”里“{code}”出现了两次。")
            found.append(Fault("pair-twice", what, N_("每个只写一次。"), {**facts, "code": code}))
        else:
            pairs[code] = number
    return pairs
