"""Checks of single indicators and cities: is there enough, and is it fit to be added up?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.audit.findings import FAIL, PASS, UNKNOWN, WARN, Check
from scoring.audit.statistics import Statistics, statistics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.composite.limits import Limits
    from scoring.composite.sheet import ScoreSheet

LEAST_VALUES = 4  # below, the sample-corrected kurtosis is not defined


def indicator_checks(sheet: ScoreSheet, seen: Statistics, limits: Limits) -> Iterator[Check]:
    """Coverage, shape and zeros of every indicator; coverage of every city.

    Parameters
    ----------
    sheet : ScoreSheet
    seen : Statistics
        Of ``sheet.raw``.
    limits : Limits
    """
    yield from _coverage(seen, limits)
    yield from _city_coverage(sheet, limits)
    yield from _shapes(sheet, seen, limits)
    yield from _zeros(seen, limits)


def _coverage(seen: Statistics, limits: Limits) -> Iterator[Check]:
    for code, n, applicable, share in zip(
        seen.codes, seen.n.tolist(), seen.applicable.tolist(), seen.coverage.tolist(), strict=True
    ):
        facts = {"n": n, "cities": applicable, "coverage": share, "limit": limits.coverage}
        if applicable == 0:
            yield Check("coverage", code, UNKNOWN, "coverage-nobody", facts)
        elif n == 0:
            yield Check("coverage", code, FAIL, "coverage-none", facts)
        elif share < limits.coverage:
            yield Check("coverage", code, FAIL, "coverage-low", facts)
        else:
            yield Check("coverage", code, PASS, "coverage-ok", facts)


def _city_coverage(sheet: ScoreSheet, limits: Limits) -> Iterator[Check]:
    possible = (~sheet.not_applicable).sum(axis=1).tolist()
    present = (~np.isnan(sheet.raw) & ~sheet.not_applicable).sum(axis=1).tolist()
    for city, n, all_ in zip(sheet.cities, present, possible, strict=True):
        facts = {"n": n, "indicators": all_, "limit": limits.coverage}
        if all_ == 0:
            yield Check("city-coverage", city, UNKNOWN, "city-coverage-nothing", facts)
            continue
        low = n / all_ < limits.coverage
        reason = "city-coverage-low" if low else "city-coverage-ok"
        facts["coverage"] = n / all_
        yield Check("city-coverage", city, WARN if low else PASS, reason, facts)


def _shapes(sheet: ScoreSheet, seen: Statistics, limits: Limits) -> Iterator[Check]:
    after = statistics(seen.codes, sheet.treated, not_applicable=sheet.not_applicable)
    before_bad, after_bad = seen.skewed(limits), after.skewed(limits)
    outcomes = {record["code"]: record["outcome"] for record in sheet.treatment}
    for j, code in enumerate(seen.codes):
        facts = {
            "n": int(seen.n[j]),
            "skew": float(seen.skew[j]),
            "kurtosis": float(seen.kurtosis[j]),
            "skew_after": float(after.skew[j]),
            "kurtosis_after": float(after.kurtosis[j]),
            "outliers": int(seen.outliers[j]),
            "treatment": outcomes.get(code, "untreated"),
            "skew_limit": limits.skew,
            "kurtosis_limit": limits.kurtosis,
            "kurtosis_alone": limits.kurtosis_alone,
        }
        if seen.n[j] > 1 and seen.constant[j]:
            yield Check("shape", code, FAIL, "shape-constant", {**facts, "value": seen.low[j]})
        elif seen.n[j] < LEAST_VALUES:
            yield Check("shape", code, UNKNOWN, "shape-few", {**facts, "least": LEAST_VALUES})
        elif not before_bad[j]:
            yield Check("shape", code, PASS, "shape-ok", facts)
        elif not after_bad[j]:
            yield Check("shape", code, PASS, "shape-treated", facts)
        else:
            yield Check("shape", code, WARN, "shape-outliers", facts)


def _zeros(seen: Statistics, limits: Limits) -> Iterator[Check]:
    for code, zeros, n in zip(seen.codes, seen.zeros.tolist(), seen.n.tolist(), strict=True):
        facts = {"zeros": zeros, "n": n, "limit": limits.zeros}
        if n == 0:
            yield Check("zeros", code, UNKNOWN, "zeros-none", facts)
        elif zeros / n > limits.zeros:
            yield Check("zeros", code, WARN, "zeros-many", {**facts, "share": zeros / n})
        else:
            yield Check("zeros", code, PASS, "zeros-ok", {**facts, "share": zeros / n})
