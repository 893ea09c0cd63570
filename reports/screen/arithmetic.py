"""Arithmetic that a person can do again with a calculator: the sum as text, with its result. Pure.

A term carries its text and the result of the numbers *as they are written*, so that what is
printed is what was computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

#: Significant digits of the numbers in a sum: the fewest that give the result are used.
DIGITS = (8, 12, 15)
#: How near, relative to the result, written numbers must come to it.
NEAR = 1e-8
SUM, PRODUCT, POWER, ATOM = range(4)


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a sum: its text, its result, and how tightly its last operation binds."""

    text: str
    value: float
    binds: int = ATOM

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.text} + {other.text}", self.value + other.value, SUM)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.text} − {other.inside(PRODUCT)}", self.value - other.value, SUM)

    def __mul__(self, other: Term) -> Term:
        text = f"{self.inside(PRODUCT)} × {other.inside(PRODUCT)}"
        return Term(text, self.value * other.value, PRODUCT)

    def __truediv__(self, other: Term) -> Term:
        made = self.value / other.value if other.value else math.nan
        return Term(f"{self.inside(PRODUCT)} ÷ {other.inside(POWER)}", made, PRODUCT)

    def __pow__(self, other: Term) -> Term:
        defined = self.value > 0 or (self.value == 0 and other.value > 0)
        made = self.value**other.value if defined else math.nan
        return Term(f"{self.inside(ATOM)} ^ {other.inside(ATOM)}", made, POWER)

    def inside(self, least: int) -> str:
        """The text, in brackets where it would bind less than *least*."""
        return self.text if self.binds >= least else f"({self.text})"


Number = Callable[[float], Term]


def written(value: float, digits: int = 10) -> str:
    """A number to so many significant digits, never as a power of ten."""
    text = f"{Decimal(f'{value:.{digits}g}'):f}"
    return f"−{text[1:]}" if text.startswith("-") else text


def number(value: float, digits: int) -> Term:
    """A number as a term; a negative one stands in brackets."""
    text = written(value, digits)
    return Term(f"({text})" if text.startswith("−") else text, float(f"{value:.{digits}g}"))


def ln(term: Term) -> Term:
    """The natural logarithm."""
    return Term(f"ln({term.text})", math.log(term.value) if term.value > 0 else math.nan)


def total(terms: Iterable[Term]) -> Term:
    """All of them together; at least one is needed."""
    first, *rest = terms
    for each in rest:
        first += each
    return first


def worked(made: float | None, build: Callable[[Number], Term]) -> str:
    """``(12 − 60) ÷ (5 − 60) × 100 = 87.27272727``, or nothing where it would not be *made*.

    A sum is printed only if its own written numbers give the result.
    """
    if made is None or made != made:
        return ""
    for digits in DIGITS:
        term = build(lambda value, digits=digits: number(value, digits))  # type: ignore[misc]
        if abs(term.value - made) <= NEAR * max(1.0, abs(made)):
            return f"{term.text} = {written(made)}"
    return ""
