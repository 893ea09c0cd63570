"""A file of ratings in, agreement, severities and fair scores out: no server, no database."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from scoring.composite.problems import MethodError
from scoring.raters.agreement import Agreement, agreement
from scoring.raters.gate import Gate, Verdict, judge, parse_gate, worst
from scoring.raters.ratings import RatersError, Ratings, gather
from scoring.raters.severity import Severities, severities
from scoring.standalone.methods import faults
from scoring.standalone.rater_words import faults_of
from scoring.standalone.tables import Table, folded, read_table, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("unit", "item", "rater", "value")
KNOWN = {
    folded(word): name
    for name, words in {
        "unit": ("unit", "visit", "object", "city", "对象", "评分对象", "走访", "城市", "单位"),
        "item": ("item", "indicator", "question", "评分项", "项目", "指标", "题目"),
        "rater": ("rater", "judge", "evaluator", "评分人", "评价员", "评委", "调查员"),
        "value": ("value", "score", "rating", "评分", "得分", "分值"),
    }.items()
    for word in words
}


@dataclass(frozen=True)
class Rated:
    """What a file of ratings comes to.

    ``found`` are the severities, None where they cannot be had; ``warnings`` say why. ``gate`` and
    ``verdicts`` are there when a gate was asked for. ``input_sha256`` is of the file of ratings
    and that of the gate, one after the other.
    """

    ratings: Ratings
    overall: Agreement
    by_item: Mapping[str, Agreement]
    found: Severities | None
    level: str
    draws: int
    seed: int
    input_sha256: str
    gate: Gate | None = None
    verdicts: tuple[Verdict, ...] = ()
    warnings: tuple[Fault, ...] = field(default=())

    @property
    def outcome(self) -> str:
        """Of the gate: pass, warn or fail; empty without one."""
        return worst(self.verdicts) if self.gate else ""


def rate_file(
    file: Path,
    gate: Path | None = None,
    *,
    level: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
) -> Rated:
    """Read, check and judge a file of ratings.

    Parameters
    ----------
    file : Path
        ``.csv`` or ``.xlsx``, one row a rating: unit, item, rater, value; Chinese headers too.
        Without a column for items there is one item.
    gate : Path, optional
        ``.toml`` with a section ``[gate]``.
    level, draws, seed
        Of alpha and its interval; without them the gate's, else ordinal, 1000 and 42.

    Returns
    -------
    Rated

    Raises
    ------
    Faulty
        With every fault of both files, each with its row and column (or cell); and when nothing
        can be said of agreement at all.
    """
    found: list[Fault] = []
    data = {path: _content(path, found) for path in (file, gate) if path}
    if found:
        raise Faulty(found)
    rule: Gate | None = None
    try:
        rule = _read_gate(gate.name, data[gate]) if gate else None
    except Faulty as problem:
        found += problem.faults
    rows: list[tuple[str, str, str, float]] = []
    try:
        table = read_table(file, data[file])
        rows = _rows(table)
        found += table.faults
    except Faulty as problem:
        found += problem.faults
    errors = [fault for fault in found if fault.severity == "error"]
    if errors:
        raise Faulty(errors)
    asked = rule or Gate()
    asked = replace(
        asked,
        level=level or asked.level,
        draws=asked.draws if draws is None else draws,
        seed=asked.seed if seed is None else seed,
    )
    try:
        ratings = gather(*zip(*rows, strict=True))
        overall, by_item = agreement(ratings, level=asked.level, draws=asked.draws, seed=asked.seed)
    except RatersError as problem:
        raise Faulty(faults_of(file.name, problem.problems)) from None
    strict: Severities | None = None
    try:
        strict = severities(ratings)
    except RatersError as problem:
        found += faults_of(file.name, problem.problems, severity="warning")
    return Rated(
        ratings,
        overall,
        by_item,
        strict,
        asked.level,
        asked.draws,
        asked.seed,
        hashlib.sha256(b"".join(data.values())).hexdigest(),
        asked if rule else None,
        judge(asked, overall, by_item) if rule else (),
        tuple(found),
    )


def _content(path: Path, found: list[Fault]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        facts = {"reason": reason}
        found.append(Fault("unreadable", N_("无法读取：{reason}"), "", facts, file=str(path)))
        return b""


def _read_gate(name: str, data: bytes) -> Gate:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        mapping = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise refusal(
            name, "not-toml", N_("方法文件的写法有误：{reason}"), "", reason=str(problem)
        ) from None
    section = mapping.get("gate", {})
    if set(mapping) - {"gate"} or not isinstance(section, dict):
        raise refusal(name, "unknown-section", N_("只能有 [gate] 这一节。"))
    try:
        return parse_gate(section)
    except MethodError as problem:
        raise Faulty(faults(name, problem.problems, text)) from None


def _rows(table: Table) -> list[tuple[str, str, str, float]]:
    """The ratings of a table; what is wrong is in its faults."""
    at = table.columns(KNOWN)
    for name in COLUMNS:
        if name not in at and name != "item":
            table.blame(
                "missing-column",
                N_("缺少“{header}”列。"),
                N_("表头须有 unit（对象）、rater（评分人）和 value（评分），可有 item（评分项）。"),
                row=table.head,
                header=name,
            )
    for column, said in enumerate(table.header):
        if said and folded(said) not in KNOWN:
            table.blame(
                "unused-column",
                N_("没有使用“{header}”列。"),
                row=table.head,
                column=column,
                severity="warning",
                header=said,
            )
    if not {"unit", "rater", "value"} <= set(at):
        return []
    rows: list[tuple[str, str, str, float]] = []
    first: dict[tuple[str, str, str], int] = {}
    for row in table.body():
        key = tuple(
            table.text(row, at[name]) if name in at else "all" for name in ("unit", "item", "rater")
        )
        for name, said in zip(("unit", "item", "rater"), key, strict=True):
            if not said:
                table.blame(
                    "empty-cell",
                    N_("“{header}”是空的。"),
                    N_("请填写，或删除这一行。"),
                    row=row,
                    column=at[name],
                    header=table.header[at[name]],
                )
        value = table.number(row, at["value"])
        if key in first and all(key):
            table.blame(
                "rated-twice",
                N_("与第 {other} 行重复：同一评分人对同一对象的同一项只能有一条评分。"),
                row=row,
                column=at["rater"],
                other=first[key] + 1,
            )
        first.setdefault((key[0], key[1], key[2]), row)
        if value is not None and all(key):
            rows.append((key[0], key[1], key[2], value))
    if not rows and all(fault.severity != "error" for fault in table.faults):
        table.blame("no-rows", N_("只有表头，没有内容。"), N_("请每条评分填一行。"))
    return rows
