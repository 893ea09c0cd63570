"""Sites: rules by example and property, the workbook out and in, the pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from evaluation.framework.tree import Unit
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import use_locale
from surveys.visits import site_rules, site_uploads, sites, sites_store
from surveys.visits.errors import Moved
from surveys.visits.models import Site
from surveys.visits.site_reading import read_sites
from surveys.visits.site_rules import SiteEntry
from surveys.visits.site_sheet import write_sites
from tests.factories.field import a_site
from tests.factories.province import a_round

WHO = System("factory", "system")
CITIES = {"C1": Unit("C1", "甲市", "Jia"), "C2": Unit("C2", "乙市", "Yi")}
HEAD = ["场所代码", "市州代码", "市州", "场所名称", "场所类型", "地址", "纬度", "经度", "在用"]
GOOD = ["H1", "C1", "甲市", "政务大厅（示例）", "政务服务大厅", "示例路 1 号", 36.06, 103.83, "是"]


def xlsx(*rows: list[Any], sheet: str = "场所") -> bytes:
    """A workbook with these rows."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def entry(**changes: Any) -> SiteEntry:
    """A site in order."""
    values: dict[str, Any] = {"code": "H1", "city": "C1", "name": "大厅", "kind": "hall"}
    return SiteEntry(**(values | changes))


def wrong(**changes: Any) -> list[tuple[str, str]]:
    """What is wrong with a site: code and field."""
    found = site_rules.faults(entry(**changes), CITIES)
    return [(fault.code, fault.column) for fault in found]


def test_what_a_site_must_say() -> None:
    """Each rule, and the pair of degrees that was swapped."""
    assert wrong() == []
    assert wrong(lat=36.0, lon=103.8) == []
    assert wrong(code="a b") == [("site-code", "code")]
    assert wrong(city="C9") == [("site-city", "city")]
    assert wrong(name="  ") == [("site-name", "name")]
    assert wrong(kind="palace") == [("site-kind", "kind")]
    assert wrong(name="x" * 201) == [("site-long", "name")]
    assert wrong(lat=36.0) == [("site-half", "lon")]
    assert wrong(lat=103.8, lon=36.0) == [("site-swapped", "lat")]
    assert wrong(lat=0.0, lon=0.0) == [("site-position", "lat"), ("site-position", "lon")]
    assert wrong(lat=float("nan"), lon=103.8) == [("site-position", "lat")]


@given(st.text(max_size=12))
def test_degrees_are_a_plain_number_or_refused(text: str) -> None:
    """Nothing typed is nothing; anything odd becomes NaN, which no rule lets through."""
    number = site_rules.degrees(text)
    if number is None:
        assert not text.strip()
    else:
        assert number == number or wrong(lat=number, lon=103.8)


def test_sites_are_added_changed_and_guarded_by_their_revision(database: Database) -> None:
    """The same code twice, a stale page, another city, and what the log says."""
    with database.writing() as session:
        sites.add(session, WHO, entry(), CITIES)
        with pytest.raises(Faulty):
            sites.add(session, WHO, entry(), CITIES)
        site = sites.change(session, WHO, entry(name="新大厅"), CITIES, read=1)
        assert (site.name, site.revision) == ("新大厅", 2)
        with pytest.raises(Moved):
            sites.change(session, WHO, entry(name="别的"), CITIES, read=1)
        with pytest.raises(Faulty):
            sites.change(session, WHO, entry(city="C2"), CITIES, read=2)
        with pytest.raises(NotFound):
            sites.change(session, WHO, entry(), {"C2"}, read=2)
        row = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "site.changed")
        ).one()
        assert row.after == '{"name":"新大厅"}'


