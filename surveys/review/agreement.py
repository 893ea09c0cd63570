"""How far looks at the same thing agree: percent, Cohen's kappa, Krippendorff's alpha. Pure.

- Cohen's kappa of two looks: J. Cohen, "A coefficient of agreement for nominal scales",
  Educational and Psychological Measurement 20 (1960), 37-46.
- Krippendorff's alpha of any number of looks, some of them missing: K. Krippendorff, "Computing
  Krippendorff's Alpha-Reliability" (2011), and Content Analysis (2004), chapter 11.
- Several questions together: observed and expected parts are added up before they are divided
  (pooled kappa: De Vries, Elliott, Kanouse, Teleki, Field Methods 20 (2008), 272-282), so that a
  question on which nearly everybody says the same does not swing the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.platform.i18n import N_

#: Below so many pairs a coefficient says little; percentages and the cases themselves say more.
FEW = 20

#: Squared difference of two values; 0 for equal ones.
Difference = Callable[[Any, Any], float]


def nominal(one: Hashable, other: Hashable) -> float:
    """The same or not."""
    return 0.0 if one == other else 1.0


def interval(one: float, other: float) -> float:
    """How far apart two numbers are, squared."""
    return (one - other) ** 2


@dataclass(frozen=True, slots=True)
class Parts:
    """What a coefficient is made of: disagreement observed, and expected by chance (both ≥ 0).

    ``weight`` is the number of pairs (kappa) or of pairable values (alpha) they stand for.
    """

    observed: float
    expected: float
    weight: int

    @property
    def coefficient(self) -> float | None:
        """1 for perfect, 0 for chance; None where nothing varies, so that chance explains all."""
        return 1 - self.observed / self.expected if self.expected > 0 else None


def share(agreed: int, of: int) -> float | None:
    """Percent of pairs that agree; None of none."""
    return 100 * agreed / of if of else None


def kappa_parts(pairs: Sequence[tuple[Hashable, Hashable]]) -> Parts:
    """Cohen's kappa of two looks as its parts; the looks may use categories differently."""
    count = len(pairs)
    if not count:
        return Parts(0.0, 0.0, 0)
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    differ = sum(one != two for one, two in pairs) / count
    by_chance = sum(first[value] * second[value] for value in first) / count**2
    return Parts(differ, 1 - by_chance, count)


def alpha_parts(units: Iterable[Sequence[Any]], difference: Difference = nominal) -> Parts:
    """Krippendorff's alpha as its parts.

    *units* are the things looked at, each with the values that were given of it: two where there
    were two looks, more with more; a unit with fewer than two values says nothing and is left out.
    """
    paired = [unit for unit in units if len(unit) > 1]
    held: Counter[Any] = Counter(value for unit in paired for value in unit)
    count = held.total()
    if not count:
        return Parts(0.0, 0.0, 0)
    observed = sum(
        difference(one, other) / (len(unit) - 1)
        for unit in paired
        for at, one in enumerate(unit)
        for beside, other in enumerate(unit)
        if at != beside
    )
    expected = sum(
        ones * others * difference(one, other)
        for one, ones in held.items()
        for other, others in held.items()
    )
    return Parts(observed / count, expected / (count * (count - 1)), count)


def pooled(parts: Iterable[Parts]) -> Parts:
    """Several questions as one: each part weighted by what it stands for."""
    known = [part for part in parts if part.weight]
    weight = sum(part.weight for part in known)
    if not weight:
        return Parts(0.0, 0.0, 0)
    return Parts(
        sum(part.observed * part.weight for part in known) / weight,
        sum(part.expected * part.weight for part in known) / weight,
        weight,
    )


#: What an alpha means, from the best down: Krippendorff (2004), page 241.
ALPHA_WORDS = (
    (0.8, N_("可靠")),
    (0.667, N_("仅可作初步结论")),
    (float("-inf"), N_("不可靠")),
)
#: What a kappa means, from the best down: Landis and Koch, Biometrics 33 (1977), 159-174.
KAPPA_WORDS = (
    (0.81, N_("几乎完全一致")),
    (0.61, N_("高度一致")),
    (0.41, N_("中等一致")),
    (0.21, N_("一般一致")),
    (0.0, N_("略有一致")),
    (float("-inf"), N_("不如随机")),
)


def words(value: float | None, bands: Sequence[tuple[float, str]]) -> str:
    """What a coefficient means, as a message id; what lies between two bands is in the lower."""
    if value is None:
        return N_("没有差异可比")
    return next(word for least, word in bands if round(value, 3) >= least)
