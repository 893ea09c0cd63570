"""How a number of a result came about, step by step, up to the index. Pure.

A leaf: raw value → … → score. Any node: the parts of its children, which add up to its score.
Then level by level what it adds to its parent, and in the end to the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.framework.tree import Node
from evaluation.platform.i18n import N_
from reports.model import Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.facts import node_name
from reports.screen.arithmetic import Number, Term, total, worked, written
from reports.screen.lineage_steps import Stage, prepared
from scoring.composite.contributions import Contributions, contributions
from scoring.composite.sheet import Tree
from scoring.composite.trace import Step, trace
from scoring.runs.judging import tree_of

MEANS = {
    "arithmetic": N_("加权算术平均：权重 × 得分"),
    "geometric": N_("加权几何平均：上级得分 × 权重"),
    "harmonic": N_("加权调和平均：上级得分按“权重 ÷ 得分”在同级之间分摊"),
    "generalised": N_("广义平均：上级得分按“权重 × 得分 ^ 幂”在同级之间分摊"),
    "copeland": N_("两两比较计胜负，得分不能分摊到下级"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What a child brings its parent, in points of the parent; ``weight`` as it counted here."""

    node: Node
    name: Text
    score: float | None
    absent: Text
    nominal: float
    weight: float | None
    points: float | None


@dataclass(frozen=True)
class Lineage:
    """The way of one number.

    ``stages`` lead from a leaf's raw value to its score, ``parts`` are a parent's children (they
    add up to ``score``), ``climb`` leads from the node to the index.
    """

    node: Node
    score: float | None
    stages: tuple[Stage, ...]
    parts: tuple[Part, ...]
    parts_sum: str
    mean: Text
    climb: tuple[Stage, ...]


def lineage(facts: RankingFacts, unit: str, node: Node) -> Lineage:
    """Everything about the score of *unit* on *node*; the audience must have the unit."""
    way = _Way(facts, unit)
    children = facts.framework.children[node.code]
    if children:
        return Lineage(
            node,
            way.score(node.code),
            (),
            way.parts(node),
            way.added(node),
            Phrase(MEANS[way.kind(node.code)]),
            tuple(way.climb(node)),
        )
    found = trace(facts.sheet, unit, node.code, tree=way.tree)
    by_stage: dict[str, Step] = {}
    for step in found.steps:
        by_stage.setdefault(step.stage, step)
    stages = tuple(prepared(facts, unit, by_stage))
    return Lineage(node, way.score(node.code), stages, (), "", "", tuple(way.climb(node)))


