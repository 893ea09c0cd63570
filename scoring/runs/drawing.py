"""How often, and over what, every run of a round is drawn: the platform's floor. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluation.framework.tree import Framework
from scoring.composite.method import Method, parse_method
from scoring.composite.plan import Sensitivity

#: Draws of every run. A framework may ask for more.
LEAST_DRAWS = 4_000

#: Base points of Sobol's indices where the framework does not say how many.
BASE = 256

#: Copeland compares every pair of units by every indicator in every draw: 4,000 draws take about
#: 8 seconds at 150 units and 40 at 333. Beyond, it is drawn `BOUNDED` times, or as the framework
#: asks, and no indices are taken.
MOST_COMPARED, BOUNDED = 150, 500


@dataclass(frozen=True)
class Drawn:
    """The method that a run executes, and what the platform changed in its draws.

    ``notes`` go into the executed method: ``asked_draws`` where fewer were asked for, ``bounded``
    where Copeland allows fewer than the floor.
    """

    method: Method
    notes: Mapping[str, Any]


def drawn(framework: Framework) -> Drawn:
    """The framework's method, drawn as every run of a round is.

    Weights, scale and mean are varied, the imputation and the treatment of outliers where the
    method has one, unless the framework says itself what to vary. Raises `MethodError`.
    """
    said = framework.method.get("uncertainty") or {}
    method = parse_method(framework.method)
    notes: dict[str, Any] = {}
    asked = method.uncertainty.draws
    least = LEAST_DRAWS
    if bounded(framework, method):
        least, notes["bounded"] = BOUNDED, BOUNDED
    if asked < least:
        notes["asked_draws"] = asked
    vary = method.uncertainty.vary if "vary" in said else _varied(method)
    plan = replace(method.uncertainty, draws=max(asked, least), vary=vary)
    return Drawn(replace(method, uncertainty=plan), notes)


def with_indices(framework: Framework, method: Method) -> Method:
    """The same with Sobol's indices, where the framework does not speak of them."""
    if "sensitivity" in framework.method or bounded(framework, method):
        return method
    return replace(method, sensitivity=Sensitivity(base=BASE))


def bounded(framework: Framework, method: Method) -> bool:
    """Whether pairs of units are compared, and there are too many of them."""
    kinds = {method.aggregate.method, *method.aggregate.levels}
    return "copeland" in kinds and len(framework.units) > MOST_COMPARED


def _varied(method: Method) -> tuple[str, ...]:
    more: tuple[str, ...] = ()
    if method.treat.method != "none":
        more += ("treat",)
    if method.impute.method != "none":
        more += ("impute",)
    return (*method.uncertainty.vary, *more)
