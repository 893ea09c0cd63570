"""Every page of the office, the auditor and a leader, wide and narrow: reachable by all, in frame.

The ranking's and the filing's own pages have their tests beside this one; here one server shows
one round in each telling state, and each role opens what it may.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from evaluation.accounts import roles
from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.abuse.world import JUDGED, OPEN, SECRET, SHOWN, World, build
from tests.browser.browser import DESKTOP, PHONE, axe_violations, overflow
from tests.conftest import Browser, Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]

EVERYBODY = ("/", "/rounds", "/password", f"/rounds/{OPEN}", f"/rounds/{SHOWN}")
FRAMEWORKS = ("/frameworks", "/frameworks/SMALL/1", "/frameworks/SMALL/diff?from=1&to=1")
OBSERVED = (
    f"/rounds/{OPEN}/observations",
    f"/rounds/{JUDGED}/observations",
    f"/rounds/{JUDGED}/observations/C1/I2",
)
INSIDE = (
    f"/rounds/{OPEN}/filing",
    f"/rounds/{OPEN}/filing/C1",
    f"/rounds/{JUDGED}/scoring",
    f"/rounds/{SECRET}/scoring",
    f"/rounds/{SHOWN}/scoring",
    f"/rounds/{SECRET}/ranking",
)
RESULTS = (
    f"/rounds/{SHOWN}/ranking",
    f"/rounds/{SHOWN}/cities/C1",
    f"/rounds/{SHOWN}/cities/C1/I2",
    f"/rounds/{SHOWN}/method",
)
PAGES: dict[str, tuple[str, ...]] = {
    roles.OFFICE: (
        *EVERYBODY, *FRAMEWORKS, *OBSERVED, *INSIDE, "/frameworks/import", "/rounds/new",
        "/people", f"/rounds/{OPEN}/observations/uploads", f"/rounds/{OPEN}/filing/C1/review",
    ),
    roles.AUDITOR: (
        *EVERYBODY, *FRAMEWORKS, *OBSERVED, *INSIDE, "/audit", "/audit/1", "/audit/verification",
    ),
    roles.LEADER: (*EVERYBODY, *RESULTS),
}  # fmt: skip


@pytest.fixture
def world(
    client: Browser,
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Person],
) -> World:
    """One round in each telling state."""
    return build(client, database, evidence_store, person)


def test_every_page_is_accessible_and_fits(server: Server, world: World, page: Page) -> None:
    wrong: list[str] = []
    for role, paths in PAGES.items():
        page.context.add_cookies(
            [
                {"name": COOKIE, "value": world.token(role), "url": server.url},
                {"name": "yingshang_language", "value": "zh", "url": server.url},
            ]
        )
        for path in paths:
            page.set_viewport_size(DESKTOP)
            answer = page.goto(f"{server.url}{path}")
            assert answer is not None
            assert answer.status == 200, (role, path)
            for size in (DESKTOP, PHONE):
                page.set_viewport_size(size)
                here = f"{role} {path} {size['width']} px"
                wrong += [f"{here}: {fault}" for fault in axe_violations(page)]
                if wide := overflow(page):
                    wrong.append(f"{here}: {wide} px too wide")
    assert not wrong, "\n".join(wrong)
