"""The six collection methods of a round, and the enterprise questionnaire beside them."""

from __future__ import annotations

from evaluation.platform.i18n import N_, _

FULL_FILING = "full_filing"
VERIFICATION = "verification"
SIMULATION = "simulation"
BASIC_DATA = "basic_data"
INSPECTION = "inspection"
SEMINAR = "seminar"
QUESTIONNAIRE = "questionnaire"

METHODS: dict[str, str] = {
    FULL_FILING: N_("全量数据填报"),
    VERIFICATION: N_("线下数据核验"),
    SIMULATION: N_("现场模拟体验"),
    BASIC_DATA: N_("基础数据收集核实"),
    INSPECTION: N_("明察暗访"),
    SEMINAR: N_("部门座谈"),
    QUESTIONNAIRE: N_("企业满意度调查"),
}

#: Not a way to collect: what an objection or a correction found. It comes before every other.
REVIEW = "review"
_NAMES = {**METHODS, REVIEW: N_("复核")}


def method_name(key: str) -> str:
    """The method's name in the current language; the key itself when it is unknown."""
    return _(_NAMES[key]) if key in _NAMES else key
