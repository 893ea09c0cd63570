"""City × indicator × method side by side, and how far a round is covered; for reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.methods import METHODS, VERIFICATION, method_name
from evaluation.framework.tree import Framework, Node, Unit
from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from surveys.observations import rules, store
from surveys.observations.models import Observation
from surveys.observations.scope import subject


@dataclass(frozen=True)
class Line:
    """One city and indicator: what each method says, and which one is adopted.

    ``veiled``: the reader may not know yet whether there were visits, so neither whether one of
    them was adopted.
    """

    unit: Unit
    node: Node
    by_method: dict[str, Observation]
    veiled: bool = False

    @property
    def adopted(self) -> Observation | None:
        """The adopted observation; None also where it is veiled."""
        if self.veiled:
            return None
        return next((each for each in self.by_method.values() if each.adopted), None)

    @property
    def disagrees(self) -> bool:
        """Whether methods contradict each other beyond the tolerance."""
        return rules.disagree(self.node, {m: o.value for m, o in self.by_method.items()})

    @property
    def why(self) -> str:
        """Why the adopted one is adopted, in the current language."""
        chosen = self.adopted
        if chosen is None:
            return ""
        if chosen.chosen_by:
            return _("人工采用：{reason}", reason=chosen.chosen_reason)
        if len(self.by_method) == 1:
            return _("唯一来源")
        if chosen.method == VERIFICATION:
            return _("按规则：核验优先")
        if chosen.method in self.node.methods:
            return _("按规则：体系列出的先后")
        return _("按规则：默认先后")


def units_seen(framework: Framework, who: Principal) -> list[Unit]:
    """The units whose observations this person may open."""
    return [unit for unit in framework.units if who.sees_filing(unit.code)]


def is_veiled(who: Principal, found: Round) -> bool:
    """Whether *who* may not know of visits yet: whoever is judged, until publication."""
    return who.role in roles.OF_A_CITY and not round_rules.is_public(found.state)


def lines(
    session: Session,
    found: Round,
    units: Sequence[Unit],
    nodes: Sequence[Node],
    *,
    veiled: bool = False,
) -> list[Line]:
    """A line for every unit and indicator, in the framework's order, empty ones included.

    *veiled* leaves out what visits said; and which value is adopted, for every indicator that
    visits may supply, whether there were any or not.
    """
    held: dict[tuple[str, str], dict[str, Observation]] = {}
    for each in store.observations(
        session,
        found.id,
        cities=[unit.code for unit in units],
        indicators=[node.code for node in nodes],
    ):
        if not veiled or each.visits is None:
            held.setdefault((each.city, each.indicator), {})[each.method] = each
    return [
        Line(
            unit,
            node,
            held.get((unit.code, node.code), {}),
            veiled and rules.visits_may_supply(node),
        )
        for unit in units
        for node in nodes
    ]


def methods_of(shown: Iterable[Line]) -> list[str]:
    """Methods with a value in any line, in the order of precedence."""
    present = {method for line in shown for method in line.by_method}
    return [method for method in METHODS if method in present]


@dataclass(frozen=True)
class Coverage:
    """Adopted observations against those expected, in all, by unit and by method."""

    done: int
    expected: int
    by_unit: tuple[tuple[Unit, int], ...]
    by_method: tuple[tuple[str, int], ...]
    each: int

    @property
    def missing(self) -> int:
        """City–indicator pairs without an adopted observation."""
        return self.expected - self.done


def coverage(
    session: Session,
    found: Round,
    framework: Framework,
    units: Sequence[Unit],
    *,
    veiled: bool = False,
) -> Coverage:
    """How far *units* are covered; *veiled* counts what is there without any visit."""
    codes = {unit.code for unit in units}
    by_unit: dict[str, int] = dict.fromkeys(codes, 0)
    by_method: dict[str, int] = {}
    if veiled:
        by_unit |= store.unvisited_counts(session, found.id, codes)
    else:
        for city, method, count in store.adopted_counts(session, found.id):
            if city in codes:
                by_unit[city] += count
                by_method[method] = by_method.get(method, 0) + count
    each = len(framework.indicators)
    return Coverage(
        done=sum(by_unit.values()),
        expected=len(units) * each,
        by_unit=tuple((unit, by_unit[unit.code]) for unit in units),
        by_method=tuple((m, by_method[m]) for m in METHODS if m in by_method),
        each=each,
    )


@dataclass(frozen=True)
class Event:
    """Something that happened to a city's indicator, from the audit log."""

    at: datetime
    username: str
    role: str
    text: str


def history(
    session: Session, found: Round, city: str, indicator: str, *, of_visits: bool = True
) -> list[Event]:
    """Everything the audit log says of one city and indicator, newest first.

    Without *of_visits* nothing of methods by which people visit, nor of what was adopted: its
    moment tells when a visit was.
    """
    mark = audit.canonical([city, indicator])[:-1] + ","
    query = (
        sa.select(AuditEntry)
        .where(
            sa.or_(
                AuditEntry.subject == subject(found, city, indicator),
                sa.and_(
                    AuditEntry.subject == f"round:{found.code}",
                    AuditEntry.action.like("observation%"),
                    AuditEntry.after.contains(mark, autoescape=True),
                ),
            )
        )
        .order_by(AuditEntry.number.desc())
    )
    return [
        Event(entry.at, entry.username, entry.role, text)
        for entry in session.scalars(query)
        for text in _told(entry, city, indicator, of_visits)
    ]


def _told(entry: AuditEntry, city: str, indicator: str, of_visits: bool) -> list[str]:
    after: dict[str, Any] = json.loads(entry.after or "{}")
    if not of_visits:
        changes = [each for each in after.get("changes", ()) if each[2] not in rules.BY_VISIT]
        after = {"changes": changes, "file": after.get("file")}
    elif entry.action == "observation.adopted":
        return [
            _(
                "改为采用“{method}”：{reason}",
                method=method_name(after["method"]),
                reason=after["reason"],
            )
        ]
    elif entry.action == "observation.released":
        return [
            _(
                "恢复按规则采用“{method}”：{reason}",
                method=method_name(after["method"] or ""),
                reason=after["reason"],
            )
        ]
    said = []
    for at_city, at_indicator, method, before, now in after.get("changes", ()):
        if (at_city, at_indicator) == (city, indicator):
            facts = {"method": method_name(method), "before": shown(before), "after": shown(now)}
            if now is None:
                said.append(_("“{method}”的值 {before} 被撤回", **facts))
            elif before is None:
                said.append(_("“{method}”记录 {after}", **facts))
            else:
                said.append(_("“{method}”由 {before} 改为 {after}", **facts))
            if after.get("file"):
                said[-1] += _("（文件：{file}）", file=after["file"])
    for at_city, at_indicator, _before, now in after.get("adopted", ()):
        if (at_city, at_indicator) == (city, indicator) and now is not None:
            said.append(_("按规则采用“{method}”", method=method_name(now)))
    return said


def shown(value: float | str | bool | None) -> str:
    """A value as people read it."""
    if value is True or value == "NA":
        return _("不适用")
    return "—" if value is None else f"{value:.10g}"
