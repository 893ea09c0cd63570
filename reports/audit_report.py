"""The coherence audit of a scoring as a `Report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Column, Name, Note, Phrase, Report, Row, Section, Table, Text
from scoring.audit.findings import FAIL, PASS, STATES, UNKNOWN, WARN
from scoring.standalone.audit_words import CHECKS, REASONS
from scoring.standalone.audit_words import STATES as STATE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.model import Value
    from scoring.audit import Check, CoherenceAudit

TONES = {PASS: "good", WARN: "attention", FAIL: "bad", UNKNOWN: "faint"}
NAMED = ("parent", "one", "two")  # facts that are codes of nodes


def audit_report(
    made: CoherenceAudit, *, names: Mapping[str, Text], cities: Mapping[str, Text]
) -> Report:
    """Sections ``summary``, ``findings``, ``statistics``, ``correlations`` and ``weights``.

    Parameters
    ----------
    made : CoherenceAudit
    names : mapping of node code to text
    cities : mapping of city code to text
    """
    sections = (
        _summary(made),
        _findings(made, {**names, **cities}),
        _statistics(made, names),
        _correlations(made, names),
        _weights(made, names),
    )
    return Report("audit", Phrase(N_("一致性审计")), sections)


def light(state: str) -> Phrase:
    """A verdict as a word with its colour."""
    return Phrase(STATE_WORDS[state], tone=TONES[state])  # type: ignore[arg-type]


def found(check: Check, names: Mapping[str, Text]) -> Phrase:
    """What a check found."""
    facts = {
        key: str(names.get(str(value), value)) if key in NAMED else value
        for key, value in check.facts.items()
    }
    return Phrase(REASONS[check.reason][0], facts)


def advice(check: Check) -> Text:
    """What to do about it; empty where there is nothing."""
    mend = REASONS[check.reason][1]
    return Phrase(mend, dict(check.facts)) if mend else ""


def _summary(made: CoherenceAudit) -> Section:
    columns = (
        Column("check", Phrase(N_("检查项"))),
        Column("state", Phrase(N_("判定")), "light"),
        *(Column(state, light(state), "value", 0) for state in STATES),
    )
    rows = []
    for check, name in CHECKS.items():
        counts = made.counts(check)
        state = next((state for state in STATES if counts[state]), UNKNOWN)
        rows.append(Row(check, (Phrase(name), light(state), *(counts[s] for s in STATES))))
    total = made.counts()
    cells: tuple[Value, ...] = (
        Phrase(N_("全部检查")),
        light(made.state),
        *(total[s] for s in STATES),
    )
    rows.append(Row("total", cells, peer=False, strong=True))
    notes = [Note(Phrase(N_("{count} 个城市。"), {"count": len(made.cities)}))]
    if made.critical == made.critical:
        said = N_("{count} 个城市时，相关系数绝对值小于 {r:.2f} 的与零没有显著差别（5%）。")
        notes.append(Note(Phrase(said, {"count": len(made.cities), "r": made.critical})))
    table = Table("summary", columns, tuple(rows), Phrase(N_("一致性审计")), frozen=1)
    return Section("summary", Phrase(N_("审计总览")), (table,), notes=tuple(notes))


def _findings(made: CoherenceAudit, names: Mapping[str, Text]) -> Section:
    columns = (
        Column("state", Phrase(N_("判定")), "light"),
        Column("check", Phrase(N_("检查项"))),
        Column("code", Phrase(N_("代码"))),
        Column("name", Phrase(N_("名称")), width=24),
        Column("found", Phrase(N_("发现")), width=60),
        Column("advice", Phrase(N_("建议")), width=50),
    )
    order = sorted(made.checks, key=lambda each: STATES.index(each.state))
    rows = tuple(
        Row(
            str(at),
            (
                light(each.state),
                Phrase(CHECKS[each.check]),
                each.subject,
                names.get(each.subject, each.subject),
                found(each, names),
                advice(each),
            ),
        )
        for at, each in enumerate(order)
    )
    table = Table("findings", columns, rows, Phrase(N_("审计发现")), filtered=True)
    return Section("findings", Phrase(N_("审计发现")), (table,))


def _statistics(made: CoherenceAudit, names: Mapping[str, Text]) -> Section:
    numbers: tuple[tuple[str, str, int | None], ...] = (
        ("n", N_("有值"), 0),
        ("applicable", N_("应有"), 0),
        ("coverage", N_("完整率"), 2),
        ("mean", N_("均值"), None),
        ("median", N_("中位数"), None),
        ("sd", N_("标准差"), None),
        ("low", N_("最小"), None),
        ("high", N_("最大"), None),
        ("skew", N_("偏度"), 2),
        ("kurtosis", N_("峰度"), 2),
        ("zeros", N_("零值数"), 0),
        ("unique", N_("不同值数"), 0),
        ("outliers", N_("离群值数"), 0),
    )
    held = made.statistics.as_mapping()
    columns = (
        Column("code", Phrase(N_("代码"))),
        Column("name", Phrase(N_("名称")), width=24),
        *(Column(key, Phrase(title), "value", decimals) for key, title, decimals in numbers),
    )
    rows = tuple(
        Row(code, (code, names.get(code, code), *(each[key] for key, _, _ in numbers)))
        for code, each in held.items()
    )
    table = Table("statistics", columns, rows, Phrase(N_("指标统计")))
    return Section("statistics", Phrase(N_("指标统计")), (table,))


def _correlations(made: CoherenceAudit, names: Mapping[str, Text]) -> Section:
    depth = max((len(above) for above in made.correlations.values()), default=0)
    columns = [Column("code", Phrase(N_("代码"))), Column("name", Phrase(N_("名称")), width=24)]
    for step in range(depth):
        facts = {"step": step + 1}
        columns += [
            Column(f"above{step}", Phrase(N_("第 {step} 级上级"), facts), width=24),
            Column(f"r{step}", Phrase(N_("相关系数 {step}"), facts), "value", 3),
        ]
    rows = []
    for code, above in made.correlations.items():
        if above:
            cells: list[Value] = [code, names.get(code, code)]
            for parent, r in above.items():
                cells += [names.get(parent, parent), r]
            rows.append(Row(code, (*cells, *(None,) * (2 * (depth - len(above))))))
    table = Table("correlations", tuple(columns), tuple(rows), Phrase(N_("与各级上级的相关")))
    return Section("correlations", Phrase(N_("与各级上级的相关")), (table,))


def _weights(made: CoherenceAudit, names: Mapping[str, Text]) -> Section:
    moved = {each.code: each for each in made.omissions}
    columns = (
        Column("code", Phrase(N_("代码"))),
        Column("name", Phrase(N_("名称")), width=24),
        Column("nominal", Phrase(N_("名义权重")), "value", 3),
        Column("effective", Phrase(N_("实际影响")), "value", 3),
        Column("mean", Phrase(N_("去掉后平均变动")), "value", 2),
        Column("largest", Phrase(N_("去掉后最多变动")), "value", 0),
    )
    rows = tuple(
        Row(
            code,
            (
                code,
                names.get(code, code),
                *made.weights[code],
                moved[code].mean_shift if code in moved else None,
                moved[code].largest if code in moved else None,
            ),
        )
        for code in made.weights
    )
    table = Table("weights", columns, rows, Phrase(N_("权重与影响")))
    return Section("weights", Phrase(N_("权重与影响")), (table,))


def naming(names: Mapping[str, str], english: Mapping[str, str]) -> dict[str, Text]:
    """Names in both languages by code."""
    return {code: Name(name, english.get(code, "")) for code, name in names.items()}
