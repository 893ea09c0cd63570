"""A good and a bad visit with every form of the library, and what they must come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Case:
    """Answers by question, rows by repeat; the readings by indicator (``"NA"`` not applicable)
    and the checkpoints that fail, in the order of the form."""

    answers: Mapping[str, str]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    readings: Mapping[str, float | str] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


def _said(text: str) -> dict[str, str]:
    """``name=value`` separated by semicolons."""
    return {
        name.strip(): value.strip()
        for name, _equals, value in (pair.partition("=") for pair in text.split(";"))
        if name.strip()
    }


def _rows(*texts: str) -> Rows:
    return [_said(text) for text in texts]


THERE = "open_now=yes; own_visit=yes;"

FIRST: dict[str, tuple[Case, Case]] = {
    "company_registration": (
        Case(
            _said(
                THERE + "applicant=company; online_reach=whole; online_minutes=18; zone=yes;"
                "wait_minutes=6; counter_minutes=9; told_once=yes; manner=helpful;"
                "step_licence=yes; step_name=no; step_seal=no; step_tax=no; step_social=no;"
                "step_fund=no; step_bank=yes; step_more=0; fee_asked=no; ready_kind=promised;"
                "sent_on=2026-11-23; ready_on=2026-11-24; days_off=0;"
                "exit_ways=simple online one_place clear_list; robot=no; wall=no"
            ),
            {
                "paper": _rows(
                    "paper_kind=articles; paper_listed=yes",
                    "paper_kind=premises; paper_listed=yes",
                    "paper_kind=application; paper_listed=yes",
                )
            },
            {"N01.01": 2, "N01.02": 1, "N01.05": 80},
        ),
        Case(
            _said(
                THERE + "applicant=sole; online_reach=part; online_stuck=sign; online_minutes=75;"
                "zone=no; wait_minutes=42; counter_minutes=22; told_once=no; manner=pushed;"
                "step_licence=yes; step_name=yes; step_seal=yes; step_tax=yes; step_social=no;"
                "step_fund=no; step_bank=yes; step_more=1; fee_asked=yes; fee_amount=300;"
                # Friday to Wednesday over a weekend, one holiday: 8 working days less 1
                "ready_kind=promised; sent_on=2026-11-20; ready_on=2026-12-02; days_off=1;"
                "exit_ways=none; robot=no; wall=no"
            ),
            {
                "paper": _rows(
                    "paper_kind=owner_id; paper_listed=yes",
                    "paper_kind=other; paper_listed=no",
                )
            },
            {"N01.01": 6, "N01.02": 7, "N01.05": 0},
            (
                *("online_minutes", "zone", "wait_minutes", "told_once", "manner", "steps_total"),
                *("papers_extra", "fee_asked", "days_total", "exit_ways"),
            ),
        ),
    ),
    "bid_deposit_refund": (
        Case(
            _said(
                THERE + "own_draw=yes; population=32; sampled=3; draw_minutes=8; ledger_minutes=35;"
                "auto=yes; choice=yes; extra_fee=no;"
                "noticed=plan notice result contract punish refund;"
                "online=notice document deposit bid opening evaluate; told=same;"
                "call_minutes=1; column=no; seal=no"
            ),
            {
                "project": _rows(
                    # Friday to Monday is one working day; the same day is none
                    "project_no=A017; paid_as=cash; trigger=award; due_on=2026-11-06;"
                    "refunded=yes; back_on=2026-11-09; holidays=0; in_full=yes",
                    "project_no=B203; paid_as=e_letter; trigger=contract; due_on=2026-10-19;"
                    "refunded=yes; back_on=2026-10-19; holidays=0; in_full=na",
                    "project_no=C118; paid_as=none",
                )
            },
            {"N05.02": 0.5, "N05.05": 100, "N05.01": 75},
        ),
        Case(
            _said(
                THERE + "own_draw=no; population=9; sampled=3; draw_minutes=55; ledger_minutes=70;"
                "auto=no; choice=no; extra_fee=yes; noticed=notice; online=none; told=longer;"
                "call_minutes=9; column=no; seal=no"
            ),
            {
                "project": _rows(
                    "project_no=A017; paid_as=cash; trigger=award; due_on=2026-09-28;"
                    "refunded=yes; back_on=2026-10-12; holidays=5; late_why=apply; in_full=no",
                    "project_no=B203; paid_as=letter; trigger=contract; due_on=2026-10-19;"
                    "refunded=yes; back_on=2026-10-26; holidays=0; late_why=contract_late;"
                    "in_full=yes",
                    "project_no=C118; paid_as=cash; trigger=award; due_on=2026-09-01;"
                    "refunded=no; late_why=objection",
                )
            },
            {"N05.02": 5, "N05.05": 100 / 6, "N05.01": 0},
            (
                *("own_draw", "draw_minutes", "deposit_days", "open_count", "short_count", "auto"),
                *("choice", "extra_fee", "online", "told"),
            ),
        ),
    ),
    "power_connection": (
        Case(
            _said(
                THERE + "load=low; channel=app; online_minutes=12; wait_minutes=4;"
                "counter_minutes=8; told_once=yes; manner=helpful; builder=company;"
                "step_apply=yes; step_survey=no; step_plan=no; step_review=no; step_works=no;"
                "step_contract=no; step_switch=yes; days_reply=0.5; days_works=2; days_meter=1;"
                "days_posted=yes; posted=outage price limit fee complain; agent=no;"
                "online_only=yes; tower=no; card=no"
            ),
            {},
            {"N06.01": 2, "N06.02": 3.5},
        ),
        Case(
            _said(
                THERE + "load=high; channel=hall; online_minutes=0; wait_minutes=35;"
                "counter_minutes=20; told_once=no; manner=rude; builder=assigned; cost=38000;"
                "step_apply=yes; step_survey=yes; step_plan=yes; step_review=yes; step_works=yes;"
                "step_contract=no; step_switch=yes; days_reply=5; days_works=14; days_meter=3;"
                "days_posted=no; posted=none; agent=yes; online_only=no; tower=no; card=no"
            ),
            {},
            {"N06.01": 6, "N06.02": 22},
            (
                *("wait_minutes", "told_once", "manner", "builder", "steps_total", "days_total"),
                *("days_posted", "posted", "agent", "online_only"),
            ),
        ),
    ),
    "service_hall_covert": (
        Case(
            _said(
                THERE + "hall_kind=city; hours_posted=yes; ramp=yes; guide=met; guide_minutes=1;"
                "signs=yes; ticket=yes; ahead=2; wait_minutes=8; counters_open=4; counters_all=4;"
                "seats=yes; order=no; counter_kind=project; counter_minutes=10; manner=warm;"
                "told_once=yes; guide_same=yes; pushed=no; off_system=no; receipt=yes;"
                "posted=papers steps time fee law phone; idle=none; help=water copy;"
                "self_service=yes; complain=yes; lunch=na; rate=yes; call_minutes=1;"
                "same_answer=same; aquarium=no; badge=no; bell=no"
            ),
            {},
            {"N17.02": 100},
        ),
        Case(
            _said(
                THERE + "hall_kind=county; hours_posted=no; ramp=no; guide=absent;"
                "guide_minutes=15; signs=no; ticket=no; ahead=11; wait_minutes=48;"
                "counters_open=1; counters_all=5; seats=no; order=yes; counter_kind=general;"
                "counter_minutes=25; manner=cold; told_once=no; guide_same=no; pushed=dept;"
                "off_system=yes; receipt=no; posted=none; idle=phone away; help=none;"
                "self_service=no; complain=no; lunch=no; rate=no; call_minutes=10;"
                "same_answer=differ; aquarium=no; badge=no; bell=no"
            ),
            {},
            {"N17.02": 2.8},  # a fifth of the counters open, and not scolded outright
            (
                *("hours_posted", "ramp", "guide", "guide_minutes", "signs", "ticket"),
                *("wait_minutes", "seats", "order", "manner", "told_once", "guide_same", "pushed"),
                *("off_system", "receipt", "posted", "idle", "self_service", "complain", "lunch"),
                *("rate", "same_answer", "hall_score"),
            ),
        ),
    ),
}
