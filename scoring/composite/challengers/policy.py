"""The section ``[challengers]``: which other rankings are put beside the method's own."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.composite.keys import flag, key, number, one_of, some_of
from scoring.composite.problems import Problem

RANKINGS = ("topsis", "vikor", "promethee")


@dataclass(frozen=True)
class Challengers:
    """Other rankings of the same normalised scores with the same effective weights.

    ``vikor_v`` weighs VIKOR's group utility against the widest regret. ``preference_function``
    "linear" needs ``preference`` above ``indifference``, both on the normalised scale.
    ``reversals``: drop each city in turn and see whether the others change places.
    """

    methods: tuple[str, ...] = key((), some_of(*RANKINGS))
    vikor_v: float = key(0.5, number(0, 1))
    preference_function: str = key("usual", one_of("usual", "linear"))
    indifference: float = key(0.0, number(0))
    preference: float | None = key(None, number(0, above=True))
    reversals: bool = key(False, flag)


def challengers_problems(policy: Challengers) -> list[Problem]:
    """What single keys cannot show."""
    if policy.preference_function != "linear":
        return []
    if policy.preference is None:
        return [Problem("challengers.preference", "missing-key", {"because": "linear"})]
    if policy.preference <= policy.indifference:
        facts = {
            "value": policy.preference, "low": policy.indifference, "high": None, "above": True
        }  # fmt: skip
        return [Problem("challengers.preference", "out-of-range", facts)]
    return []
