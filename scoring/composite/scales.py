"""The normalisations as arithmetic on columns whose direction is already applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.policies import clips
from scoring.composite.rank import rank_rows
from scoring.composite.sheet import Floats

if TYPE_CHECKING:
    from scoring.composite.policies import Normalise
    from scoring.composite.sheet import Bools


@dataclass(frozen=True)
class Columns:
    """Some indicators of one kind, direction applied: ``values`` is ``(n_cities, n)``.

    The other arrays are ``(n,)``: ``worst``, ``best`` and ``target`` on the directed scale,
    ``low``, ``high`` of the reference set; ``peers`` are the directed values of that set.
    """

    values: Floats
    peers: Floats
    low: Floats
    high: Floats
    worst: Floats
    best: Floats
    target: Floats
    reference: Floats


def apply(
    kind: str, part: Columns, policy: Normalise, lower: float, upper: float
) -> tuple[Floats, Bools]:
    """Normalised columns ``(n_cities, n)``, and which of them have no spread, ``(n,)``."""
    x, span = part.values, part.high - part.low
    flat = np.zeros(span.shape, dtype=bool)
    if kind == "none":
        return x, flat
    if kind == "scaled":
        return 100.0 * (x - lower) / (upper - lower), flat
    if kind == "goalposts":
        share = (x - part.worst) / (part.best - part.worst)
    elif kind in ("minmax", "distance-to-max"):
        share, flat = _ratio(x - part.low, span)
    elif kind == "fraction-of-max":
        share, flat = _ratio(x, part.high)
    elif kind in ("distance-to-target", "distance-to-reference"):
        goal = part.target if kind == "distance-to-target" else part.reference
        share, flat = _ratio(x - part.low, goal - part.low)
    elif kind == "zscore":
        count = np.sum(~np.isnan(part.peers), axis=0)
        centre = np.nansum(part.peers, axis=0) / np.maximum(count, 1)
        width = np.where(span > 0, span, 1.0)  # keeps squares of large and tiny units in range
        shares = (part.peers - centre) / width
        squares = np.nansum(shares**2, axis=0) / np.maximum(count - 1, 1)
        deviation = np.where(span > 0, width * np.sqrt(squares), 0.0)
        share, flat = _ratio(x - centre, deviation)
        lower, upper = policy.mean, policy.mean + policy.sd
    else:
        return _placed(kind, part, policy, lower, upper)
    if clips(policy, kind) and kind != "zscore":
        share = np.clip(share, 0.0, 1.0)
    middle = policy.mean if kind == "zscore" else (lower + upper) / 2
    return _flattened(lower + share * (upper - lower), flat, policy, middle, upper), flat


def _placed(
    kind: str, part: Columns, policy: Normalise, lower: float, upper: float
) -> tuple[Floats, Bools]:
    """rank, borda and percentile-rank: places among the reference set, 1 for the lowest."""
    flat = np.zeros(part.values.shape[1], bool)
    if part.peers.shape == part.values.shape:
        place = rank_rows(-part.values.T).T
    else:
        below = np.sum(part.peers[:, None, :] < part.values[None, :, :], axis=0)
        place = np.where(np.isnan(part.values), np.nan, 1.0 + below)
    if kind == "rank":
        return place, flat
    if kind == "borda":
        return place - 1, flat
    count = np.sum(~np.isnan(part.peers), axis=0)
    share, flat = _ratio(place - 1, np.asarray(count - 1.0))
    made = lower + share * (upper - lower)
    return _flattened(made, flat, policy, (lower + upper) / 2, upper), flat


def _ratio(above: Floats, span: Floats) -> tuple[Floats, Bools]:
    """``above / span`` and where the span is 0 or unknown, which gives 0 for now."""
    flat = ~(np.abs(span) > 0)
    return above / np.where(flat, 1.0, span), flat


def _flattened(made: Floats, flat: Bools, policy: Normalise, middle: float, upper: float) -> Floats:
    """Give what has no spread the value of the policy; a missing value stays missing."""
    if not flat.any():
        return made
    given = {"midpoint": middle, "upper": upper, "missing": np.nan}[policy.constant]
    return np.where(flat & ~np.isnan(made), given, made)
