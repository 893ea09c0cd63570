"""The ranking of a scored round as a `Report`."""

from __future__ import annotations

from evaluation.platform.i18n import N_
from reports.model import Name, Note, Phrase, Report, Section
from reports.ranking.benchmark import benchmark_section
from reports.ranking.detail import detail_section
from reports.ranking.dimensions import rank_section, score_section
from reports.ranking.facts import Provenance, RankingFacts
from reports.ranking.further import further_sections
from reports.ranking.method import method_section, provenance_lines
from reports.ranking.previous import previous_section
from reports.ranking.standing import standing_section

__all__ = ["Provenance", "RankingFacts", "ranking_report"]


def ranking_report(facts: RankingFacts) -> Report:
    """Everything that a ranking page or workbook shows, for the audience that *facts* names.

    Sections, in order: ``standing`` 总排名, ``dimension_scores`` 一级指标得分,
    ``dimension_ranks`` 一级指标排名, ``detail`` 指标明细, ``previous`` 与上期对比,
    ``benchmark`` 城市对标, ``further`` 调整与参照 where there is
    any, ``method`` 方法与说明. Each holds a table of the same key, except
    ``previous`` where there is no earlier round, ``further`` and ``method``, which hold several.
    """
    framework = facts.framework
    sections = (
        standing_section(facts),
        score_section(facts),
        rank_section(facts),
        detail_section(facts),
        previous_section(facts),
        benchmark_section(facts),
        *further_sections(facts),
        method_section(facts),
    )
    return Report(
        key="ranking",
        title=Name(framework.name, framework.name_en) if framework.name else framework.code,
        sections=tuple(_marked(section, facts) for section in sections),
        round_name=facts.round_name,
        date=facts.published or "",
        organiser=facts.organiser or framework.organiser,
        banner=Phrase(N_("演示数据")) if facts.demo else "",
        signatures=(Phrase(N_("填表人")), Phrase(N_("审核人")), Phrase(N_("填报日期"))),
        provenance=provenance_lines(facts),
    )


def _marked(section: Section, facts: RankingFacts) -> Section:
    """The section with the notes that every sheet carries."""
    notes: list[Note] = []
    if facts.demo:
        notes.append(
            Note(Phrase(N_("演示数据：全部数值均为合成，不反映任何地区的实际情况。")), True)
        )
    if not facts.official:
        notes.append(Note(Phrase(N_("示例/非官方：本结果未经主管部门正式发布。")), True))
    return Section(
        section.key,
        section.title,
        section.tables,
        section.charts,
        (*section.notes, *notes),
        section.unit,
    )