def test_the_list_is_filtered(database: Database) -> None:
    """By city, by kind, by a word with a wildcard's letters in it."""
    with database.writing() as session:
        a_site(session, "C1", code="A", name="一号 100% 大厅")
        a_site(session, "C1", code="B", kind="bank")
        a_site(session, "C2", code="C")
    with database.reading() as session:

        def listed(among: list[str], **how: Any) -> list[str]:
            assert len(sites_store.listed(session, among, **how)) == sites_store.count(
                session, among, **how
            )
            return [site.code for site in sites_store.listed(session, among, **how)]

        assert listed(["C1", "C2"]) == ["A", "B", "C"]
        assert listed(["C1"], kind="bank") == ["B"]
        assert listed(["C1", "C2"], text="0% 大") == ["A"]
        assert listed(["C1", "C2"], text="%") == ["A"]


def test_every_fault_of_a_workbook_is_told_by_its_cell() -> None:
    """Unknown city and kind, text for a number, half a position, a repeated code."""
    data = xlsx(
        HEAD,
        GOOD,
        ["H2", "C9", "", "大厅", "宫殿", "", "36.06", 103.83, "也许"],
        ["H3", "C1", "", "大厅", "hall", "", 36.06, None, "否"],
        ["H1", "C1", "", "大厅", "Bank branch", "", None, None, None],
        ["H5", "C1", "", "", "bank", "", 103.83, 36.06, None],
    )
    with pytest.raises(Faulty) as refused:
        read_sites(data, name="场所.xlsx", cities=CITIES)
    found = [(fault.code, fault.cell) for fault in refused.value.faults]
    assert found == [
        ("number-as-text", "G3"),
        ("not-yes-or-no", "I3"),
        ("site-city", "B3"),
        ("site-kind", "E3"),
        ("site-half", "H4"),
        ("repeated-site", "A5"),
        ("site-name", "D6"),
        ("site-swapped", "G6"),
    ]
    assert all(fault.place and fault.explain() for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["甲", "乙"], ["1", "2"]], "no-header"),
        ([HEAD], "no-sites"),
        ([[*HEAD, "颜色"], GOOD], "unknown-column"),
        ([[*HEAD, "场所名称"], GOOD], "repeated-column"),
        ([["市州代码", "场所名称"], ["C1", "大厅"]], "column-missing"),
    ],
)
def test_a_workbook_of_another_shape_is_refused(rows: list[list[Any]], code: str) -> None:
    """With the word that leads back to the template."""
    with pytest.raises(Faulty) as refused:
        read_sites(xlsx(*rows), name="x.xlsx", cities=CITIES)
    assert code in [fault.code for fault in refused.value.faults]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_exported_is_read_back_the_same(database: Database, language: str) -> None:
    """In both languages, formulas-to-be and all; so an import of it changes nothing."""
    with database.writing() as session:
        a_site(session, "C1", code="A", name="=1+1", address="@示例", county="+县", name_en="-en")
        a_site(session, "C2", code="B", kind="bank", active=False, lat=None, lon=None)
        with use_locale(language):
            held = sites_store.listed(session, CITIES)
            data = write_sites(held, CITIES, demo=True)
            seen = site_uploads.preview(session, data, "x.xlsx", CITIES)
        assert (seen.changes, seen.equal) == ((), 2)
    book = load_workbook(io.BytesIO(data))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_a_row_without_a_code_is_the_same_site_next_time() -> None:
    """The code comes from city, name and address."""
    row = ["", *GOOD[1:]]
    first = read_sites(xlsx(HEAD, row), name="x.xlsx", cities=CITIES)
    again = read_sites(xlsx(HEAD, row), name="x.xlsx", cities=CITIES)
    assert first == again
    assert first[0].code.startswith("C1-")
    assert not list(site_rules.faults(first[0], CITIES))


