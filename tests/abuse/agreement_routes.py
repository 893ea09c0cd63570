"""The routes of evaluators' agreement: for those who may open records, and the office's steps."""

from __future__ import annotations

from evaluation.accounts.roles import AUDITOR, OFFICE, SUPERVISOR
from tests.abuse.route import get, post

READERS = frozenset({OFFICE, SUPERVISOR, AUDITOR})
RATERS = "/rounds/{code}/raters"

ROUTES = (
    get(RATERS, READERS),
    get(f"{RATERS}/{{form}}/workbook.xlsx", READERS, missing=True),
    post(f"{RATERS}/requirement", {OFFICE}, {"statistic": "alpha"}),
    post(f"{RATERS}/check", {OFFICE}),
    post(f"{RATERS}/waiver", {OFFICE}, {"waiver": ""}),
)