class _Way:
    """The numbers of one unit, with the parts of every score."""

    def __init__(self, facts: RankingFacts, unit: str) -> None:
        self.facts, self.unit = facts, unit
        self.tree: Tree = tree_of(facts.framework)
        self.row = facts.row_of[unit]
        self.made: Contributions = contributions(facts.sheet, self.tree)
        self.policy = facts.sheet.method["aggregate"]
        heights = _heights(self.tree)
        levels = self.policy["levels"] or [self.policy["method"]] * max(heights.values())
        self.kinds = {code: levels[tall - 1] for code, tall in heights.items() if tall}

    def kind(self, parent: str) -> str:
        """How the children of *parent* were put together."""
        return str(self.kinds[parent])

    def score(self, code: str) -> float | None:
        """The score, of the index the one before any bonus and deduction."""
        if code == self.tree.root:
            return _number(self.made.to_index[self.row, self.facts.node_at[code]])
        return self.facts.score(self.unit, code)

    def weight(self, code: str) -> float | None:
        """The weight in the parent after redistribution."""
        return _number(self.facts.sheet.weights[self.row, self.facts.node_at[code]])

    def points(self, code: str) -> float | None:
        """What the node adds to its parent's score."""
        return _number(self.made.to_parent[self.row, self.facts.node_at[code]])

    def to_index(self, code: str) -> float | None:
        """What the node adds to the index."""
        return _number(self.made.to_index[self.row, self.facts.node_at[code]])

    def parts(self, node: Node) -> tuple[Part, ...]:
        """The children of *node*."""
        children = self.facts.framework.children[node.code]
        whole = sum(child.weight for child in children)
        return tuple(
            Part(
                child,
                node_name(child),
                score := self.facts.score(self.unit, child.code),
                self.facts.absence(self.unit, child.code) if score is None else "",
                child.weight / whole if whole else 0.0,
                self.weight(child.code),
                self.points(child.code),
            )
            for child in children
        )

    def added(self, node: Node) -> str:
        """The parts of *node* written as a sum."""
        points = [
            each
            for child in self.facts.framework.children[node.code]
            if (each := self.points(child.code)) is not None
        ]
        if not points:
            return ""
        return worked(self.score(node.code), lambda n: total(n(each) for each in points))

    def climb(self, node: Node) -> Iterator[Stage]:
        """From the node to the index: what it adds, and to what."""
        framework = self.facts.framework
        path = framework.path(node.code)
        for above, each in zip(reversed(path[:-1]), reversed(path[1:]), strict=True):
            yield self._part(above, each)
            yield Stage(
                Phrase(N_("“{name}”得分"), {"name": node_name(above)}),
                self.score(above.code),
                self.facts.absence(self.unit, above.code),
                Phrase(N_("下级各项贡献之和")),
                (),
                self.added(above),
                4,
                strong=True,
                href=above.code,
            )
        if len(path) > 2:
            yield Stage(
                Phrase(N_("对总指数的贡献")),
                self.to_index(node.code),
                Phrase(N_("不能分摊")),
                Phrase(N_("对上级的贡献 × 上级对总指数的贡献 ÷ 上级得分")),
                (),
                self._share_of_index(node, path[-2]),
                4,
            )
        yield from self._adjusted()

    def _part(self, above: Node, each: Node) -> Stage:
        kind, weight = self.kind(above.code), self.weight(each.code)
        siblings = self.facts.framework.children[above.code]
        whole = sum(sibling.weight for sibling in siblings)
        nominal = f"{100 * each.weight / whole:.2f}%" if whole else "—"
        said: list[tuple[Text, Text]] = [(Phrase(N_("规定权重")), nominal)]
        if weight is not None:
            said.append((Phrase(N_("实际权重")), f"{100 * weight:.2f}%"))
            if spread := self._redistributed(each, siblings, weight):
                said.append((Phrase(N_("权重重新分配")), spread))
        points = self.points(each.code)
        return Stage(
            Phrase(N_("对“{name}”的贡献"), {"name": node_name(above)}),
            points,
            Phrase(N_("不能分摊") if kind == "copeland" else N_("没有得分")),
            Phrase(MEANS[kind]),
            tuple(said),
            worked(points, lambda n: self._product(n, above, each)),
            4,
            href=above.code,
        )

    def _product(self, n: Number, above: Node, each: Node) -> Term:
        kind, whole = self.kind(above.code), self.score(above.code) or 0.0
        weight = self.weight(each.code) or 0.0
        if kind == "arithmetic":
            return n(weight) * n(self.facts.score(self.unit, each.code) or 0.0)
        power = {"geometric": 0.0, "harmonic": -1.0}.get(kind, float(self.policy["power"]))
        if not power:
            return n(whole) * n(weight)
        made = [
            (child.code, self._powered(n, child.code, power))
            for child in self.facts.framework.children[above.code]
            if self.points(child.code) and (self.weight(child.code) or 0.0) > 0
        ]
        own = next((term for code, term in made if code == each.code), n(0.0))
        return n(whole) * own / total(term for _code, term in made) if made else own

    def _powered(self, n: Number, code: str, power: float) -> Term:
        lifted = self.facts.score(self.unit, code) or 0.0
        if self.policy["floor"] is not None:
            lifted = max(lifted, float(self.policy["floor"]))
        weight = n(self.weight(code) or 0.0)
        return weight / n(lifted) if power == -1.0 else weight * n(lifted) ** n(power)

    def _redistributed(self, each: Node, siblings: tuple[Node, ...], weight: float) -> str:
        """The weight as a share of those that count here; nothing where that is all of them."""
        there = [sibling for sibling in siblings if (self.weight(sibling.code) or 0.0) > 0]
        if len(there) == len(siblings) or each not in there:
            return ""
        return worked(
            weight, lambda n: n(each.weight) / total(n(sibling.weight) for sibling in there)
        )

    def _share_of_index(self, node: Node, above: Node) -> str:
        points, part, score = (
            self.points(node.code),
            self.to_index(above.code),
            self.score(above.code),
        )
        if points is None or part is None or not score:
            return ""
        return worked(self.to_index(node.code), lambda n: n(points) * n(part) / n(score))

    def _adjusted(self) -> Iterator[Stage]:
        said = self.facts.sheet.further.get("adjust", {}).get("points", {}).get(self.unit)
        root = self.facts.root
        if said is None or said["before"] is None:
            return
        after = self.facts.score(self.unit, root.code)
        signs = {"bonus": N_("加分"), "deduction": N_("扣分")}
        yield Stage(
            Phrase(N_("加减分之后")),
            after,
            self.facts.absence(self.unit, root.code),
            Phrase(N_("加分减扣分，以规定的限额为止")),
            tuple((Phrase(name), written(said[key])) for key, name in signs.items()),
            worked(after, lambda n: n(said["before"]) + n(said["bonus"]) - n(said["deduction"])),
            4,
            strong=True,
        )


def _heights(tree: Tree) -> dict[str, int]:
    """How many levels are below each node."""
    above = dict(zip(tree.codes, tree.parents, strict=True))
    found = dict.fromkeys(tree.codes, 0)
    for code in tree.indicators:
        tall, parent = 0, above[code]
        while parent is not None:
            tall += 1
            found[parent] = max(found[parent], tall)
            parent = above[parent]
    return found


def _number(value: float) -> float | None:
    return None if value != value else float(value)
