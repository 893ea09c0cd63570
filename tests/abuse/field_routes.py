"""The routes of field work: who may use each."""

from __future__ import annotations

from evaluation.accounts.roles import (
    APPROVER,
    AUDITOR,
    CLERK,
    EVALUATOR,
    LEADER,
    OFFICE,
    SUPERVISOR,
)
from tests.abuse.route import Route, get, post
from tests.abuse.world import SHOWN

INSIDE = frozenset({OFFICE, SUPERVISOR, AUDITOR})
PLANNERS = frozenset({OFFICE, SUPERVISOR})
OWN_CITY = frozenset({SUPERVISOR})
TOLD = INSIDE | {CLERK, APPROVER, LEADER}  # of findings, once they are published
JUDGED_ONES = frozenset({SUPERVISOR, CLERK, APPROVER})
FORM, PLAN = "/forms/{code}/{number}", "/rounds/{code}/visits/{plan}"
VISIT, RECORD = f"{PLAN}/{{visit}}", "/rounds/{code}/submissions/{submission}"
KEPT = "/rounds/{code}/refusals/{refusal}"
FOUND = "/rounds/{code}/findings"
FILE = {"files": {"file": ("x.xlsx", b"x", "application/octet-stream")}}


def upload(path: str, who: frozenset[str]) -> Route:
    """A file sent by a form."""
    return Route("POST", path, who, options=FILE)


def phone(method: str, path: str) -> list[Route]:
    """An address of the protocol, in both its forms: open to whoever has the key."""
    return [Route(method, f"{base}{path}", None) for base in ("/openrosa", "/openrosa/k/{key}")]


