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

CASES: dict[str, tuple[Case, Case]] = {
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
    "open_inspection": (
        Case(
            _said(
                THERE + "place_kind=hall; items_listed=400; items_done=400; counters_minutes=35;"
                "cases_drawn=10; cases_late=0; cases_extra=0; cases_backdated=0; cases_minutes=30;"
                "in_use=once first limit absence late rate; complaints=8; complaints_closed=8;"
                "private=no; reply=agreed; sign_minutes=10; board=no; drawer=no"
            ),
            {
                "counter": _rows(
                    "counter_kind=general; staffed=on; moved=whole; papers_shown=yes;"
                    "minutes_waited=5",
                    "counter_kind=enterprise; staffed=on; moved=whole; papers_shown=yes;"
                    "minutes_waited=0",
                    "counter_kind=other; staffed=sign; moved=whole; papers_shown=yes;"
                    "minutes_waited=12",
                )
            },
            {"N17.02": 100},
        ),
        Case(
            _said(
                THERE + "place_kind=town; items_listed=200; items_done=110; counters_minutes=40;"
                "cases_drawn=10; cases_late=4; cases_extra=2; cases_backdated=1; cases_minutes=45;"
                "in_use=none; complaints=20; complaints_closed=12; private=yes; reply=refused;"
                "sign_minutes=15; board=no; drawer=no"
            ),
            {
                "counter": _rows(
                    "counter_kind=village; staffed=away; moved=name; papers_shown=no;"
                    "minutes_waited=50",
                    "counter_kind=police; staffed=on; moved=whole; papers_shown=yes;"
                    "minutes_waited=20",
                )
            },
            # 11 + 10 + 5 + 7.5 + 9 + 4 + 6 of 100
            {"N17.02": 52.5},
            (
                *("items_share", "counters_seen", "empty_seen", "whole_share", "longest_wait"),
                *("cases_late", "cases_extra", "cases_backdated", "in_use", "complaints_share"),
                *("private", "place_score"),
            ),
        ),
    ),
    "basic_data_on_the_spot": (
        Case(
            _said(
                THERE + "as_of=2026-10-31; open_minutes=10;"
                "cover_from=system; cover_whole=80; cover_part=76;"
                "public_from=system; public_whole=400; public_part=390;"
                "promise_from=ledger; promise_whole=40; promise_part=36;"
                "online_from=system; online_whole=300; online_part=261;"
                "rating_from=system; rating_whole=1200; rating_part=1176;"
                "share_from=system; share_whole=20000; share_part=19800;"
                "records_wanted=2; records_minutes=15; as_reported=same; reply=agreed;"
                "sign_minutes=8; index=no; stamp=no"
            ),
            {
                "record": _rows(
                    "topic=inspection; record_kind=plan; record_found=yes; record_fits=yes",
                    "topic=share; record_kind=log; record_found=yes; record_fits=yes",
                )
            },
            {
                "N16.01": 95,
                "N16.02": 97.5,
                "N16.03": 90,
                "N17.01": 87,
                "N17.03": 98,
                "N17.04": 99,
            },
        ),
        Case(
            _said(
                THERE + "as_of=2026-10-31; open_minutes=90;"
                "cover_from=paper; cover_whole=80; cover_part=50;"
                "public_from=none;"
                "promise_from=ledger; promise_whole=40; promise_part=20;"
                "online_from=system; online_whole=300; online_part=150;"
                "rating_from=system; rating_whole=1000; rating_part=700;"
                "share_from=system; share_whole=1000; share_part=800;"
                "records_wanted=3; records_minutes=40; as_reported=large; reply=noted;"
                "sign_minutes=20; index=no; stamp=no"
            ),
            {
                "record": _rows(
                    "topic=inspection; record_kind=result; record_found=no",
                    "topic=promise; record_kind=payment; record_found=yes; record_fits=no",
                    "topic=online; record_kind=case; record_found=yes; record_fits=yes",
                )
            },
            {"N16.01": 62.5, "N16.03": 50, "N17.01": 50, "N17.03": 70, "N17.04": 80},
            (
                *("open_minutes", "cover_share", "public_from", "promise_share", "online_share"),
                *("rating_share", "share_share", "records_bad", "as_reported"),
            ),
        ),
    ),
    "water_gas_connection": (
        Case(
            _said(
                THERE + "network=both; network_shown=yes; utility=both; where_apply=one;"
                "online_minutes=10; wait_minutes=3; counter_minutes=9; told_once=yes;"
                "manner=plain; step_apply=yes; step_survey=no; step_design=no; step_permit=no;"
                "step_works=no; step_accept=yes; days_reply=0.5; days_works=2; days_posted=yes;"
                "builder=supplier; fees=none; posted=steps time price fees phone; tank=no;"
                "ribbon=no"
            ),
            {},
            {"N07.01": 2, "N07.02": 2.5},
        ),
        Case(
            _said(
                THERE + "network=both; network_shown=no; utility=gas; where_apply=app;"
                "online_minutes=25; wait_minutes=30; counter_minutes=15; told_once=no;"
                "manner=pushed; step_apply=yes; step_survey=yes; step_design=yes; step_permit=yes;"
                "step_works=yes; step_accept=yes; days_reply=4; days_works=10; days_posted=no;"
                "builder=assigned; fees=open gas_kit; fee_total=4200; posted=none; tank=no;"
                "ribbon=no"
            ),
            {},
            {"N07.01": 6, "N07.02": 14},
            (
                *("where_apply", "wait_minutes", "told_once", "manner", "steps_total"),
                *("days_total", "days_posted", "builder", "fees", "posted"),
            ),
        ),
    ),
    "property_registration": (
        Case(
            _said(
                THERE + "story_kind=transfer; online_minutes=14; online_papers=3; search=online;"
                "wait_minutes=9; counter_minutes=11; one_counter=whole; tax_minutes=0;"
                "told_once=yes; manner=helpful; list_same=same; step_register=yes;"
                "step_survey=no; step_search=no; step_tax=no; step_pick=no;"
                "accepted_on=2026-11-24; issued_on=2026-11-24; days_off=0; cost_list=yes;"
                "agent=no; legacy=handled; key=no; lamp=no"
            ),
            {
                "paper": _rows(
                    "paper_kind=deed; paper_listed=yes; paper_original=yes",
                    "paper_kind=identity; paper_listed=yes; paper_original=no",
                )
            },
            {"N08.01": 1, "N08.02": 0.5},  # done the same day counts as half a day
        ),
        Case(
            _said(
                THERE + "story_kind=legacy; online_minutes=40; online_papers=4; search=no;"
                "wait_minutes=44; counter_minutes=25; one_counter=more; tax_minutes=18;"
                "told_once=no; manner=rude; list_same=more; step_register=yes; step_survey=yes;"
                "step_search=yes; step_tax=yes; step_pick=no; accepted_on=2026-11-24;"
                "issued_on=2026-12-07; days_off=0; cost_list=no; agent=yes; legacy=push;"
                "key=no; lamp=no"
            ),
            {
                "paper": _rows(
                    "paper_kind=old; paper_listed=yes; paper_original=yes",
                    "paper_kind=survey; paper_listed=no; paper_original=yes",
                )
            },
            {"N08.01": 4, "N08.02": 9},
            (
                *("search", "wait_minutes", "one_counter", "told_once", "manner", "papers_extra"),
                *("list_same", "steps_total", "days_total", "cost_list", "agent", "legacy"),
            ),
        ),
    ),
}

#: Where neither water nor gas is laid on, there is nothing to connect and nothing to score.
NO_MAINS = Case(
    _said(
        THERE
        + "network=none; network_shown=yes; supply_now=well; plan_mains=vague; tank=no; ribbon=no"
    ),
    {},
    {"N07.01": "NA", "N07.02": "NA"},
)

#: The place was shut: the visit says so, and nothing else.
CLOSED = _said("open_now=no; own_visit=yes")
