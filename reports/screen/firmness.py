"""How sure a ranking is: which ranks hold over the draws of its method, and which do not."""

from __future__ import annotations

from evaluation.platform.i18n import N_
from reports.model import Phrase
from reports.ranking import RankingFacts
from reports.screen.standing import PlainFact

#: A rank is firm when its interval (5 % to 95 % of the draws) spans no more than one place.
FIRM = 1


def firmness(facts: RankingFacts, where: str) -> tuple[PlainFact, ...]:
    """How many ranks are firm and whose is the least; nothing where nothing was drawn."""
    spans = [
        (interval["high"] - interval["low"], unit)
        for unit in facts.units
        if unit in facts.peers and (interval := facts.rank_intervals.get(unit)) is not None
    ]
    if not spans:
        return ()
    firm = sum(span <= FIRM for span, _unit in spans)
    widest, unit = max(spans, key=lambda each: each[0])
    interval = facts.rank_intervals[unit]
    drawn = {"draws": facts.sheet.method.get("uncertainty", {}).get("draws", "")}
    detail = Phrase(N_("按方法规定的变动重算 {draws} 次，名次变动都不超过 1 位。"), drawn)
    if widest > FIRM:
        detail = Phrase(
            N_("按方法规定的变动重算 {draws} 次；最不稳的是{name}（第 {low}–{high}）"),
            drawn
            | {
                "name": facts.unit_name(unit),
                "low": f"{interval['low']:.0f}",
                "high": f"{interval['high']:.0f}",
            },
        )
    value = Phrase(N_("{firm} / {total} 个名次稳定"), {"firm": firm, "total": len(spans)})
    return (PlainFact(Phrase(N_("把握多大")), value, detail, f"{where}/firmness"),)
