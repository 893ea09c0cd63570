"""The routes of sealing: packages, the key, and reopenings."""

from __future__ import annotations

from evaluation.accounts.roles import AUDITOR, LEADER, OFFICE
from tests.abuse.route import get, post
from tests.abuse.world import SHOWN

READERS = frozenset({OFFICE, AUDITOR})
REOPENING = "/rounds/{code}/scoring/reopening"

ROUTES = (
    get("/seal-key.pem", None),
    get(
        "/rounds/{code}/scoring/package/{number}/result.zip",
        READERS | {LEADER},
        code=SHOWN,
    ),
    get(REOPENING, READERS, code=SHOWN),
    post(f"{REOPENING}/ask", {OFFICE}, {"reason": ""}, code=SHOWN),
    post(f"{REOPENING}/agree", {OFFICE}, code=SHOWN),
    post(f"{REOPENING}/end", {OFFICE}, code=SHOWN),
    post(f"{REOPENING}/correct", {OFFICE}, code=SHOWN),
    post(f"{REOPENING}/run", {OFFICE}, code=SHOWN),
)