def test_the_import_is_previewed_and_taken_over_once(
    database: Database, evidence_store: EvidenceStore
) -> None:
    """New, changed, equal; a change in between stops it; a second time changes nothing."""
    with database.writing() as session:
        a_site(session, "C1", code="H2", name="旧名")
        a_site(session, "C2", code="H3")
    changed = ["H2", "C1", "", "新名", "hall", "", 36.06, 103.83, ""]
    data = xlsx(HEAD, GOOD, changed)
    with database.writing() as session:
        seen = site_uploads.preview(session, data, "x.xlsx", CITIES)
        assert (seen.new, len(seen.changes), seen.equal) == (1, 2, 0)
        assert seen.changes[1].fields == [("name", "旧名", "新名")]
        sha256 = site_uploads.hold(session, evidence_store, WHO, data, "x.xlsx")
    with database.writing() as session:
        session.execute(sa.update(Site).where(Site.code == "H2").values(name="又一个名"))
        with pytest.raises(site_uploads.SitesMoved):
            site_uploads.commit(
                session, WHO, data, "x.xlsx", sha256, cities=CITIES, digest=seen.digest
            )
        digest = site_uploads.preview(session, data, "x.xlsx", CITIES).digest
        for expected in (2, 0):
            taken = site_uploads.commit(
                session, WHO, data, "x.xlsx", sha256, cities=CITIES, digest=digest
            )
            assert len(taken.changes) == expected
    with database.reading() as session:
        found = sites_store.by_codes(session, ["H1", "H2", "H3"])
        assert {code: site.name for code, site in found.items() if code != "H3"} == {
            "H1": "政务大厅（示例）",
            "H2": "新名",
        }
        rows = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "site.imported"))
        assert len(list(rows)) == 1


def test_a_code_of_another_city_is_not_taken_over(database: Database) -> None:
    """Neither by somebody of one city nor by a slip."""
    with database.writing() as session:
        a_site(session, "C2", code="H1")
        with pytest.raises(Faulty) as refused:
            site_uploads.preview(session, xlsx(HEAD, GOOD), "x.xlsx", CITIES)
    assert [fault.code for fault in refused.value.faults] == ["site-elsewhere"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_pages_of_sites(database: Database, sign_in_as: Callable[..., Any]) -> None:
    """Added, changed, stale, exported, imported; another's upload does not exist."""
    with database.writing() as session:
        a_round(session)
    office = sign_in_as("office")
    assert "还没有场所" in office.get("/sites").text
    bad = office.post("/sites/new", data={"city": "C1", "name": "大厅", "kind": "hall", "lat": "x"})
    assert bad.status_code == 422
    assert 'value="大厅"' in bad.text
    form = {"city": "C1", "code": "H9", "name": "大厅", "kind": "hall", "active": "1"}
    assert office.post("/sites/new", data=form).status_code == 303
    assert office.post("/sites/H9", data={**form, "revision": "1", "name": "新"}).is_redirect
    stale = office.post("/sites/H9", data={**form, "revision": "1", "name": "旧"})
    assert stale.status_code == 409
    assert 'value="新"' in stale.text
    data = office.get("/sites/workbook.xlsx")
    assert "attachment" in data.headers["content-disposition"]
    assert office.post("/sites/uploads", files={}).status_code in (400, 422)
    refused = office.post("/sites/uploads", files={"file": ("x.xlsx", b"not a workbook")})
    assert refused.status_code == 422
    sent = office.post("/sites/uploads", files={"file": ("表.xlsx", xlsx(HEAD, GOOD))})
    where = sent.headers["location"]
    page = office.get(where)
    assert page.status_code == 200
    assert "政务大厅（示例）" in page.text
    assert sign_in_as("office").get(where).status_code == 404
    address, _mark, seal = where.partition("?seal=")
    digest = page.text.partition('name="digest" value="')[2][:64]
    done = office.post(address, data={"seal": seal, "digest": digest})
    assert done.status_code == 303
    assert office.post(address, data={"seal": "0" * 32, "digest": digest}).status_code == 404
    assert "政务大厅（示例）" in office.get("/sites?q=政务").text
    local = sign_in_as("supervisor", cities=["C2"])
    assert local.get("/sites/H9").status_code == 404
    sent = local.post("/sites/uploads", files={"file": ("x.xlsx", xlsx(HEAD, GOOD))})
    assert sent.status_code == 422
    assert "不由您负责" in sent.text
