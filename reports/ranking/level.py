"""Who is statistically level with whom, in a sentence under the ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Joined, Note, Phrase

if TYPE_CHECKING:
    from reports.ranking.facts import RankingFacts

SEMICOLON = Phrase(N_("；"))


def level_note(facts: RankingFacts) -> Note | None:
    """The tie bands of several units; None where nothing was drawn or all are told apart."""
    said = facts.sheet.firmness
    bands: dict[int, list[str]] = {}
    for unit, band in zip(said.get("cities", ()), said.get("bands", ()), strict=True):
        if unit in facts.peers:
            bands.setdefault(band, []).append(unit)
    place = {unit: facts.rank(unit, facts.root.code) or 0.0 for unit in facts.peers}
    groups = [
        Joined(tuple(facts.unit_name(unit) for unit in sorted(under, key=place.__getitem__)))
        for _band, under in sorted(bands.items())
        if len(under) > 1
    ]
    if not groups:
        return None
    what = N_("统计上并列（首位单位排在前面的模拟不足 {level}）：{groups}。")
    share = f"{said['tie_level']:.0%}"
    return Note(Phrase(what, {"level": share, "groups": Joined(tuple(groups), SEMICOLON)}))
