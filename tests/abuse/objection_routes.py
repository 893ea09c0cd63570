"""The routes of objections and of working days: who may use each."""

from __future__ import annotations

from evaluation.accounts.roles import APPROVER, AUDITOR, CLERK, OFFICE, SUPERVISOR
from tests.abuse.route import Route, get, post
from tests.abuse.world import JUDGED

PARTIES = frozenset({CLERK, APPROVER, OFFICE, AUDITOR, SUPERVISOR})
OWN_CITY = frozenset({CLERK, APPROVER, SUPERVISOR})
CITY = frozenset({CLERK, APPROVER})
LIST = "/rounds/{code}/objections"
PLACE, CELL = f"{LIST}/{{city}}", f"{LIST}/{{city}}/{{indicator}}"
FILE = {"data": {"reasons": "x"}, "files": {"evidence": ("x.pdf", b"x", "application/pdf")}}


def sent(path: str, who: frozenset[str]) -> Route:
    """A form with files."""
    return Route("POST", path, who, own=OWN_CITY, code=JUDGED, options=FILE)


ROUTES = (
    get("/holidays", {OFFICE, AUDITOR}),
    post("/holidays", {OFFICE}),
    post("/holidays/{day}/remove", {OFFICE}, missing=True),
    get(LIST, PARTIES, code=JUDGED),
    post(f"{LIST}/consents", {OFFICE}, code=JUDGED),
    get(PLACE, PARTIES - {SUPERVISOR}, own=OWN_CITY, code=JUDGED, own_scores=True),
    post(f"{PLACE}/consent", {APPROVER}, own=OWN_CITY, code=JUDGED),
    get(CELL, PARTIES, own=OWN_CITY, code=JUDGED, own_scores=True),
    sent(CELL, CITY),
    get(f"{CELL}/files/{{number}}", PARTIES, own=OWN_CITY, code=JUDGED),
    post(f"{CELL}/files/{{number}}/remove", CITY, own=OWN_CITY, code=JUDGED),
    post(f"{CELL}/withdraw", CITY, own=OWN_CITY, code=JUDGED, missing=True),
    sent(f"{CELL}/answer", frozenset({OFFICE, SUPERVISOR})),
    post(f"{CELL}/decide", {OFFICE}, own=OWN_CITY, code=JUDGED),
)
