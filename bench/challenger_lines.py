"""TOPSIS, VIKOR and PROMETHEE II on 14 × 87, against pymcdm and scikit-criteria where installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.measuring import Line
from scoring.composite.challengers.distances import topsis, vikor
from scoring.composite.challengers.promethee import promethee

LIMIT = 1.0  # never slower than the libraries
Floats = NDArray[np.float64]
Work = Callable[[], Floats]


def lines() -> Iterator[Line | str]:
    """One line a method and library; a sentence for a library that is not installed."""
    rng = np.random.default_rng(11)
    raw = rng.uniform(1, 100, (14, 87))
    kinds = np.where(rng.random(87) < 0.5, -1, 1)
    weights = rng.random(87)
    weights /= weights.sum()
    directed = raw * kinds

    def minmax() -> Floats:
        low, high = directed.min(axis=0), directed.max(axis=0)
        return (directed - low) / (high - low)

    ours: dict[str, Work] = {
        "topsis": lambda: topsis(minmax(), weights),
        "vikor": lambda: vikor(directed, weights).compromise,
        "promethee": lambda: promethee(directed, weights),
    }
    for library, works in (
        ("pymcdm", lambda module: _pymcdm(module, raw, weights, kinds)),
        ("skcriteria", lambda module: _skcriteria(module, raw, weights, kinds)),
    ):
        module = _found(library)
        if module is None:
            yield f"challengers against {library}: not installed (extra `bench`), skipped"
            continue
        for name, work in works(module).items():
            np.testing.assert_allclose(ours[name](), work(), rtol=0, atol=1e-12)
            yield Line(f"{name} 14×87", ours[name], work, LIMIT, library, rounds=25, calls=20)


def _found(library: str) -> ModuleType | None:
    try:
        return importlib.import_module(library)
    except ModuleNotFoundError:
        return None


def _pymcdm(_: ModuleType, raw: Floats, weights: Floats, kinds: Any) -> dict[str, Work]:
    methods = importlib.import_module("pymcdm.methods")
    made = {
        "topsis": methods.TOPSIS(),
        "vikor": methods.VIKOR(),
        "promethee": methods.PROMETHEE_II("usual"),
    }
    return {
        name: lambda method=method: method(raw, weights, kinds)  # type: ignore[misc]
        for name, method in made.items()
    }


def _skcriteria(module: ModuleType, raw: Floats, weights: Floats, kinds: Any) -> dict[str, Work]:
    """It has no PROMETHEE. Costs are inverted by its own pipeline: negated, then min–max 0–1."""
    prepare = importlib.import_module("skcriteria.preprocessing.invert_objectives")
    scale = importlib.import_module("skcriteria.preprocessing.scalers")
    pipeline = importlib.import_module("skcriteria.pipelines")
    similarity = importlib.import_module("skcriteria.agg.topsis")
    compromise = importlib.import_module("skcriteria.agg.vikor")
    given = module.mkdm(raw, kinds.tolist(), weights=weights)
    steps = (prepare.NegateMinimize(), scale.MinMaxScaler(target="matrix"))
    ideal = pipeline.mkpipe(*steps, similarity.TOPSIS())
    middle = compromise.VIKOR()
    return {
        "topsis": lambda: ideal.evaluate(given).e_.similarity,
        "vikor": lambda: middle.evaluate(given).e_.q_k,
    }
