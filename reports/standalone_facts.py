"""Files scored without a database, as facts of a ranking report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.framework.tree import Framework, Node, Unit
from evaluation.platform.i18n import N_
from reports.model import Phrase
from reports.ranking import RankingFacts

if TYPE_CHECKING:
    from scoring.standalone import Standalone


def standalone_facts(scored: Standalone) -> RankingFacts:
    """Everything is shown: whoever has the files has the values. Nothing here is official."""
    tree, sheet = scored.sheet.tree or scored.tree, scored.sheet  # with the executed weights
    root = tree.root
    nodes = tuple(
        Node(
            code,
            tree.parents[at],
            scored.names.get(code, ""),
            scored.names_en.get(code, ""),
            direction=tree.directions[at],
            weight=tree.weights[at],
            unit=scored.units.get(code, ""),
            best=tree.best[at],
            worst=tree.worst[at],
            target=tree.target[at],
            normalise=tree.normalise[at] if tree.normalise else "",
            missing=tree.missing[at] if tree.missing else "",
        )
        for at, code in enumerate(tree.codes)
    )
    place = sheet.nodes.index(root)
    units = tuple(
        Unit(
            city,
            scored.city_names.get(city, ""),
            ranked=_is_ranked(float(sheet.ranks[at, place]), float(sheet.scores[at, place])),
        )
        for at, city in enumerate(sheet.cities)
    )
    framework = Framework(
        root,
        scored.names.get(root, ""),
        scored.names_en.get(root, ""),
        units=units,
        nodes=nodes,
        method=sheet.method,
    )
    return RankingFacts(
        framework=framework,
        sheet=sheet,
        audience="full",
        round_name=Phrase(N_("单机评分")),
        input_sha256=scored.input_sha256,
    )


def _is_ranked(rank: float, score: float) -> bool:
    """A unit with a score and no rank was left out of the ranking; one without either is not."""
    return rank == rank or score != score
