"""What-if of a city as a workbook that says on every sheet that it is hypothetical."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Joined, Phrase
from reports.ranking.facts import node_name
from reports.render.xlsx import render_xlsx
from reports.whatif_report import whatif_report

if TYPE_CHECKING:
    from reports.model import Text
    from reports.ranking import RankingFacts
    from reports.screen.whatif_held import Gained, Way
    from scoring.whatif import Gain, Outcome, Route


@dataclass(frozen=True)
class Answers:
    """What the report is made from."""

    city: str
    gains: tuple[Gain, ...]
    route: Route | None
    changed: Outcome | None = None
    reweighed: Outcome | None = None


def whatif_workbook(facts: RankingFacts, unit: str, gained: Gained, way: Way | None) -> bytes:
    """The workbook of a city's gains and, where one was asked for, the way to a place."""
    names: dict[str, Text] = {node.code: node_name(node) for node in facts.framework.nodes}
    cities = {code: facts.unit_name(code) for code in facts.units}
    answers = Answers(unit, gained.gains, way.route if way else None)
    made = whatif_report(answers, names=names, cities=cities, chances=gained.chances)
    return render_xlsx(
        replace(
            made,
            round_name=facts.round_name,
            organiser=facts.organiser,
            date=facts.published or "",
            banner=Joined((made.banner, Phrase(N_("演示数据")))) if facts.demo else made.banner,
        )
    )
