"""Agreement and severities of a file of ratings as a `Report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Column, Note, Phrase, Report, Row, Section, Table, Value
from scoring.standalone.rater_words import OUTCOMES, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.raters.agreement import Agreement
    from scoring.raters.gate import Verdict
    from scoring.raters.severity import Facet, Severities
    from scoring.standalone.rater_files import Rated

TONES = {"pass": "good", "warn": "attention", "fail": "bad"}


def raters_report(rated: Rated) -> Report:
    """Sections: ``agreement``, and where severities can be had ``raters``, ``units``, ``cells``."""
    sections = [_agreement(rated)]
    if rated.found:
        sections += [_raters(rated.found), _units(rated.found), _cells(rated.found)]
    return Report("raters", Phrase(N_("评分一致性与宽严")), tuple(sections))


def _agreement(rated: Rated) -> Section:
    verdicts = {verdict.item: verdict for verdict in rated.verdicts}
    columns = [
        Column("item", Phrase(N_("评分项"))),
        Column("pairs", Phrase(N_("重评对数")), "value", 0),
        Column("raters", Phrase(N_("评分人数")), "value", 0),
        Column("percent", Phrase(N_("一致率")), "value", 1, "%"),
        Column("alpha", "α", "value", 3),
        Column("low", Phrase(N_("α 下限")), "value", 3),
        Column("high", Phrase(N_("α 上限")), "value", 3),
        Column("kappa", "κ", "value", 3),
        Column("ac1", "AC1", "value", 3),
        Column("icc", "ICC(2,1)", "value", 3),
    ]
    if rated.gate:
        columns += [
            Column("outcome", Phrase(N_("判定")), "light"),
            Column("reasons", Phrase(N_("理由")), "text", width=60),
        ]
    found = [rated.overall, *rated.by_item.values()]
    rows = [_agreed(each, verdicts if rated.gate else None) for each in found]
    notes = [
        Note(
            Phrase(
                N_("α 为 Krippendorff（{level}），区间由 {draws} 次重抽得到（种子 {seed}）。"),
                {"level": rated.level, "draws": rated.draws, "seed": rated.seed},
            )
        ),
        *(Note(f"{fault.explain()} {fault.remedy()}", True) for fault in rated.warnings),
    ]
    table = Table("agreement", tuple(columns), tuple(rows), frozen=1)
    return Section("agreement", Phrase(N_("一致性")), (table,), notes=tuple(notes))


def _agreed(found: Agreement, verdicts: dict[str, Verdict] | None) -> Row:
    alpha, agreement = found.alpha, {form.form: form.value for form in found.icc}
    name: Value = found.item or Phrase(N_("全部"))
    cells: list[Value] = [
        name,
        found.pairs,
        found.raters,
        found.percent,
        alpha.value if alpha else None,
        alpha.low if alpha else None,
        alpha.high if alpha else None,
        found.kappa.value if found.kappa else None,
        found.ac1.value if found.ac1 else None,
        agreement.get("ICC(2,1)"),
    ]
    if verdicts is not None:
        verdict = verdicts.get(found.item)
        cells += [_light(verdict) if verdict else None, _reasons(verdict) if verdict else None]
    return Row(f"item {found.item}", tuple(cells), peer=bool(found.item), strong=not found.item)


def _light(verdict: Verdict) -> Phrase:
    """The outcome of a verdict."""
    tone = TONES[verdict.outcome]
    return Phrase(OUTCOMES[verdict.outcome], tone=tone)  # type: ignore[arg-type]


def _reasons(verdict: Verdict) -> str:
    """Why, in the current language."""
    return " ".join(reason(problem) for problem in verdict.reasons)


def _raters(found: Severities) -> Section:
    columns = (
        Column("rater", Phrase(N_("评分人"))),
        Column("count", Phrase(N_("评分数")), "value", 0),
        Column("mean", Phrase(N_("平均分")), "value", 2),
        Column("severity", Phrase(N_("严格度")), "value", 2),
        Column("error", Phrase(N_("标准误")), "value", 2),
        Column("shrunk", Phrase(N_("收缩后")), "value", 2),
        Column("infit", Phrase(N_("加权拟合")), "value", 2),
        Column("outfit", Phrase(N_("未加权拟合")), "value", 2),
        Column("note", Phrase(N_("说明")), "text", width=30),
    )
    order = sorted(range(len(found.raters.codes)), key=lambda at: -found.shrunk.severity[at])
    rows = tuple(Row(f"rater {found.raters.codes[at]}", _rater(found, at)) for at in order)
    notes = [
        Note(Phrase(N_("严格度以对数几率计，正数偏严，平均为 0。"))),
        Note(Phrase(N_("拟合 1 为正常，大于 1.5 为不稳定。"))),
    ]
    spread = found.raters.spread
    if spread:
        facts = {"p": f"{spread.p:.3g}", "reliability": f"{spread.reliability:.2f}"}
        notes.append(
            Note(Phrase(N_("评分人宽严相同的检验：p = {p}；区分信度 {reliability}。"), facts))
        )
    for value, into in found.merged:
        facts = {"value": f"{value:g}", "into": f"{into:g}"}
        notes.append(Note(Phrase(N_("只有极端对象用到分值 {value}，按 {into} 计。"), facts)))
    table = Table("raters", columns, rows, frozen=1)
    return Section("raters", Phrase(N_("评分人宽严")), (table,), notes=tuple(notes))


def _rater(found: Severities, at: int) -> tuple[Value, ...]:
    facet: Facet = found.raters
    note: Value = None
    if facet.extreme[at]:
        note = Phrase(N_("全为最低或最高分，按规则估计"))
    elif facet.measure[at] != facet.measure[at]:
        note = Phrase(N_("没有可比的评分"))
    return (
        facet.codes[at],
        int(facet.count[at]),
        *map(float, (facet.mean[at], facet.measure[at], facet.error[at])),
        float(found.shrunk.severity[at]),
        float(facet.fit.infit[at]),
        float(facet.fit.outfit[at]),
        note,
    )


def _units(found: Severities) -> Section:
    columns = (
        Column("unit", Phrase(N_("评分对象"))),
        Column("observed", Phrase(N_("平均分")), "value", 2),
        Column("score", Phrase(N_("公平分")), "value", 2),
        Column("error", Phrase(N_("标准误")), "value", 2),
        Column("raters", Phrase(N_("评分人数")), "value", 0),
    )
    fair = found.fair
    each = zip(
        fair.codes,
        fair.observed.tolist(),
        fair.score.tolist(),
        fair.error.tolist(),
        fair.raters.astype(int).tolist(),
        strict=True,
    )
    table = Table("units", columns, tuple(_rows("unit", each)), frozen=1)
    note = Note(Phrase(N_("公平分：由宽严适中的评分人评全部项目时的期望平均分。")))
    return Section("units", Phrase(N_("评分对象")), (table,), notes=(note,))


def _cells(found: Severities) -> Section:
    columns = (
        Column("unit", Phrase(N_("评分对象"))),
        Column("item", Phrase(N_("评分项"))),
        Column("observed", Phrase(N_("平均分")), "value", 2),
        Column("score", Phrase(N_("调整后得分")), "value", 2),
        Column("error", Phrase(N_("标准误")), "value", 2),
    )
    cells = found.cells
    each = zip(
        cells.units,
        cells.items,
        cells.observed.tolist(),
        cells.score.tolist(),
        cells.error.tolist(),
        strict=True,
    )
    table = Table("cells", columns, tuple(_rows("cell", each)), filtered=True)
    return Section("cells", Phrase(N_("逐项调整")), (table,))


def _rows(kind: str, each: Iterator[tuple[Value, ...]]) -> Iterator[Row]:
    for at, cells in enumerate(each):
        yield Row(f"{kind} {at}", cells)
