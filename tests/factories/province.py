"""A small province: two dimensions, five indicators, four cities, one of them not ranked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from evaluation.framework import service as frameworks
from evaluation.framework.tree import Framework, Measure, Node, Unit, Zone
from evaluation.platform import clock
from evaluation.platform.audit import System
from evaluation.rounds import rules, service
from evaluation.rounds.models import Round


def small_framework(**changes: Any) -> Framework:
    """Codes: cities C1–C4 (C4 not ranked), dimensions D1, D2, indicators I1–I5."""
    nodes = (
        Node("T", None, "营商环境", "Business environment"),
        Node("D1", "T", "开办企业", "Starting a business", weight=0.6),
        Node("D2", "T", "获得用气", "Getting gas", weight=0.4),
        _indicator("I1", "D1", "开办时间", "Time to start", -1, 0, 20, "工作日", maximum=60),
        _indicator("I2", "D1", "网办率", "Online share", 1, 100, 0, "%", maximum=100, target=98),
        _indicator("I3", "D1", "满意度", "Satisfaction", 1, 100, 0, "分", maximum=100),
        _indicator(
            "I4", "D2", "用气时间", "Time for gas", -1, 1, 30, "工作日", maximum=90, na=True
        ),
        _indicator(
            "I5",
            "D2",
            "用气成本",
            "Cost of gas",
            -1,
            0,
            5000,
            "元",
            maximum=100000,
            na=True,
            methods=("basic_data",),
        ),
    )
    values: dict[str, Any] = {
        "code": "SMALL",
        "name": "小型示例体系",
        "name_en": "Small example",
        "edition": "1",
        "units": (
            Unit("C1", "甲市", "Jia", zones=("Z1",)),
            Unit("C2", "乙市", "Yi", zones=("Z1", "Z2")),
            Unit("C3", "丙市", "Bing", zones=("Z2",)),
            Unit("C4", "丁新区", "Ding New Area", ranked=False, zones=("Z2",)),
        ),
        "zones": (Zone("Z1", "东片", "East"), Zone("Z2", "西片", "West")),
        "nodes": nodes,
        "measures": (Measure(1, "制度", "示例措施一", indicators=("I1",)),),
    }
    return Framework(**(values | changes))


def a_round(
    session: Session,
    *,
    code: str = "R1",
    framework: Framework | None = None,
    state: str = rules.COLLECTING,
    previous: str | None = None,
    **changes: Any,
) -> Round:
    """Open a round on *framework* and walk it to *state*."""
    who = System("factory", "system")
    version, _ = frameworks.add_version(session, who, framework or small_framework())
    moment = clock.now()
    values: dict[str, Any] = {
        "name": f"轮次 {code}",
        "name_en": f"Round {code}",
        "kind": "quarterly",
        "filing_opens_at": moment - timedelta(days=10),
        "filing_closes_at": moment + timedelta(days=10),
        "previous_code": previous,
    }
    found = service.open_round(
        session, who, code=code, framework_version=version, **(values | changes)
    )
    for target in rules.ORDER[1 : rules.ORDER.index(state) + 1]:
        found = service.advance(session, who, found, target)
    return found


def _indicator(
    code: str,
    parent: str,
    name: str,
    name_en: str,
    direction: int,
    best: float,
    worst: float,
    unit: str,
    *,
    maximum: float,
    na: bool = False,
    target: float | None = None,
    methods: tuple[str, ...] = ("full_filing", "verification"),
) -> Node:
    return Node(
        code,
        parent,
        name,
        name_en,
        direction=direction,
        best=best,
        worst=worst,
        unit=unit,
        minimum=0,
        maximum=maximum,
        methods=methods,
        allow_not_applicable=na,
        target=target,
    )
