"""方法与说明: the executed method, the weights, where everything came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Cell, Column, Name, Note, Phrase, Row, Section, Table, Text
from reports.ranking.facts import node_name
from reports.ranking.words import VALUES, method_lines

if TYPE_CHECKING:
    from evaluation.framework.tree import Node
    from reports.ranking.facts import RankingFacts

OUTCOMES = {
    "winsorised": N_("缩尾"),
    "log": N_("取对数"),
    "mirrored-log": N_("镜像取对数"),
    "box-cox": N_("Box–Cox 变换"),
    "mirrored-box-cox": N_("镜像 Box–Cox 变换"),
    "still-fails": N_("缩尾后仍偏离"),
    "too-few": N_("数据过少，未处理"),
    "constant": N_("各单位数值全同"),
}


def provenance_lines(facts: RankingFacts) -> tuple[tuple[Text, Text], ...]:
    """What the ranking was made from, as labels and texts; what is unknown is left out."""
    framework, sheet = facts.framework, facts.sheet
    count = sheet.raw.size
    gone = int(sheet.not_applicable.sum())
    missing = int((sheet.raw != sheet.raw).sum()) - int(
        ((sheet.raw != sheet.raw) & sheet.not_applicable).sum()
    )
    name: Text = Name(framework.name, framework.name_en) if framework.name else framework.code
    lines: list[tuple[Text, Text]] = [
        (Phrase(N_("评价周期")), facts.round_name),
        (Phrase(N_("组织单位")), facts.organiser or framework.organiser),
        (Phrase(N_("发布日期")), facts.published or Phrase(N_("尚未发布"))),
        (Phrase(N_("上期")), facts.previous_round_name if facts.previous else ""),
        (Phrase(N_("指标体系")), name),
        (Phrase(N_("指标体系代码")), framework.code if framework.name else ""),
        (Phrase(N_("版本")), framework.edition),
        (
            Phrase(N_("指标体系性质")),
            Phrase(N_("官方")) if framework.official else Phrase(N_("示例/非官方")),
        ),
        (Phrase(N_("指标体系来源")), framework.source),
        (
            Phrase(N_("参评单位")),
            Phrase(
                N_("{units} 个，其中参加排名 {ranked} 个"),
                {"units": len(facts.units), "ranked": len(facts.peers)},
            ),
        ),
        (
            Phrase(N_("指标值")),
            Phrase(
                N_("应有 {count} 个，缺失 {missing} 个，插补 {filled} 个，不适用 {gone} 个"),
                {
                    "count": count - gone,
                    "missing": missing,
                    "filled": int(sheet.was_imputed.sum()),
                    "gone": gone,
                },
            ),
        ),
        (Phrase(N_("输入摘要（SHA-256）")), facts.input_sha256),
    ]
    return tuple((label, text) for label, text in lines if text)


def method_section(facts: RankingFacts) -> Section:
    """Provenance, the executed method and the whole indicator tree with its weights."""
    sourced = Table(
        "provenance",
        (
            Column("label", Phrase(N_("项目"))),
            Column("text", Phrase(N_("具体内容"))),
        ),
        tuple(
            Row(str(at), (Cell(label), Cell(text)))
            for at, (label, text) in enumerate(provenance_lines(facts))
        ),
        title=Phrase(N_("一、数据与来源")),
        frozen=0,
    )
    executed = Table(
        "method",
        (
            Column("step", Phrase(N_("步骤"))),
            Column("rule", Phrase(N_("规则"))),
            Column("value", Phrase(N_("取值"))),
        ),
        tuple(
            Row(key, (Cell(step), Cell(rule), Cell(value)))
            for key, step, rule, value in method_lines(facts.sheet.method)
        ),
        title=Phrase(N_("二、实际执行的方法")),
        frozen=0,
    )
    return Section(
        "method",
        Phrase(N_("方法与说明")),
        (sourced, executed, _weights(facts), *_treatments(facts)),
        notes=(
            Note(Phrase(N_("权重为同级指标之间的相对权重；某单位缺少某指标时按规则重新分配。"))),
            Note(Phrase(N_("表中公式可在办公软件中复算；打开时自动计算，结果与发布数值一致。"))),
        ),
    )


def _weights(facts: RankingFacts) -> Table:
    columns = [
        Column("level", Phrase(N_("层级")), "index"),
        Column("code", Phrase(N_("代码"))),
        Column("name", Phrase(N_("名称"))),
        Column("parent", Phrase(N_("上级"))),
        Column("weight", Phrase(N_("权重")), "weight"),
        Column("direction", Phrase(N_("方向"))),
        Column("unit", Phrase(N_("计量单位"))),
        Column("best", Phrase(N_("最优值")), "value"),
        Column("worst", Phrase(N_("最差值")), "value"),
        Column("warning", Phrase(N_("警戒值")), "value"),
        Column("target", Phrase(N_("目标值")), "value"),
        Column("normalise", Phrase(N_("单独的标准化方法"))),
        Column("official", Phrase(N_("性质"))),
        Column("definition", Phrase(N_("含义")), width=30),
        Column("source", Phrase(N_("出处")), width=24),
    ]
    rows = [_node_cells(facts, node) for node in facts.depth_first]
    used = [any(row[at] not in (None, "") for row in rows) for at in range(len(columns))]
    return Table(
        "weights",
        tuple(column for column, keep in zip(columns, used, strict=True) if keep),
        tuple(
            Row(
                node.code,
                tuple(cell for cell, keep in zip(row, used, strict=True) if keep),
                strong=bool(facts.framework.children[node.code]),
            )
            for node, row in zip(facts.depth_first, rows, strict=True)
        ),
        title=Phrase(N_("三、指标与权重")),
        frozen=0,
    )


def _node_cells(facts: RankingFacts, node: Node) -> list[Text | float | None]:
    leaf = not facts.framework.children[node.code]
    up, down = Phrase(N_("正向（越高越好）")), Phrase(N_("逆向（越低越好）"))
    own = Phrase(VALUES[node.normalise]) if node.normalise in VALUES else node.normalise
    used = facts.sheet.method.get("weights", {}).get("executed", {}).get("executed", {})
    return [
        len(facts.framework.path(node.code)) - 1,
        node.code,
        node_name(node),
        node.parent or "",
        None if node.parent is None else used.get(node.code, node.weight),
        (up if node.direction > 0 else down) if leaf else None,
        node.unit,
        node.best,
        node.worst,
        node.warning,
        node.target,
        own,
        Phrase(N_("官方")) if node.official else Phrase(N_("示例/非官方")),
        node.definition,
        node.source,
    ]


def _treatments(facts: RankingFacts) -> tuple[Table, ...]:
    """The indicators whose outliers were treated; not for one city: it tells of the others."""
    if facts.audience != "full":
        return ()
    treated = [
        record
        for record in facts.sheet.treatment
        if record.get("outcome") not in (None, "untreated", "passes")
    ]
    if not treated:
        return ()
    columns = (
        Column("code", Phrase(N_("代码"))),
        Column("outcome", Phrase(N_("处理结果"))),
        Column("points", Phrase(N_("调整点数")), "index"),
        Column("skew", Phrase(N_("原偏度")), "value", 3),
        Column("kurtosis", Phrase(N_("原峰度")), "value", 3),
        Column("skew_after", Phrase(N_("处理后偏度")), "value", 3),
        Column("kurtosis_after", Phrase(N_("处理后峰度")), "value", 3),
    )
    rows = tuple(
        Row(
            str(record.get("code")),
            tuple(
                _outcome(str(record["outcome"]))
                if column.key == "outcome"
                else record.get(column.key)
                for column in columns
            ),
        )
        for record in treated
    )
    title = Phrase(N_("四、异常值处理记录"))
    return (Table("treatment", columns, rows, title=title, frozen=0),)


def _outcome(outcome: str) -> Text:
    return Phrase(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome
