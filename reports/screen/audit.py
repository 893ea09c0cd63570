"""What the page of a coherence audit shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evaluation.platform.i18n import N_
from reports.audit_report import advice, found
from reports.model import Name, Phrase, Report, Text
from reports.ranking import RankingFacts
from scoring.audit import CoherenceAudit
from scoring.audit.findings import CHECKS, FAIL, PASS, STATES, UNKNOWN, WARN
from scoring.standalone.audit_words import CHECKS as CHECK_WORDS
from scoring.standalone.audit_words import STATES as STATE_WORDS

BADGES = {FAIL: "conflict", WARN: "pending", PASS: "verified", UNKNOWN: "not_applicable"}
VERDICTS = {
    FAIL: N_("有不符合项：发布前请逐项处理，或写明为什么保留。"),
    WARN: N_("没有不符合项，有需要留意的地方。"),
    PASS: N_("全部检查通过。"),
    UNKNOWN: N_("数据太少，没有可以判断的项目。"),
}
UNTESTED = N_("未检验")
NO_POPULATION = N_("体系的参评单位表里没有人口数，没有检验规模偏差。")
POPULATION_ADVICE = N_("需要检验时，在下一版体系的参评单位表里填写人口。")


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement in words; ``href`` leads to what it is about, under the round's address."""

    state: str
    badge: str
    word: Text
    check: Text
    subject: Text
    href: str
    said: Text
    advice: Text


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of check: how many of each state."""

    check: str
    name: Text
    state: str
    counts: dict[str, int]


def word(state: str) -> Phrase:
    """The word of a state."""
    return Phrase(UNTESTED if state == UNKNOWN else STATE_WORDS[state])


def badge(state: str) -> str:
    """The badge of a state."""
    return BADGES[state]


def verdict(made: CoherenceAudit) -> Phrase:
    """The whole in a sentence."""
    return Phrase(VERDICTS[made.state])


def check_name(check: str) -> Phrase:
    """The name of a kind of check."""
    return Phrase(CHECK_WORDS[check])


def summary(made: CoherenceAudit) -> tuple[Line, ...]:
    """Every kind of check, in the order of the audit."""
    lines = []
    for check in CHECKS:
        counts = made.counts(check)
        state = next((each for each in STATES if counts[each]), UNKNOWN)
        lines.append(Line(check, check_name(check), state, counts))
    return tuple(lines)


def findings(
    made: CoherenceAudit, facts: RankingFacts, *, state: str, check: str
) -> tuple[Finding, ...]:
    """The gravest first; of one state or kind where asked. Without either, what needs attention."""
    wanted = (state,) if state else ((FAIL, WARN) if not check else STATES)
    names = _names(facts)
    some = [e for e in made.checks if e.state in wanted and check in ("", e.check)]
    some.sort(key=lambda each: STATES.index(each.state))
    return tuple(
        Finding(
            each.state,
            BADGES[each.state],
            word(each.state),
            check_name(each.check),
            names.get(each.subject, each.subject),
            _href(facts, each.subject),
            Phrase(NO_POPULATION) if each.reason == "size-unknown" else found(each, names),
            Phrase(POPULATION_ADVICE) if each.reason == "size-unknown" else advice(each),
        )
        for each in some
    )


def statistics(
    made: CoherenceAudit, facts: RankingFacts
) -> tuple[tuple[Text, str, dict[str, float | int | None]], ...]:
    """Name, code and numbers of every indicator."""
    names = _names(facts)
    held = made.statistics.as_mapping()
    return tuple((names.get(code, code), code, dict(each)) for code, each in held.items())


@dataclass(frozen=True, slots=True)
class Weight:
    """A node in its parent: correlations upwards, weights, and the ranking without it."""

    name: Text
    href: str
    depth: int
    correlations: tuple[tuple[Text, float | None], ...]
    nominal: float | None
    effective: float | None
    mean_shift: float | None
    largest: float | None


def weights(made: CoherenceAudit, facts: RankingFacts) -> tuple[Weight, ...]:
    """Every node but the index, parents before their children."""
    names = _names(facts)
    moved = {each.code: each for each in made.omissions}
    found = []
    for node in facts.depth_first:
        if node.code not in made.weights:
            continue
        nominal, effective = made.weights[node.code]
        above = made.correlations.get(node.code, {})
        without = moved.get(node.code)
        found.append(
            Weight(
                names.get(node.code, node.code),
                _href(facts, node.code),
                len(facts.framework.path(node.code)) - 2,
                tuple((names.get(code, code), _known(r)) for code, r in above.items()),
                _known(nominal),
                _known(effective),
                _known(without.mean_shift) if without else None,
                _known(without.largest) if without else None,
            )
        )
    return tuple(found)


def dated(report: Report, facts: RankingFacts) -> Report:
    """The document with the round, its organiser and the banner of synthetic data."""
    return replace(
        report,
        round_name=facts.round_name,
        date=facts.published or "",
        organiser=facts.organiser or facts.framework.organiser,
        banner=Phrase(N_("演示数据")) if facts.demo else "",
    )


def _names(facts: RankingFacts) -> dict[str, Text]:
    framework = facts.framework
    names: dict[str, Text] = {u.code: Name(u.name, u.name_en) for u in framework.units}
    return names | {n.code: Name(n.name, n.name_en) if n.name else n.code for n in framework.nodes}


def _href(facts: RankingFacts, code: str) -> str:
    framework = facts.framework
    if code in framework.unit_by_code:
        return f"/cities/{code}"
    if code == facts.root.code:
        return "/ranking"
    return f"/{'ranking' if framework.children.get(code) else 'indicators'}/{code}"


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)
