"""The routes of what-if: for those who may see every value of a published result."""

from __future__ import annotations

from evaluation.accounts.roles import AUDITOR, DEPARTMENT, LEADER, OFFICE
from tests.abuse.route import Route, get
from tests.abuse.world import SHOWN

#: In the round of these tests a city sees its own values only, so it may not ask.
FULL = frozenset({OFFICE, AUDITOR, LEADER, DEPARTMENT})


def asked(path: str, query: str = "") -> Route:
    """A question to a published result."""
    return get(f"/rounds/{{code}}{path}", FULL, code=SHOWN, result=True, query=query)


ROUTES = (
    asked("/whatif", "?city=C1&reach=1&e.I1=2"),
    asked("/whatif.xlsx", "?city=C1&reach=1"),
    asked("/weights", "?w.D1=80"),
    asked("/weights.json", "?w.D1=80"),
)
