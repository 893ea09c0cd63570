"""Sites: the list, one site, the workbook out."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from surveys.visits import cities, site_rules, sites, sites_store
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.errors import Moved
from surveys.visits.kinds import KINDS
from surveys.visits.models import Site
from surveys.visits.site_rules import SiteEntry
from surveys.visits.site_sheet import write_sites
from surveys.visits.site_uploads import XLSX

A_PAGE = 100


class SiteController(Controller):
    """场所."""

    path = "/sites"
    guards = [requires(*WATCHERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        city: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        q: FromQuery[str] = "",
        page: FromQuery[int] = 1,
    ) -> Response[str]:
        """Sites within the person's cities."""
        units = cities.known(db_session, request.user)
        if city and city not in units:
            raise NotFound(city=city)
        kind = kind if kind in KINDS else ""
        among = [city] if city else list(units)
        total = sites_store.count(db_session, among, kind=kind, text=q.strip()[:100])
        last = max(1, -(-total // A_PAGE))
        at = min(max(1, page), last)
        return pages.render(
            request,
            "sites.html",
            sites=sites_store.listed(
                db_session,
                among,
                kind=kind,
                text=q.strip()[:100],
                start=(at - 1) * A_PAGE,
                count=A_PAGE,
            ),
            total=total,
            page=at,
            pages=last,
            units=units,
            kinds=KINDS,
            city=city,
            kind=kind,
            q=q,
            may_write=request.user.role in PLANNERS,
        )

    @get("/workbook.xlsx", sync_to_thread=True)
    def workbook(self, request: AnyRequest, db_session: DbSession) -> Response[bytes]:
        """All sites within the person's cities, ready to be changed and sent back."""
        units = cities.known(db_session, request.user)
        held = sites_store.listed(db_session, units)
        demo = request.app.state.settings.demo
        return pages.attachment(write_sites(held, units, demo=demo), f"{_('场所')}.xlsx", XLSX)

    @get("/new", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """The form for a new site."""
        return _form(request, db_session, None)

    @post("/new", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def add(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Add a site."""
        units = cities.known(db_session, request.user)
        code = data.get("code", "").strip() or sites.new_code(data.get("city", ""))
        try:
            site = sites.add(db_session, request.user, _entry(code, data), units)
        except Faulty as error:
            db_session.rollback()
            return _form(request, db_session, None, typed=data, faults=error.faults)
        response = Redirect(f"/sites?city={site.city}", status_code=303)
        pages.flash(response, _("已添加场所“{name}”。", name=site.name))
        return response

    @get("/{code:str}", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """One site."""
        return _form(request, db_session, _mine(db_session, request, code))

    @post("/{code:str}", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def change(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Change a site."""
        _mine(db_session, request, code)
        units = cities.known(db_session, request.user)
        read = data.get("revision", "")
        revision = int(read) if read.isascii() and read.isdigit() and len(read) < 10 else 0
        try:
            site = sites.change(db_session, request.user, _entry(code, data), units, read=revision)
        except Faulty as error:
            db_session.rollback()
            held = _mine(db_session, request, code)
            return _form(request, db_session, held, typed=data, faults=error.faults)
        except Moved as error:
            db_session.rollback()
            held = _mine(db_session, request, code)
            return _form(request, db_session, held, notice=error.explain())
        response = Redirect(f"/sites?city={site.city}", status_code=303)
        pages.flash(response, _("已保存场所“{name}”。", name=site.name))
        return response


def _mine(session: Session, request: AnyRequest, code: str) -> Site:
    site = sites_store.site(session, code)
    if site is None or site.city not in cities.known(session, request.user):
        raise NotFound(site=code)
    return site


def _entry(code: str, data: dict[str, str]) -> SiteEntry:
    return SiteEntry(
        code,
        data.get("city", ""),
        data.get("name", "").strip(),
        data.get("kind", ""),
        data.get("county", "").strip(),
        data.get("name_en", "").strip(),
        data.get("address", "").strip(),
        site_rules.degrees(data.get("lat", "")),
        site_rules.degrees(data.get("lon", "")),
        data.get("active") == "1",
    )


def _form(
    request: AnyRequest,
    session: Session,
    site: Site | None,
    *,
    typed: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    notice: str = "",
) -> Response[str]:
    held = sites.entry_of(site).facts() if site else {"active": True}
    shown = {key: "" if value is None else value for key, value in held.items()}
    if typed is not None:
        shown = {**shown, **typed, "active": typed.get("active") == "1"}
    return pages.render(
        request,
        "site.html",
        status=422 if faults else (409 if notice else 200),
        site=site,
        shown=shown,
        faults=faults,
        notice=notice,
        units=cities.known(session, request.user),
        kinds=KINDS,
        may_write=request.user.role in PLANNERS,
    )
