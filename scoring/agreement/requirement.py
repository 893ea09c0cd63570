"""What a round asks of the agreement of first and second looks: read, checked, kept. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.framework import methods
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from scoring.raters.gate import Gate, parse_gate

#: Methods by which two people can look at the same thing without knowing of each other.
LOOKED = (methods.SIMULATION, methods.INSPECTION, methods.BASIC_DATA)
STATISTICS = {
    "alpha": N_("Krippendorff α"),
    "kappa": N_("Fleiss κ"),
    "icc": N_("ICC(1,1)"),
    "percent": N_("一致率（%）"),
}
SCOPES = {"forms": N_("整张表单"), "items": N_("逐题")}
FEW = {"fail": N_("算未达要求"), "warn": N_("只提醒，不阻拦")}
MOST_PAIRS = 10_000


@dataclass(frozen=True)
class Requirement:
    """``least`` is what ``statistic`` must reach (percent: 0–100), by form or by question.

    ``lower_bound`` asks it of the lower end of the 95 % interval. ``least_pairs`` pairs are
    needed to know, ``few`` says what fewer come to. ``share`` percent of the first looks by each
    of ``methods`` must have been looked at again.
    """

    statistic: str = "alpha"
    scope: str = "forms"
    least: float = 0.667
    lower_bound: bool = False
    least_pairs: int = 20
    few: str = "fail"
    share: float = 10.0
    methods: tuple[str, ...] = LOOKED

    def gate(self, statistic: str = "") -> Gate:
        """The rule of `scoring.raters.gate`, by this or another statistic."""
        own = statistic or self.statistic
        return parse_gate(
            {
                "statistic": "icc1" if own == "icc" else own,
                "scope": ["overall" if self.scope == "forms" else "items"],
                "least": self.least,
                "warn_below": None,
                "lower_bound": self.lower_bound and own != "percent",
                "least_pairs": self.least_pairs,
                "few": self.few,
                "undefined": "warn",
                "level": "nominal",
            }
        )

    def stored(self) -> dict[str, Any]:
        """As a round keeps it."""
        return asdict(self) | {"methods": list(self.methods)}


def held(agreement: Mapping[str, Any]) -> Requirement | None:
    """What a round asks; None where it asks nothing."""
    if "statistic" not in agreement:
        return None
    names = Requirement.__dataclass_fields__
    said = {name: value for name, value in agreement.items() if name in names}
    return Requirement(**said | {"methods": tuple(said["methods"])})


def read(typed: Mapping[str, str], chosen: Collection[str]) -> Requirement:
    """What was typed, *chosen* being the methods. Raises `Faulty` with every fault."""
    faults: list[Fault] = []
    numbers = {name: _number(typed.get(name, "")) for name in ("least", "least_pairs", "share")}
    statistic, scope, few = (typed.get(name, "") for name in ("statistic", "scope", "few"))
    bound = typed.get("lower_bound") == "1"
    faults += _words(statistic, scope, few, chosen)
    faults += _bounds(numbers, statistic)
    if scope == "forms" and statistic in ("kappa", "icc"):
        what = N_("κ 和 ICC 只能逐题要求。")
        faults.append(Fault("scope", what, N_("请选“逐题”，或改用 α、一致率。"), column="scope"))
    if bound and statistic == "percent":
        what = N_("一致率没有置信区间，不能要求下限。")
        faults.append(Fault("bound", what, N_("请取消勾选。"), column="lower_bound"))
    least, pairs, share = numbers["least"], numbers["least_pairs"], numbers["share"]
    if faults or least is None or pairs is None or share is None:
        raise Faulty(faults)
    kept = tuple(each for each in LOOKED if each in chosen)
    return Requirement(statistic, scope, least, bound, int(pairs), few, share, kept)


def _words(statistic: str, scope: str, few: str, chosen: Collection[str]) -> Iterator[Fault]:
    for name, value, known, what in (
        ("statistic", statistic, STATISTICS, N_("请选择看哪个系数。")),
        ("scope", scope, SCOPES, N_("请选择按整张表单还是逐题。")),
        ("few", few, FEW, N_("请选择对数不够时怎么办。")),
    ):
        if value not in known:
            yield Fault("unknown-choice", what, column=name)
    if not chosen or set(chosen) - set(LOOKED):
        yield Fault("no-method", N_("请至少选择一种采集方式。"), column="methods")


def _bounds(numbers: Mapping[str, float | None], statistic: str) -> Iterator[Fault]:
    top = 100.0 if statistic == "percent" else 1.0
    for name, high in (("least", top), ("least_pairs", float(MOST_PAIRS)), ("share", 100.0)):
        value, low = numbers[name], 1.0 if name == "least_pairs" else 0.0
        whole = name != "least_pairs" or value is None or value.is_integer()
        if value is None or not low <= value <= high or not whole:
            facts = {"low": f"{low:g}", "high": f"{high:g}"}
            what = (
                N_("请填写 {low} 到 {high} 之间的整数。")
                if name == "least_pairs"
                else N_("请填写 {low} 到 {high} 之间的数。")
            )
            yield Fault("out-of-range", what, "", facts, column=name)


def _number(text: str) -> float | None:
    try:
        value = float(text.strip())
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
