"""What an address asks of what-if, read with every fault named and nothing raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from scoring.composite.problems import CompositeError, Problem
from scoring.standalone.methods import faults
from scoring.whatif.goals import GOALS
from scoring.whatif.reach import PREFERRED

if TYPE_CHECKING:
    from scoring.whatif import Case

EFFORT, WEIGHT = "e.", "w."
ALL = ("target", "zone-best", "province-best")
LONGEST = 30  # of what was typed, when it is said again

NOT_A_NUMBER = (N_("“{path}”应填数字，这里是“{value}”。"), N_("例如 1 或 2.5。"))
NO_SUCH_UNIT = (N_("没有“{value}”这个参评单位。"), N_("请在列表中选择。"))
NO_SUCH_AIM = (N_("没有“{value}”这种目标。"), N_("请在列表中选择。"))


@dataclass
class Asked:
    """What is asked of one city.

    ``aim`` and ``by`` are kinds of goals for the table of gains and for the way to a place, ""
    for the usual ones; ``wanted`` is that place. ``efforts`` are those that are not 1. What could
    not be read is in ``faults`` and left out.
    """

    aim: str = ""
    by: str = ""
    everything: bool = False
    wanted: int | None = None
    wanted_text: str = ""
    efforts: dict[str, float] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of goals in the table of gains."""
        return (self.aim,) if self.aim else ALL

    @property
    def means(self) -> tuple[str, ...]:
        """Kinds of goals on the way to a place, the preferred first."""
        return (self.by,) if self.by else PREFERRED


def read_asked(query: Mapping[str, str], case: Case, ranked: int) -> Asked:
    """The address's parameters; *ranked* is how many cities have a place."""
    asked = Asked(everything=query.get("all") == "1")
    asked.aim, asked.by = (_aim(query.get(name, ""), name, asked) for name in ("aim", "by"))
    asked.wanted_text = query.get("reach", "").strip()[:LONGEST]
    if asked.wanted_text:
        asked.wanted = _place(asked.wanted_text)
        if asked.wanted is None or not 1 <= asked.wanted <= max(ranked, 1):
            facts = {"value": asked.wanted_text, "ranked": ranked}
            asked.faults += in_words([Problem("reach", "no-such-rank", facts)], "")
            asked.wanted = None
    for name, text in query.items():
        if name.startswith(EFFORT) and text.strip():
            _effort(name.removeprefix(EFFORT), text.strip()[:LONGEST], case, asked)
    return asked


def _aim(text: str, name: str, asked: Asked) -> str:
    if text in ("", *GOALS):
        return text
    what, mend = NO_SUCH_AIM
    fault = Fault("no-such-aim", what, mend, {"value": text[:LONGEST]}, column=name)
    asked.faults.append(fault)
    return ""


def _place(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _effort(code: str, text: str, case: Case, asked: Asked) -> None:
    asked.typed[code] = text
    value = number_in(text)
    if code not in case.tree.indicators:
        problem = Problem(code[:LONGEST], "indicator-unknown", {"value": code[:LONGEST]})
        asked.faults += in_words([problem], "")
    elif value is None or not 0 < value <= 1e9:
        asked.faults += in_words([Problem(code, "effort-not-positive", {"value": text})], EFFORT)
    elif value != 1:
        asked.efforts[code] = value


def read_weights(
    query: Mapping[str, str], given: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, str], list[Fault]]:
    """First-level weights in per cent that differ from *given*, what was typed, and the faults.

    A weight typed as *given* is shown, to its last digit on the page, is the given one.
    """
    percents: dict[str, float] = {}
    typed: dict[str, str] = {}
    wrong: list[Fault] = []
    for name, raw in query.items():
        code, text = name.removeprefix(WEIGHT), raw.strip()[:LONGEST]
        if not name.startswith(WEIGHT) or not text:
            continue
        value = number_in(text)
        if code in given:
            typed[code] = text
        if value is None:
            what, mend = NOT_A_NUMBER
            told = {"path": code[:LONGEST], "value": text}
            wrong.append(Fault("not-a-number", what, mend, told, column=name))
        elif code not in given or value != float(shown(given[code])):
            percents[code[:LONGEST]] = value
    return percents, typed, wrong


def shown(percent: float) -> str:
    """A weight as the page writes it."""
    return f"{percent:.2f}".rstrip("0").rstrip(".")


def number_in(text: str) -> float | None:
    """The finite number that was typed; None for anything else."""
    try:
        value = float(text.rstrip("%％"))
    except ValueError:
        return None
    return value if isfinite(value) else None


def in_words(problems: CompositeError | list[Problem], prefix: str) -> list[Fault]:
    """The engine's refusals as faults of fields whose names start with *prefix*."""
    held = problems.problems if isinstance(problems, CompositeError) else problems
    made = faults("", held)
    return [
        Fault(each.code, each.what, each.mend, each.facts, column=f"{prefix}{problem.path}")
        for each, problem in zip(made, held, strict=True)
    ]
