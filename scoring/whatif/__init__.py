"""What would be if: rescoring with other values, other weights, or another run's; pure."""

from scoring.whatif.attribution import Comparison, compare
from scoring.whatif.case import Case
from scoring.whatif.change import reweigh, what_if
from scoring.whatif.gain import Gain, gains
from scoring.whatif.outcome import Outcome
from scoring.whatif.reach import Route, reach

__all__ = [
    "Case",
    "Comparison",
    "Gain",
    "Outcome",
    "Route",
    "compare",
    "gains",
    "reach",
    "reweigh",
    "what_if",
]
