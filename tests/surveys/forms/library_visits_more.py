"""The other half of the library's visits, and all of them together."""

from __future__ import annotations

from tests.surveys.forms.library_visits import FIRST, THERE, Case, _rows, _said

CASES: dict[str, tuple[Case, Case]] = (
    FIRST
    | {
        "open_inspection": (
            Case(
                _said(
                    THERE
                    + "place_kind=hall; items_listed=400; items_done=400; counters_minutes=35;"
                    "cases_drawn=10; cases_late=0; cases_extra=0; cases_backdated=0; "
                    "cases_minutes=30;"
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
                    THERE
                    + "place_kind=town; items_listed=200; items_done=110; counters_minutes=40;"
                    "cases_drawn=10; cases_late=4; cases_extra=2; cases_backdated=1; "
                    "cases_minutes=45;"
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
                    *(
                        "open_minutes",
                        "cover_share",
                        "public_from",
                        "promise_share",
                        "online_share",
                    ),
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
                    "manner=pushed; step_apply=yes; step_survey=yes; step_design=yes; "
                    "step_permit=yes;"
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
                    THERE
                    + "story_kind=transfer; online_minutes=14; online_papers=3; search=online;"
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
                    *(
                        "search",
                        "wait_minutes",
                        "one_counter",
                        "told_once",
                        "manner",
                        "papers_extra",
                    ),
                    *("list_same", "steps_total", "days_total", "cost_list", "agent", "legacy"),
                ),
            ),
        ),
    }
)

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
