"""The routes of the audit, of comparisons and of how sure a ranking is: who may use each."""

from __future__ import annotations

from evaluation.accounts.roles import AUDITOR, LEADER, OFFICE, ROLES
from tests.abuse.route import get
from tests.abuse.world import JUDGED, SHOWN

READERS = frozenset({OFFICE, AUDITOR, LEADER})
SCORING = "/rounds/{code}/scoring"

ROUTES = (
    get(f"{SCORING}/audit", READERS, code=SHOWN, result=True),
    get(f"{SCORING}/audit.xlsx", READERS, code=SHOWN, result=True),
    # two runs before publication: not for leaders, who compare published rounds only
    get(f"{SCORING}/compare", {OFFICE, AUDITOR}, code=JUDGED, query="?a=1&b=1"),
    get("/rounds/{code}/firmness", ROLES, code=SHOWN, result=True),
)
