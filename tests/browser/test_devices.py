"""Pages of phones, receipts and refusals in a real browser, in both languages and sizes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from evaluation.accounts.access import COOKIE
from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from surveys.submissions import devices
from surveys.submissions.errors import Refused
from surveys.submissions.models import Device
from tests.browser.browser import axe_violations, overflow, small_targets
from tests.conftest import Person, Server
from tests.factories import field as factory
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, an_instance, picture

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]


@pytest.fixture
def sent(
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
    server: Server,
) -> dict[str, str]:
    """Addresses of pages by what they show, and tokens by role."""
    tokens = {"evaluator": person("evaluator", name="lin").token}
    tokens["office"] = person("office").token
    phone = a_phone(database, evidence_store, settings, "lin")
    with database.writing() as session:
        old, _key = factory.a_device(session, "lin", name="旧手机 Old phone", kind="web")
        old.revoked_at, old.revoked_by = clock.now() - timedelta(days=3), "office1"
        web, _key = factory.a_device(session, "lin", name="工作手机", kind="web")
        devices.seen(session, web, {"unsent": 3})
        factory.a_device(session, "lin", name="备用", kind="collect")
        code = session.get_one(Round, phone.visit.round_id).code
    first = an_instance()
    photo = picture()
    receipt = phone.send(
        phone.record(instance=first, photo="现场.jpg", remark="大厅入口"),
        a_ledger({"现场.jpg": photo}),
        {"现场.jpg": photo, "多余.jpg": picture(9)},
    )
    home = f"/rounds/{code}/refusals"
    refusals = {
        "altered": phone.record(
            instance=first, photo="现场.jpg", minutes=45, sign="no", remark="后来改的，等了 45 分钟"
        ),
        "taken": phone.record(minutes=5),
        "unknown": phone.record(visit="TYP0SH0RT"),
        "form": phone.record().replace(b'id="hall"', b'id="theirs"'),
    }
    pages = {"devices": "/devices", "receipt": f"/receipts?code={receipt.code}", "list": home}
    pages["revoke"] = f"/devices/{web.code}/revoke"
    for name, xml in refusals.items():
        pages[name] = f"{home}/{_refused(phone, xml)}"
    pages["stray"] = f"{home}/{receipt.asides[0].refusal}"
    phone.send(phone.record(follows=an_instance(), minutes=8))
    return pages | {f"token:{role}": token for role, token in tokens.items()}


def _refused(phone: Phone, xml: bytes) -> str:
    try:
        phone.send(xml)
    except Refused as refused:
        return refused.refusal
    raise AssertionError("it was taken")


PAGES = (
    ("evaluator", "devices"),
    ("evaluator", "receipt"),
    ("evaluator", "revoke"),
    ("office", "devices"),
    ("office", "list"),
    ("office", "altered"),
    ("office", "unknown"),
    ("office", "form"),
    ("office", "stray"),
)


@pytest.fixture
def enter(sent: dict[str, str], server: Server) -> Callable[..., str]:
    def as_somebody(page: Page, role: str, language: str) -> str:
        page.context.add_cookies(
            [
                {"name": COOKIE, "value": sent[f"token:{role}"], "url": server.url},
                {"name": "yingshang_language", "value": language, "url": server.url},
            ]
        )
        return str(server.url)

    return as_somebody


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_in_order(
    page: Page,
    phone: Page,
    sent: dict[str, str],
    enter: Callable[..., str],
    language: str,
) -> None:
    wrong = []
    for role, name in PAGES:
        for view, narrow in ((page, False), (phone, True)):
            url = enter(view, role, language)
            view.goto(url + sent[name])
            expect(view.locator("h1")).to_be_visible()
            faults = axe_violations(view)
            if overflow(view):
                faults.append(f"{overflow(view)} px too wide")
            if narrow:
                faults += small_targets(view, 44)
            wrong += [f"{name} {'phone' if narrow else 'desktop'}: {fault}" for fault in faults]
    assert wrong == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_collect_is_added(
    phone: Page, sent: dict[str, str], enter: Callable[..., str], database: Database, language: str
) -> None:
    url = enter(phone, "evaluator", language)
    phone.goto(f"{url}/devices")
    phone.fill("#f-name", "备用机")
    phone.locator("form.form button.button-primary").click()
    expect(phone.locator("img.device-qr")).to_be_visible()
    assert phone.evaluate("document.querySelector('img.device-qr').naturalWidth") > 100
    assert axe_violations(phone) == []
    assert overflow(phone) == 0
    with database.reading() as session:
        made = session.query(Device).filter_by(name="备用机").one()
        assert made.kind == devices.COLLECT