ROUTES = (
    get("/forms", INSIDE),
    get("/forms/new", PLANNERS),
    upload("/forms/new", PLANNERS),
    get("/forms/template.xlsx", INSIDE),
    get("/forms/check/{sha256}/{seal}/marked.xlsx", PLANNERS, missing=True),
    get("/forms/{code}", INSIDE),
    get("/forms/{code}/diff", INSIDE, query="?from=1&to=1"),
    post("/forms/{code}/retire", PLANNERS),
    post("/forms/{code}/restore", PLANNERS),
    get(FORM, INSIDE),
    get(f"{FORM}/workbook.xlsx", INSIDE),
    get(f"{FORM}/form.xml", INSIDE),
    post(f"{FORM}/publish", PLANNERS),
    post(f"{FORM}/discard", PLANNERS),
    get(f"{FORM}/preview", INSIDE),
    get(f"{FORM}/preview/form", INSIDE),
    get(f"{FORM}/preview/media/{{name}}", INSIDE, missing=True),
    Route("POST", f"{FORM}/preview/check", INSIDE, options={"json": {}}),
    get("/sites", INSIDE),
    get("/sites/new", PLANNERS),
    post("/sites/new", PLANNERS),
    get("/sites/workbook.xlsx", INSIDE),
    get("/sites/uploads", PLANNERS),
    upload("/sites/uploads", PLANNERS),
    get("/sites/uploads/{sha256}", PLANNERS, missing=True),
    post("/sites/uploads/{sha256}", PLANNERS, missing=True),
    get("/sites/{code}", INSIDE, own=OWN_CITY),
    post("/sites/{code}", PLANNERS, own=OWN_CITY),
    get("/conflicts", INSIDE | {EVALUATOR}),
    post("/conflicts", PLANNERS | {EVALUATOR}),
    post("/conflicts/withdrawn", PLANNERS | {EVALUATOR}, missing=True),
    get("/my-visits", {EVALUATOR}),
    get("/my-submissions", {EVALUATOR}),
    get("/my-submissions/{code}", {EVALUATOR}),
    get("/rounds/{code}/visits", INSIDE),
    get("/rounds/{code}/visits/new", PLANNERS),
    post("/rounds/{code}/visits/new", PLANNERS),
    get(PLAN, INSIDE),
    get(f"{PLAN}/settings", PLANNERS),
    post(f"{PLAN}/settings", PLANNERS),
    post(f"{PLAN}/quotas", PLANNERS),
    get(f"{PLAN}/quotas/workbook.xlsx", INSIDE),
    upload(f"{PLAN}/quotas/workbook", PLANNERS),
    get(f"{PLAN}/draw", INSIDE, missing=True),
    post(f"{PLAN}/draw", PLANNERS),
    get(f"{PLAN}/draw/record.json", INSIDE, missing=True),
    post(f"{PLAN}/issue", PLANNERS),
    post(f"{PLAN}/close", PLANNERS),
    post(f"{PLAN}/deleted", PLANNERS),
    get(VISIT, INSIDE, own=OWN_CITY),
    post(f"{VISIT}/change", PLANNERS, own=OWN_CITY),
    post(f"{VISIT}/cancel", PLANNERS, own=OWN_CITY),
    get("/rounds/{code}/submissions", INSIDE),
    post("/rounds/{code}/submissions/bulk", PLANNERS, {"action": "return"}),
    get(RECORD, INSIDE, own=OWN_CITY),
    post(f"{RECORD}/{{action}}", PLANNERS, own=OWN_CITY),
    get(f"{RECORD}/files/{{number}}", INSIDE, own=OWN_CITY),
    get(f"{RECORD}/files/{{number}}/{{size}}", INSIDE, own=OWN_CITY),
    get("/rounds/{code}/agreement", INSIDE),
    get("/rounds/{code}/readings/{city}/{indicator}", INSIDE, own=OWN_CITY),
    get(FOUND, TOLD, code=SHOWN),
    get(f"{FOUND}/workbook.xlsx", TOLD, code=SHOWN),
    get(f"{FOUND}/{{finding}}/pictures/{{number}}/{{size}}", TOLD, own=JUDGED_ONES, code=SHOWN),
    post(
        f"{FOUND}/{{finding}}/pictures/{{number}}", PLANNERS, {"shown": "1"}, own=OWN_CITY,
        code=SHOWN,
    ),
    get("/rounds/{code}/control", INSIDE),
    get("/rounds/{code}/control/live", INSIDE),
    get("/rounds/{code}/refusals", INSIDE),
    get(KEPT, INSIDE, missing=True),
    get(f"{KEPT}/files/{{number}}", INSIDE, missing=True),
    post(f"{KEPT}/{{step}}", PLANNERS, missing=True),
    post("/rounds/{code}/refusals/waiting/{receipt}/release", PLANNERS, missing=True),
    get("/receipts", {EVALUATOR}),
    get("/devices", INSIDE | {EVALUATOR}),
    post("/devices", {EVALUATOR}),
    get("/devices/{code}/revoke", PLANNERS | {EVALUATOR}, missing=True),
    post("/devices/{code}/revoke", PLANNERS | {EVALUATOR}, missing=True),
    get("/field", None),
    get("/field/sw.js", None),
    get("/field/manifest.webmanifest", None),
    get("/field/icons/{name}", None),
    Route("POST", "/field/unlock", None, options={"json": {"username": "x", "password": "x"}}),
    Route("POST", "/field/sync", None, options={"json": {}}),
    Route("POST", "/field/leave", None),
    get("/field/forms/{sha256}", None),
    get("/field/records/{instance}", None),
    get("/field/evidence/{submission}/files/{number}", {EVALUATOR}),
    get("/field/evidence/{submission}/files/{number}/{size}", {EVALUATOR}),
    *phone("GET", "/formList"),
    *phone("GET", "/forms/{form}/{number}/form.xml"),
    *phone("GET", "/forms/{form}/{number}/manifest"),
    *phone("GET", "/forms/{form}/{number}/media/{name}"),
    *phone("GET", "/submission"),
    *phone("POST", "/submission"),
    *phone("GET", "/receipts/{instance}"),
    *phone("GET", "/files/{instance}/{name}"),
    *phone("PATCH", "/files/{instance}/{name}"),
)  # fmt: skip
