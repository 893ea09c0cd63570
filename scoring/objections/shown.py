"""What a city sees of its own result: values, scores and points, never a rank or another city."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.framework.methods import method_name
from evaluation.framework.tree import Framework, Node
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.composite.contributions import contributions
from scoring.composite.sheet import ScoreSheet
from scoring.objections import store
from scoring.objections.models import Objection
from scoring.runs import store as run_store
from scoring.runs.comparison import ChangedScore, compare
from scoring.runs.judging import tree_of
from scoring.runs.models import Run
from scoring.runs.snapshot import Adopted, Snapshot
from surveys.observations.models import Observation
from surveys.observations.rules import BY_VISIT

#: Scores by these are places by another name, so they are not told before publication.
BY_RANK = frozenset({"rank", "percentile-rank", "borda"})
#: Scales with an end, so that a score has points that it lacks.
BOUNDED = frozenset({"goalposts", "minmax"})


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator of one city. None where there is nothing to say.

    ``score`` and ``part`` are points, ``lost`` those of the index that its score leaves out.
    """

    node: Node
    value: float | None
    not_applicable: bool
    missing: bool
    method: str
    source: str
    rule: str
    imputed: bool
    score: float | None
    part: float | None
    lost: float | None


@dataclass(frozen=True, slots=True)
class Family:
    """A first-level indicator, its score, and what is below it."""

    node: Node
    score: float | None
    lines: tuple[Line, ...]

    @property
    def lost(self) -> float | None:
        """Points of the index lost here, where they are known."""
        known = [each.lost for each in self.lines if each.lost is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class OwnResult:
    """The result of one city by one run."""

    run: Run
    total: float | None
    families: tuple[Family, ...]

    def line(self, indicator: str) -> Line | None:
        """One indicator."""
        lines = (line for family in self.families for line in family.lines)
        return next((each for each in lines if each.node.code == indicator), None)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a decision changed for its city, and for those who may know, which ranks moved."""

    before: Run
    after: Run
    value: tuple[Line | None, Line | None]
    total: tuple[float | None, float | None]
    moved: tuple[ChangedScore, ...]


def own_result(
    session: Session, files: EvidenceStore, found: Round, run: Run, city: str
) -> OwnResult:
    """What one run says of one city."""
    sheet = run_store.sheet(files, run.sheet_sha256)
    snapshot = run_store.held_snapshot(files, run.snapshot_sha256)
    told = _Told(session, found, rounds.framework(found), sheet, snapshot, city)
    return OwnResult(run, told.total(), tuple(told.families()))


def difference(
    session: Session, files: EvidenceStore, found: Round, held: Objection, *, ranks: bool
) -> Difference | None:
    """What came of an accepted objection; *ranks* only for those who see unpublished results."""
    if held.new_run_id is None:
        return None
    after = store.run(session, held.new_run_id)
    before = store.run_before(session, after)
    if before is None:
        return None
    results = [own_result(session, files, found, run, held.city) for run in (before, after)]
    moved: tuple[ChangedScore, ...] = ()
    if ranks:
        sides = [
            (
                run_store.held_snapshot(files, run.snapshot_sha256),
                run_store.sheet(files, run.sheet_sha256),
            )
            for run in (before, after)
        ]
        moved = compare(sides[0], sides[1]).moved(rounds.framework(found).root.code)
    first, second = (each.line(held.indicator) for each in results)
    return Difference(before, after, (first, second), (results[0].total, results[1].total), moved)


class _Told:
    """One city's part of a sheet."""

    def __init__(
        self,
        session: Session,
        found: Round,
        framework: Framework,
        sheet: ScoreSheet,
        snapshot: Snapshot,
        city: str,
    ) -> None:
        self.framework, self.sheet, self.snapshot, self.city = framework, sheet, snapshot, city
        self.row = sheet.cities.index(city)
        self.at = {code: at for at, code in enumerate(sheet.nodes)}
        self.column = {code: at for at, code in enumerate(sheet.indicators)}
        self.parts = contributions(sheet, tree_of(framework)).to_index[self.row]
        self.counts_wins = "copeland" in _levels(sheet)
        self.adds_up = set(_levels(sheet)) == {"arithmetic"}
        query = sa.select(Observation.id, Observation.revision, Observation.visits).where(
            Observation.round_id == found.id, Observation.city == city
        )
        self.by_visit = {(i, no): visits is not None for i, no, visits in session.execute(query)}

    def total(self) -> float | None:
        return None if self.counts_wins else self.score(self.framework.root.code)

    def families(self) -> list[Family]:
        return [
            Family(
                node,
                None if self.counts_wins else self.score(node.code),
                tuple(self.line(each) for each in self.leaves(node)),
            )
            for node in self.framework.children[self.framework.root.code]
        ]

    def leaves(self, node: Node) -> list[Node]:
        below = self.framework.children[node.code]
        return [leaf for each in below for leaf in self.leaves(each)] if below else [node]

    def line(self, node: Node) -> Line:
        sheet, column = self.sheet, self.column[node.code]
        rule = self.rule_of(node)
        hidden = rule in BY_RANK
        score = None if hidden else self.score(node.code)
        adopted = self.snapshot.by_cell.get((self.city, node.code))
        gone = bool(sheet.not_applicable[self.row, column])
        return Line(
            node,
            _number(sheet.raw[self.row, column]),
            gone,
            adopted is None,
            method_name(adopted.method) if adopted else "",
            self.source_of(adopted),
            rule,
            bool(sheet.was_imputed[self.row, column]),
            score,
            None if hidden else _number(self.parts[self.at[node.code]]),
            self.lost(node, score, rule),
        )

    def source_of(self, adopted: Adopted | None) -> str:
        """Where the value is from; of what people went to see, only the method is told."""
        if adopted is None or adopted.method in BY_VISIT:
            return ""
        return "" if self.by_visit.get((adopted.id, adopted.revision), True) else adopted.source

    def rule_of(self, node: Node) -> str:
        said = self.sheet.method.get("normalise", {})
        own = said.get("by_indicator", {}).get(node.code)
        return own if isinstance(own, str) else node.normalise or str(said.get("method", ""))

    def lost(self, node: Node, score: float | None, rule: str) -> float | None:
        """Points of the index between this score and a full one, where the method adds them up."""
        if score is None or not self.adds_up or rule not in BOUNDED:
            return None
        weights, share = self.sheet.weights[self.row], 1.0
        for each in self.framework.path(node.code)[1:]:
            share *= _number(weights[self.at[each.code]]) or 0.0
        full = float(self.sheet.method.get("normalise", {}).get("upper") or 100)
        return max(0.0, share * (full - score))

    def score(self, code: str) -> float | None:
        return _number(self.sheet.scores[self.row, self.at[code]])


def _levels(sheet: ScoreSheet) -> list[str]:
    said = sheet.method.get("aggregate", {})
    return list(said.get("levels") or [said.get("method")])


def _number(value: float) -> float | None:
    number = float(value)
    return None if number != number else number
