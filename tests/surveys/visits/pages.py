"""Where the pages of visits are, and what the tables say of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from evaluation.platform import clock
from surveys.visits import plans_store
from tests.surveys.visits.desk import Field

HOME = "/rounds/R1/visits"
#: When the sites of the issued plan have rested.
LATER: dict[str, Any] = {
    "opens_at": clock.start_of_day(date(2031, 5, 1), "Asia/Shanghai"),
    "closes_at": clock.end_of_day(date(2031, 5, 28), "Asia/Shanghai"),
}


def visits(made: Field) -> list[dict[str, Any]]:
    """What the tables say of each visit."""
    with made.database.reading() as session:
        plan = made.plan(session)
        return [
            {
                "plan": plan.code,
                "code": visit.code,
                "city": visit.city,
                "site": visit.site.name,
                "evaluator": visit.evaluator,
                "second": visit.second_of is not None,
                "revision": visit.revision,
            }
            for visit in plans_store.visits(session, plan.id)
        ]
