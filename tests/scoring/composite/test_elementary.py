"""The logarithm, the exponential and what is scored with them: right, and the same everywhere."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Context, Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite import elementary
from scoring.composite.sheet import Floats

ROOT = Path(__file__).parents[3]
TRUE = Context(prec=40)
#: What the processor is not to use; names that it does not know are passed over.
WITHOUT = ("", "X86_V4", "X86_V3 X86_V4", "ASIMDHP ASIMDDP")
SCORES = """
import hashlib, numpy as np
from scoring import composite
from scoring.runs.sheets import sheet_bytes
chance = np.random.default_rng(5)
values = 0.5 + 1 / (chance.random((14, 12)) + 0.02)
values[chance.random(values.shape) < 0.05] = np.nan
dims = [f"d{i}" for i in range(3)]
leaves = [f"i{i}" for i in range(12)]
n = 16
tree = composite.Tree(
    codes=("index", *dims, *leaves),
    parents=(None, *["index"] * 3, *[f"d{i // 4}" for i in range(12)]),
    directions=(1,) * n, weights=(1,) * n, best=(None,) * n, worst=(None,) * n, target=(None,) * n,
    transform=("",) * 4 + ("ln", "") * 6,
)
for method in (
    {"aggregate": {"levels": ["geometric", "generalised"], "power": 0.3},
     "normalise": {"lower": 1}, "impute": {"method": "mean"}, "treat": {"method": "winsorise"},
     "weights": {"method": "merec"}},
    {"normalise": {"method": "zscore"}, "treat": {"method": "box-cox"}},
    {"treat": {"method": "log"}, "normalise": {"lower": 1}, "aggregate": {"method": "harmonic"},
     "uncertainty": {"draws": 300}, "sensitivity": {"base": 64}},
):
    sheet = composite.score(tree, [f"c{i}" for i in range(14)], values,
                            composite.parse_method(method))
    print(hashlib.sha256(sheet_bytes(sheet)).hexdigest())
"""


def apart(got: float, true: Decimal) -> float:
    """By how many units in the last place."""
    return float(abs(Decimal(got) - true) / Decimal(math.ulp(float(true))))


@given(st.floats(1e-300, 1e300))
def test_a_logarithm_is_within_a_unit(x: float) -> None:
    if x != 1:
        assert apart(float(elementary.log(x)), TRUE.ln(Decimal(x))) < 1


@given(st.floats(-600, 600))
def test_an_exponential_is_within_a_unit(x: float) -> None:
    assert apart(float(elementary.exp(x)), TRUE.exp(Decimal(x))) < 1


@given(st.floats(1e-6, 1e6), st.sampled_from([-2.0, -0.5, 0.3, 0.5, 1.5, 3.0]))
def test_a_power(x: float, p: float) -> None:
    assert float(elementary.power(x, p)) == pytest.approx(x**p, rel=1e-14)


@given(st.floats(-0.9, 5))
def test_near_zero(x: float) -> None:
    assert float(elementary.log1p(x)) == pytest.approx(math.log1p(x), rel=1e-14, abs=0)
    assert float(elementary.expm1(x)) == pytest.approx(math.expm1(x), rel=1e-14, abs=0)


def test_what_has_no_logarithm() -> None:
    found = elementary.log([[np.nan, -1.0], [0.0, np.inf]])
    np.testing.assert_array_equal(found, [[np.nan, np.nan], [-np.inf, np.inf]])
    np.testing.assert_array_equal(
        elementary.exp([np.nan, -np.inf, np.inf, 1000, -1000, 0]), [np.nan, 0, np.inf, np.inf, 0, 1]
    )
    np.testing.assert_array_equal(elementary.power([0.0, 1.0, 4.0], -1), [np.inf, 1, 0.25])


@pytest.mark.parametrize(
    ("function", "digest"),
    [
        (elementary.log, "8309dee23e73acb2"),
        (elementary.exp, "62326d0a7186ebc3"),
        (lambda x: elementary.power(x, 0.37), "cbba43a6533d42cb"),
        (elementary.log1p, "a9b65322d053673e"),
        (elementary.expm1, "0d11042b4553dd0b"),
    ],
    ids=["log", "exp", "power", "log1p", "expm1"],
)
def test_the_bits_are_those_of_every_other_machine(
    function: Callable[[Floats], Floats], digest: str
) -> None:
    numbers = np.arange(1, 5001) / 128
    found = np.asarray(function(numbers), dtype="<f8").tobytes()
    assert hashlib.sha256(found).hexdigest()[:16] == digest


def test_another_processor_gives_the_same_sheet() -> None:
    said = set()
    for without in WITHOUT:
        done = subprocess.run(
            [sys.executable, "-c", SCORES],
            cwd=ROOT,
            env={**os.environ, "NPY_DISABLE_CPU_FEATURES": without},
            capture_output=True,
            text=True,
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1
    assert len(next(iter(said)).split()) == 3
