"""The draw of sites, days, cover stories and evaluators. Pure: inputs and a seed in, a draw out.

How it works and why is in docs/adr/0014.
"""

from surveys.visits.drawing.draw import needed, run
from surveys.visits.drawing.inputs import (
    Before,
    Draw,
    Drawn,
    FormNeeds,
    Impossible,
    Inputs,
    Lack,
    Person,
    Place,
    Quota,
    Warned,
)

__all__ = [
    "Before",
    "Draw",
    "Drawn",
    "FormNeeds",
    "Impossible",
    "Inputs",
    "Lack",
    "Person",
    "Place",
    "Quota",
    "Warned",
    "needed",
    "run",
]
