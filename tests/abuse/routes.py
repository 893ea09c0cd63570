"""Every route of the application: who may use it, and whether it depends on a city or a result."""

from __future__ import annotations

from typing import Any

from evaluation.accounts.roles import (
    APPROVER,
    AUDITOR,
    CLERK,
    EVALUATOR,
    LEADER,
    OF_A_CITY,
    OFFICE,
    ROLES,
    SUPERVISOR,
)
from tests.abuse import (
    agreement_routes,
    audit_routes,
    field_routes,
    objection_routes,
    sealing_routes,
    whatif_routes,
)
from tests.abuse.route import Route, get, post
from tests.abuse.world import JUDGED, SHOWN

EVERYBODY = frozenset(ROLES)
WATCHERS = frozenset({OFFICE, AUDITOR, SUPERVISOR})
FILERS = frozenset({CLERK, APPROVER})
OFFICES = frozenset({OFFICE, AUDITOR})


def result(path: str, who: frozenset[str] = EVERYBODY, **more: Any) -> Route:
    """A page of a published result."""
    return get(f"/rounds/{{code}}{path}", who, code=SHOWN, result=True, **more)


FILING, CELL = "/rounds/{code}/filing/{city}", "/rounds/{code}/filing/{city}/values/{indicator}"
UPLOAD, SCORING = f"{FILING}/uploads/{{upload}}", "/rounds/{code}/scoring"
SEEN, OBSERVED = "/rounds/{code}/observations", "/rounds/{code}/observations/{city}/{indicator}"
VALUE = "/cities/{city}/{indicator}"
SCOPED = OF_A_CITY | {SUPERVISOR}  # see a filing of their own cities only
DETAILED = SCOPED | {EVALUATOR}  # see values of their own cities only
FILE = {"files": {"file": ("x.csv", b"x", "text/csv")}}
VALUES_FILE = FILE | {"data": {"method": "full_filing"}}

ROUTES = (
    get("/sign-in", None),
    post("/sign-in", None, {"username": "nobody", "password": "wrong-password"}),
    get("/language/{locale}", None),
    get("/health", None),
    get("/schema", None),
    get("/schema/openapi.json", None),
    get("/schema/{path}", None),
    get("/static/{file_path}", None),
    Route("HEAD", "/static/{file_path}", None),
    get("/", EVERYBODY),
    get("/password", EVERYBODY),
    post("/password", EVERYBODY),
    post("/sign-out", EVERYBODY),
    get("/people", {OFFICE}),
    post("/people", {OFFICE}),
    post("/people/{username}", {OFFICE}, {"role": "department", "department": "x", "active": "1"}),
    post("/people/{username}/password", {OFFICE}),
    get("/audit", OFFICES),
    get("/audit/verification", OFFICES),
    get("/audit/{number}", OFFICES),
    get("/frameworks", WATCHERS),
    get("/frameworks/import", {OFFICE}),
    Route("POST", "/frameworks/import", frozenset({OFFICE}), options=FILE),
    get("/frameworks/{code}/diff", WATCHERS, query="?from=1&to=1"),
    get("/frameworks/{code}/{number}", WATCHERS),
    get("/frameworks/{code}/{number}/workbook.xlsx", WATCHERS),
    get("/rounds", EVERYBODY),
    get("/rounds/new", {OFFICE}),
    post("/rounds/new", {OFFICE}, {"framework": "SMALL@1"}),
    get("/rounds/{code}", EVERYBODY),
    post("/rounds/{code}/steps", {OFFICE}, {"target": "archived"}),
    post("/rounds/{code}/window", {OFFICE}),
    get("/rounds/{code}/filing", WATCHERS | FILERS),
    get(FILING, WATCHERS | FILERS, own=SCOPED),
    get(f"{FILING}/workbook.xlsx", WATCHERS | FILERS, own=SCOPED),
    Route("POST", f"{FILING}/uploads", frozenset({CLERK}), own=SCOPED, options=FILE),
    get(UPLOAD, WATCHERS | FILERS, own=SCOPED),
    get(f"{UPLOAD}/marked.xlsx", WATCHERS | FILERS, own=SCOPED),
    post(f"{UPLOAD}/commit", {CLERK}, own=SCOPED),
    get(CELL, WATCHERS | FILERS, own=SCOPED),
    post(CELL, {CLERK}, {"revision": "0", "value": "55"}, own=SCOPED),
    Route("PUT", CELL, frozenset({CLERK}), own=SCOPED, options={"json": {"revision": 0}}),
    Route("POST", f"{CELL}/evidence", frozenset({CLERK}), own=SCOPED, options=FILE),
    get(f"{FILING}/evidence/{{number}}", WATCHERS | FILERS, own=SCOPED),
    post(f"{CELL}/evidence/{{number}}/remove", {CLERK}, own=SCOPED),
    get(f"{FILING}/check", WATCHERS | FILERS, own=SCOPED),
    post(f"{FILING}/submit", {APPROVER}, own=SCOPED),
    get(f"{FILING}/review", WATCHERS, own=SCOPED),
    post(f"{FILING}/accept", {OFFICE}),
    post(f"{FILING}/return", {OFFICE}),
    post(f"{FILING}/close", {OFFICE}),
    get(SEEN, WATCHERS | FILERS),
    get(OBSERVED, WATCHERS | FILERS, own=SCOPED),
    post(OBSERVED, {OFFICE}, {"method": "verification", "reason": "x"}),
    get(f"{SEEN}/workbook.xlsx", OFFICES),
    get(f"{SEEN}/uploads", {OFFICE}),
    Route("POST", f"{SEEN}/uploads", frozenset({OFFICE}), options=VALUES_FILE),
    get(f"{SEEN}/uploads/{{upload}}/{{method}}", {OFFICE}),
    post(f"{SEEN}/uploads/{{upload}}/{{method}}", {OFFICE}),
    get(SCORING, OFFICES, code=JUDGED),
    post(f"{SCORING}/run", {OFFICE}, code=JUDGED),
    post(f"{SCORING}/confirm", {OFFICE}, code=JUDGED),
    post(f"{SCORING}/publish", {OFFICE}, code=JUDGED),
    post(f"{SCORING}/withdraw", {OFFICE}, code=JUDGED),
    post(f"{SCORING}/approve", {OFFICE}, {"run": "1"}, code=JUDGED),
    result("/ranking"),
    result("/ranking.xlsx"),
    result("/ranking.csv"),
    result("/ranking.json"),
    result("/ranking/{node}"),
    result("/indicators/{indicator}"),
    result("/method"),
    result("/cities/{city}"),
    result(VALUE, own=DETAILED),
    result(f"{VALUE}/evidence/{{sha256}}", WATCHERS | FILERS | {LEADER}, own=SCOPED),
    get("/api/rounds", EVERYBODY),
    get("/api/rounds/{code}/ranking", EVERYBODY, code=SHOWN, result=True),
    *audit_routes.ROUTES,
    *field_routes.ROUTES,
    *objection_routes.ROUTES,
    *agreement_routes.ROUTES,
    *sealing_routes.ROUTES,
    *whatif_routes.ROUTES,
)  # fmt: skip
