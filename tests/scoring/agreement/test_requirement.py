"""What a round may ask of agreement: every fault at once, and back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.platform.errors import Faulty
from scoring.agreement.requirement import FEW, LOOKED, STATISTICS, Requirement, held, read

GOOD = {
    "statistic": "alpha", "scope": "forms", "least": "0.667", "least_pairs": "20",
    "few": "fail", "share": "10",
}  # fmt: skip


def faults(chosen: tuple[str, ...] = LOOKED, **changes: str) -> set[str]:
    with pytest.raises(Faulty) as caught:
        read({**GOOD, **changes}, chosen)
    assert all(fault.explain() for fault in caught.value.faults)
    return {fault.column for fault in caught.value.faults}


def test_what_is_asked_is_read_kept_and_read_again() -> None:
    asked = read({**GOOD, "lower_bound": "1"}, ("inspection",))
    assert asked == Requirement(lower_bound=True, methods=("inspection",))
    assert held(asked.stored()) == asked
    assert held({}) is None
    assert held({**asked.stored(), "found": {"short": []}}) == asked


def test_every_fault_is_told_at_once() -> None:
    told = faults((), statistic="sigma", scope="", least="x", least_pairs="0.5", few="", share="-1")
    assert told == {"statistic", "scope", "least", "least_pairs", "few", "share", "methods"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"least": "1.01"}, "least"),
        ({"least": "nan"}, "least"),
        ({"least": "1e400"}, "least"),
        ({"statistic": "percent", "least": "101"}, "least"),
        ({"least_pairs": "0"}, "least_pairs"),
        ({"share": "100.5"}, "share"),
        ({"statistic": "kappa"}, "scope"),
        ({"statistic": "icc"}, "scope"),
        ({"statistic": "percent", "least": "90", "lower_bound": "1"}, "lower_bound"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes: dict[str, str], column: str) -> None:
    assert column in faults(**changes)


def test_a_method_that_nobody_visits_by_is_refused() -> None:
    assert faults(("full_filing",)) == {"methods"}


@given(
    st.sampled_from(list(STATISTICS)), st.floats(0, 1), st.integers(1, 10_000),
    st.sampled_from(list(FEW)), st.floats(0, 100), st.booleans(),
)  # fmt: skip
def test_whatever_is_read_makes_a_gate(
    statistic: str, least: float, pairs: int, few: str, share: float, bound: bool
) -> None:
    typed: dict[str, Any] = {
        "statistic": statistic, "scope": "items", "least": str(least),
        "least_pairs": str(pairs), "few": few, "share": str(share),
        "lower_bound": "1" if bound and statistic != "percent" else "",
    }  # fmt: skip
    asked = read(typed, LOOKED)
    gate = asked.gate()
    assert gate.least == asked.least
    assert gate.few == few
    assert held(asked.stored()) == asked
