"""A scoring of files as the JSON of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.composite.contributions import contributions
from scoring.composite.leave_out import leave_out
from scoring.composite.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scoring.composite.sheet import Floats
    from scoring.standalone.scorer import Standalone


def as_json(standalone: Standalone) -> dict[str, Any]:
    """The JSON output of the contract: plain dicts, None where there is no number.

    ``cities``, ``nodes``, ``scores`` {city: {node}}, ``ranks`` {node: {city}}, ``stages`` {raw,
    denominated, imputed, treated, normalised, contribution} {city: {indicator}}, ``intervals``
    {city: {median, low, high}}, ``unscored`` {city: why}, ``method`` (the executed configuration,
    with the records of imputation and treatment) and ``input_sha256``; ``further`` where points,
    bands or challengers were asked for: {adjust, grades, challengers}. With draws ``firmness``
    (mean ranks, P(one above another), places, tie bands) and ``draws`` (what ran in each, as
    columns); ``sensitivity`` where Sobol's indices or leaving out were asked for.
    """
    sheet = standalone.sheet
    leaves = [sheet.nodes.index(code) for code in sheet.indicators]
    stages = sheet.stages | {"contribution": contributions(sheet).to_index[:, leaves]}
    return {
        "cities": list(sheet.cities),
        "nodes": list(sheet.nodes),
        "scores": _by(sheet.cities, sheet.nodes, sheet.scores),
        "ranks": _by(sheet.nodes, sheet.cities, sheet.ranks.T, _place),
        "stages": {
            name: _by(sheet.cities, sheet.indicators, values) for name, values in stages.items()
        },
        "intervals": {
            city: {key: _number(value) for key, value in interval.items()}
            for city, interval in sheet.intervals.items()
        },
        "unscored": plain(sheet.unscored),
        "method": {
            **plain(sheet.method),
            "imputation": plain(sheet.imputation),
            "treatment": plain(sheet.treatment),
        },
        "input_sha256": standalone.input_sha256,
    } | _beside(standalone)


def _beside(standalone: Standalone) -> dict[str, Any]:
    """What is there only where it was asked for."""
    sheet = standalone.sheet
    draws = {} if sheet.draws is None else sheet.draws.executed_draws()
    sensitivity = dict(sheet.sensitivity)
    if standalone.how is not None and standalone.how.sensitivity.leave_out:
        sensitivity["leave_out"] = _left_out(standalone)
    said = {
        "firmness": sheet.firmness,
        "draws": draws,
        "sensitivity": sensitivity,
        "further": sheet.further,
    }
    return {name: plain(value) for name, value in said.items() if value}


def _left_out(standalone: Standalone) -> list[dict[str, Any]]:
    given = standalone.given
    if given is None:
        return []
    found = leave_out(
        standalone.tree,
        given.cities,
        given.values,
        standalone.how,
        not_applicable=given.not_applicable,
        groups=given.groups,
        ranked=given.ranked,
        denominators=given.denominators,
        panel=given.panel,
    )
    return [each.summary(given.cities) for each in found]


def _number(value: float) -> float | int | None:
    """None for NaN."""
    return None if value != value else value


def _place(value: float) -> float | int | None:
    """A rank: a whole number unless ties share an average."""
    return int(value) if value == value and value.is_integer() else _number(value)


def _by(
    outer: Sequence[str],
    inner: Sequence[str],
    numbers: Floats,
    said: Callable[[float], float | int | None] = _number,
) -> dict[str, dict[str, float | int | None]]:
    return {
        one: {two: said(value) for two, value in zip(inner, row, strict=True)}
        for one, row in zip(outer, numbers.tolist(), strict=True)
    }
