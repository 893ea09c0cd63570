"""The composite-indicator engine: arrays and a method in, every stage of a score sheet out.

``from scoring import composite`` is the whole of it for an analyst: `score` does everything in
order, and each step is there alone as well. `docs/tutorial.md` walks through it with published
numbers.
"""

from scoring.composite.adjust import adjust, read_adjustments
from scoring.composite.aggregate import aggregate
from scoring.composite.challengers.distances import topsis, vikor
from scoring.composite.challengers.promethee import promethee
from scoring.composite.challengers.reversal import reversals
from scoring.composite.contributions import contributions
from scoring.composite.copeland import copeland
from scoring.composite.denominate import denominate
from scoring.composite.grades import Grades, grade
from scoring.composite.impute import impute
from scoring.composite.leave_out import leave_out
from scoring.composite.method import Method, parse_method
from scoring.composite.normalise import normalise
from scoring.composite.panel import Panel
from scoring.composite.problems import CompositeError, MethodError, ScoringError
from scoring.composite.rank import rank
from scoring.composite.score import score
from scoring.composite.screen import screen
from scoring.composite.sensitivity import sensitivities
from scoring.composite.sheet import ScoreSheet, Tree
from scoring.composite.stability import stability
from scoring.composite.trace import trace
from scoring.composite.treat import treat
from scoring.composite.uncertainty import simulate
from scoring.composite.weigh import effective_weights, redistribute
from scoring.composite.weighting.advisory import equal_importance, loadings
from scoring.composite.weighting.best_worst import best_worst
from scoring.composite.weighting.importance import importance
from scoring.composite.weighting.objective import (
    critic,
    entropy,
    gini,
    merec,
    standard_deviation,
)
from scoring.composite.weighting.pairwise import joined, priorities

__all__ = [
    "CompositeError",
    "Grades",
    "Method",
    "MethodError",
    "Panel",
    "ScoreSheet",
    "ScoringError",
    "Tree",
    "adjust",
    "aggregate",
    "best_worst",
    "contributions",
    "copeland",
    "critic",
    "denominate",
    "effective_weights",
    "entropy",
    "equal_importance",
    "gini",
    "grade",
    "importance",
    "impute",
    "joined",
    "leave_out",
    "loadings",
    "merec",
    "normalise",
    "parse_method",
    "priorities",
    "promethee",
    "rank",
    "read_adjustments",
    "redistribute",
    "reversals",
    "score",
    "screen",
    "sensitivities",
    "simulate",
    "stability",
    "standard_deviation",
    "topsis",
    "trace",
    "treat",
    "vikor",
]
