"""What the forms of the library are answered with: invented, and within what they allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """From–to at a good place and at a poor one; shares of another answer where one is named."""

    good: tuple[float, float]
    poor: tuple[float, float]
    share_of: str = ""


def _share(of: str, good: tuple[float, float], poor: tuple[float, float]) -> Span:
    return Span(good, poor, of)


#: Numbers by question, or by form and question where they differ.
NUMBERS: Mapping[str, Span] = {
    "online_minutes": Span((6, 24), (28, 75)),
    "wait_minutes": Span((3, 16), (22, 55)),
    "counter_minutes": Span((6, 14), (12, 28)),
    "guide_minutes": Span((1, 3), (5, 14)),
    "call_minutes": Span((1, 3), (5, 12)),
    "draw_minutes": Span((5, 20), (25, 60)),
    "open_minutes": Span((5, 25), (40, 90)),
    "ledger_minutes": Span((30, 50), (45, 80)),
    "counters_minutes": Span((30, 45), (40, 60)),
    "cases_minutes": Span((25, 40), (30, 55)),
    "records_minutes": Span((15, 30), (25, 50)),
    "sign_minutes": Span((8, 15), (12, 25)),
    "tax_minutes": Span((0, 6), (8, 20)),
    "step_more": Span((0, 0), (0, 1.4)),
    "fee_amount": Span((100, 400), (300, 1500)),
    "fee_total": Span((200, 900), (1500, 6000)),
    "cost": Span((2000, 9000), (9000, 60000)),
    "days_off": Span((0, 0), (0, 0)),
    "holidays": Span((0, 0), (0, 0)),
    "population": Span((18, 60), (12, 40)),
    "sampled": Span((3, 4), (3, 4)),
    "days_reply": Span((0.5, 2), (2, 5)),
    "days_works": Span((1, 4), (5, 14)),
    "days_meter": Span((0.5, 2), (2, 4)),
    "water_gas_connection.days_works": Span((1, 3), (4, 9)),
    "ahead": Span((1, 6), (6, 18)),
    "counters_open": Span((3, 6), (1, 3)),
    "counters_all": Span((6, 8), (5, 8)),
    "items_listed": Span((220, 480), (150, 420)),
    "items_done": _share("items_listed", (0.88, 0.99), (0.55, 0.78)),
    "minutes_waited": Span((0, 15), (12, 48)),
    "cases_drawn": Span((10, 10), (10, 10)),
    "cases_late": _share("cases_drawn", (0, 0.03), (0.06, 0.3)),
    "cases_extra": _share("cases_drawn", (0, 0.03), (0.06, 0.2)),
    "cases_backdated": _share("cases_drawn", (0, 0.03), (0, 0.14)),
    "complaints": Span((4, 18), (10, 40)),
    "complaints_closed": _share("complaints", (0.93, 1), (0.6, 0.88)),
    "cover_whole": Span((60, 140), (60, 140)),
    "cover_part": _share("cover_whole", (0.88, 1), (0.62, 0.8)),
    "public_whole": Span((300, 900), (300, 900)),
    "public_part": _share("public_whole", (0.9, 1), (0.65, 0.85)),
    "promise_whole": Span((20, 60), (20, 60)),
    "promise_part": _share("promise_whole", (0.85, 1), (0.6, 0.8)),
    "online_whole": Span((250, 420), (250, 420)),
    "online_part": _share("online_whole", (0.78, 0.97), (0.5, 0.7)),
    "rating_whole": Span((800, 4000), (400, 2000)),
    "rating_part": _share("rating_whole", (0.9, 0.99), (0.7, 0.85)),
    "share_whole": Span((9000, 60000), (4000, 20000)),
    "share_part": _share("share_whole", (0.94, 0.999), (0.8, 0.92)),
    "records_wanted": Span((3, 4), (3, 4)),
    "online_papers": Span((4, 6), (5, 9)),
}

#: Dates: the date they follow (none: the day of the visit), and how many working days later.
DATES: Mapping[str, tuple[str, Span]] = {
    "sent_on": ("", Span((0, 0), (0, 0))),
    "ready_on": ("sent_on", Span((0, 1), (2, 6))),
    "accepted_on": ("", Span((0, 0), (0, 0))),
    "issued_on": ("accepted_on", Span((0, 3), (4, 9))),
    "due_on": ("", Span((-70, -20), (-70, -20))),
    "back_on": ("due_on", Span((0, 1), (2, 7))),
    "as_of": ("", Span((-12, -6), (-12, -6))),
}

#: How many rows a repeat gets, or the answer that says so.
ROWS: Mapping[str, tuple[int, int]] = {"paper": (3, 4), "counter": (3, 4)}
COUNTED: Mapping[str, str] = {"project": "sampled", "record": "records_wanted"}

#: What decides which choices a filtered question offers: another answer, and the column.
FILTERED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("company_registration", "online_stuck"): ("online_reach", "reach"),
    ("company_registration", "paper_kind"): ("applicant", "kind"),
    ("bid_deposit_refund", "late_why"): ("trigger", "trigger"),
    ("power_connection", "builder"): ("load", "load"),
    ("service_hall_covert", "counter_kind"): ("hall_kind", "where"),
    ("open_inspection", "counter_kind"): ("place_kind", "where"),
    ("basic_data_on_the_spot", "record_kind"): ("topic", "topic"),
    ("water_gas_connection", "utility"): ("network", "net"),
    ("property_registration", "paper_kind"): ("story_kind", "kind"),
}

#: The answer that is usual where nothing else decides.
LIKELY: Mapping[str, str] = {
    "open_now": "yes",
    "own_visit": "yes",
    "refunded": "yes",
    "paper_listed": "yes",
    "record_found": "yes",
    "record_fits": "yes",
    "network": "both",
    "network_shown": "yes",
    "reply": "agreed",
    "paid_as": "e_letter",
    "in_full": "yes",
    "step_licence": "yes",
    "step_apply": "yes",
    "step_register": "yes",
    "hall_kind": "city",
    "place_kind": "hall",
    "staffed": "on",
    "moved": "whole",
}
LIKELIHOOD = 0.92
#: Checkpoints that seldom fail, and how often they are spared even at a poor place.
RARE = frozenset({"off_system", "private", "order", "fee_asked", "agent", "extra_fee"})
SPARED = 0.8
#: How much rarer a step of its own is than a failed checkpoint.
FEWER_STEPS = 0.1

SAID = (
    "演示：上午十点二十分，三号窗口让先去另一层复印，回来重新排队。",
    "演示：问了两次，第二次才说还要一份材料。",
    "演示：标识挂在柱子背面，走到跟前才看见。",
    "演示：窗口写着暂停，等了约八分钟没有人来。",
    "演示：屏幕上的号比实际叫号慢三个。",
    "演示：工作人员说系统正在升级，下午再试。",
)
TEXTS: Mapping[str, tuple[str, ...]] = {
    "facts": (
        "演示：十点四十分，志愿者给老人填表，用了大字样表。",
        "演示：离开时下雨，门口有借伞登记本。",
        "演示：十一点半窗口照常叫号，没有提前收件。",
    ),
    "project_no": ("A017", "B203", "C118", "D046", "E391", "F275"),
    "paper_name": ("演示：租赁备案回执",),
    "step_more_what": ("演示：消防情况单独登记",),
    "fee_for": ("演示：门口揽客人员说刻章加急另收。",),
}


def span(form: str, name: str) -> Span:
    """The numbers of a question. Raises KeyError where none are known."""
    return NUMBERS.get(f"{form}.{name}") or NUMBERS[name]
