"""A scoring of files as a case to be asked about, and columns about its cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import N_
from scoring.standalone.tables import folded, read_table, refusal
from scoring.whatif import Case

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.composite.sheet import Floats
    from scoring.standalone.scorer import Standalone
    from scoring.standalone.tables import Table

POPULATION = ("population", "人口")


def case_of(scored: Standalone) -> Case:
    """What was scored, to be scored again otherwise."""
    given = scored.given
    if given is None or scored.how is None:
        raise ValueError("this scoring was not made from files")
    more = {"denominators": given.denominators, "panel": given.panel}
    return Case(
        tree=scored.tree,
        cities=tuple(given.cities),
        values=given.values,
        method=scored.how,
        not_applicable=given.not_applicable,
        groups=None if given.groups is None else tuple(given.groups),
        ranked=given.ranked,
        more={name: value for name, value in more.items() if value},
    )


def population_of(values: Path, cities: tuple[str, ...], header: str | None) -> Floats | None:
    """The population of each city from a column of VALUES, ``(n_cities,)``; NaN where empty.

    Without *header* the column ``population`` or 人口, and None where there is none. Raises
    ``Faulty`` for a column that is not there and for every cell that is no number.
    """
    table = read_table(values, values.read_bytes())
    column = _column(table, (header,) if header else POPULATION)
    if column is None:
        if header:
            raise _no_column(table, header)
        return None
    # a cell that is an error of the table itself was told when it was scored
    before = len(table.faults)
    found = {}
    for row in table.body():
        number = table.number(row, column) if table.text(row, column) else None
        if number is not None:
            found[table.text(row, 0)] = number
    errors = [fault for fault in table.faults[before:] if fault.severity == "error"]
    if errors:
        raise Faulty(errors)
    return np.array([found.get(city, np.nan) for city in cities])


def zones_of(values: Path, header: str) -> dict[str, str]:
    """The zone of each city from a column of VALUES; cities without one are left out.

    Raises ``Faulty`` for a column that is not there.
    """
    table = read_table(values, values.read_bytes())
    column = _column(table, (header,))
    if column is None:
        raise _no_column(table, header)
    pairs = ((table.text(row, 0), table.text(row, column)) for row in table.body())
    return {city: zone for city, zone in pairs if zone}


def _column(table: Table, headers: tuple[str, ...]) -> int | None:
    wanted = {folded(header) for header in headers}
    return next((at for at, said in enumerate(table.header) if folded(said) in wanted), None)


def _no_column(table: Table, header: str) -> Faulty:
    return refusal(
        table.file,
        "no-such-column",
        N_("没有“{header}”列。"),
        N_("现有的列：{headers}。"),
        header=header,
        headers=", ".join(said for said in table.header[:20] if said),
    )
