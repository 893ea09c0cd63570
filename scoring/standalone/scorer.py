"""Files in, a score sheet out: the engine with no server and no database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evaluation.framework.workbook_columns import NODES
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from scoring.composite.problems import ScoringError
from scoring.composite.score import score
from scoring.standalone.data_messages import UNSCORED
from scoring.standalone.frameworks import read_framework
from scoring.standalone.methods import faults, read_method
from scoring.standalone.tables import read_table
from scoring.standalone.values import read_values

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.composite.method import Method
    from scoring.composite.problems import Problem
    from scoring.composite.sheet import ScoreSheet, Tree
    from scoring.standalone.frameworks import Framework
    from scoring.standalone.tables import Table
    from scoring.standalone.values import Values


# the column of FRAMEWORK that a refusal of the engine is about; else the code
ABOUT = {
    "no-target": "target",
    "no-goalposts": "best",
    "goalposts-coincide": "best",
    "not-positive": "transform",
}


@dataclass(frozen=True)
class Standalone:
    """A scoring of files.

    ``names``, ``names_en`` and ``units`` are by node, ``city_names`` by city; ``groups`` by city
    where the method imputes by group, else empty. ``how`` and ``given`` are the method and the
    values that were scored, for whoever scores them again otherwise. ``input_sha256`` is the
    SHA-256 of the bytes of FRAMEWORK, VALUES and METHOD one after the other:
    ``cat FRAMEWORK VALUES METHOD | sha256sum``.
    """

    tree: Tree
    names: Mapping[str, str]
    names_en: Mapping[str, str]
    units: Mapping[str, str]
    city_names: Mapping[str, str]
    sheet: ScoreSheet
    groups: Mapping[str, str | None]
    input_sha256: str
    warnings: tuple[Fault, ...] = field(default=())
    how: Method | None = None
    given: Values | None = None


def score_files(framework: Path, values: Path, method: Path | None = None) -> Standalone:
    """Read, check and score.

    Parameters
    ----------
    framework : Path
        ``.csv`` or ``.xlsx``, one row a node: code, parent, name, direction, weight, unit, best,
        worst, target, normalise, transform, missing; Chinese headers as well.
    values : Path
        ``.csv`` or ``.xlsx``, first column the city, one column an indicator. Empty is missing,
        不适用 or n/a is not applicable.
    method : Path, optional
        ``.toml``.

    Returns
    -------
    Standalone

    Raises
    ------
    Faulty
        With every fault of all three files, each with its file, row and column (or cell).
    """
    found: list[Fault] = []
    data = {path: _content(path, found) for path in (framework, values, method) if path}
    if found:
        raise Faulty(found)
    how: Method | None = None
    try:
        how = read_method(method.name if method else "", data[method] if method else None)
    except Faulty as problem:
        found += problem.faults
    tables: dict[Path, Table] = {}
    for path, sheet_name in ((framework, NODES.sheet), (values, "")):
        try:
            tables[path] = read_table(path, data[path], sheet=sheet_name)
        except Faulty as problem:
            found += problem.faults
    read = read_framework(tables[framework]) if framework in tables else None
    given = None
    if read is not None and values in tables:
        given = _read_values(tables[values], read, how)
    for table in tables.values():
        found += table.faults
    errors = [fault for fault in found if fault.severity == "error"]
    if errors or read is None or given is None or how is None:
        raise Faulty(errors)
    try:
        sheet = score(
            read.tree,
            given.cities,
            given.values,
            how,
            not_applicable=given.not_applicable,
            groups=given.groups,
            ranked=given.ranked,
            denominators=given.denominators,
            panel=given.panel,
            errors=given.errors,
            workers=min(4, os.cpu_count() or 1),
        )
    except ScoringError as problem:
        text = data[method].decode("utf-8-sig") if method else ""
        said = faults(method.name if method else "", problem.problems, text)
        pairs = zip(said, problem.problems, strict=True)
        raise Faulty(
            _placed(fault, about, (read, tables[framework]), (given, tables[values]))
            for fault, about in pairs
        ) from None
    return Standalone(
        tree=read.tree,
        names=read.names,
        names_en=read.names_en,
        units=read.units,
        city_names=given.names,
        sheet=sheet,
        groups=dict(zip(given.cities, given.groups or (), strict=False)),
        input_sha256=hashlib.sha256(b"".join(data.values())).hexdigest(),
        warnings=(
            *(fault for fault in found if fault.severity != "error"),
            *_screened(sheet, given, tables[values]),
            *_unused_errors(given, how, tables[values]),
        ),
        how=how,
        given=given,
    )


def _read_values(table: Table, framework: Framework, how: Method | None) -> Values:
    """The values that *how* needs; without a method (it had errors) whatever can be read."""
    if how is None:
        return read_values(table, framework, None)
    rules = {how.impute.method, *framework.tree.missing}
    return read_values(
        table,
        framework,
        how.impute.group,
        period=how.impute.period,
        over_time=bool(rules & {"latest", "linear"}),
    )


def _screened(sheet: ScoreSheet, given: Values, table: Table) -> list[Fault]:
    """Who is left out of the scoring by the method, and why; who has no values needs no note."""
    left_out = sheet.method.get("screen", {}).get("left_out", {})
    found = []
    for city in (city for city in sheet.cities if city in left_out):
        facts = {"city": city} | {
            name: f"{said:.1%}" if isinstance(said, float) else said
            for name, said in left_out[city].items()
        }
        what = UNSCORED[left_out[city]["reason"]]
        place = table.place(given.rows[city], 0)
        found.append(Fault("not-scored", what, "", facts, severity="warning", **place))
    return found


def _unused_errors(given: Values, how: Method, table: Table) -> list[Fault]:
    """Errors of observations are drawn from; without draws they are only read."""
    if given.errors is None or how.uncertainty.draws or how.sensitivity.base:
        return []
    what = N_("给出了观测误差，但方法没有不确定性模拟，误差没有用到。")
    mend = N_("请在方法文件里加上 [uncertainty] 一节。")
    place = table.place(table.head, None)
    return [Fault("errors-unused", what, mend, {}, severity="warning", **place)]


def _content(path: Path, found: list[Fault]) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        found.append(Fault("no-file", N_("没有这个文件。"), N_("请检查路径。"), file=str(path)))
    except OSError as problem:
        facts = {"reason": problem.strerror or str(problem)}
        found.append(Fault("unreadable", N_("无法读取：{reason}"), facts=facts, file=str(path)))
    return b""


def _placed(
    fault: Fault,
    problem: Problem,
    framework: tuple[Framework, Table],
    values: tuple[Values, Table],
) -> Fault:
    """Where the engine's refusal belongs: a cell of VALUES, a row of FRAMEWORK, a key of METHOD."""
    read, framework_table = framework
    given, values_table = values
    city = problem.facts.get("city")
    said = problem.facts.get("column", problem.path)  # the denominator's column, else its own
    if city in given.rows and said in given.columns:
        place = values_table.place(given.rows[city], given.columns[said])
        return replace(fault, **place)
    if problem.path in read.rows:
        column = read.columns.get(ABOUT.get(problem.code, ""), read.columns["code"])
        return replace(fault, **framework_table.place(read.rows[problem.path], column))
    return fault
