"""Adding and changing sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import N_
from surveys.visits import site_rules, sites_store
from surveys.visits.codes import random_code
from surveys.visits.errors import Moved
from surveys.visits.models import Site
from surveys.visits.site_rules import SiteEntry


def entry_of(site: Site) -> SiteEntry:
    """What stands in the table."""
    return SiteEntry(
        site.code,
        site.city,
        site.name,
        site.kind,
        site.county,
        site.name_en,
        site.address,
        site.lat,
        site.lon,
        site.active,
    )


def new_code(city: str) -> str:
    """A code for a site that was given none."""
    return f"{city}-{random_code(5)}"


def add(session: Session, who: Actor, entry: SiteEntry, cities: Collection[str]) -> Site:
    """Add a site of one of *cities*. Raises `Faulty`."""
    found = list(site_rules.faults(entry, cities))
    if not found and sites_store.site(session, entry.code) is not None:
        found.append(
            Fault(
                "site-taken",
                N_("场所代码“{code}”已存在。"),
                N_("请换一个代码，或直接修改那个场所。"),
                {"code": entry.code},
                column="code",
            )
        )
    if found:
        raise Faulty(found)
    site = Site(**entry.facts())
    session.add(site)
    session.flush()
    audit.record(session, who, "site.added", f"site:{site.code}", after=entry.facts())
    return site


def change(
    session: Session, who: Actor, entry: SiteEntry, cities: Collection[str], *, read: int
) -> Site:
    """Change the site with the entry's code, read at revision *read*.

    Raises `NotFound` for one outside *cities*, `Moved`, `Faulty`.
    """
    site = sites_store.locked(session, entry.code)
    if site is None or site.city not in cities:
        raise NotFound(site=entry.code)
    found = list(site_rules.faults(entry, cities))
    if site.city != entry.city:
        found.append(Fault("site-moved", N_("场所的市州不能改。"), column="city"))
    if found:
        raise Faulty(found)
    if site.revision != read:
        raise Moved
    _write(session, who, site, entry)
    return site


def save_many(
    session: Session, who: Actor, entries: Sequence[SiteEntry], *, about: Mapping[str, object]
) -> None:
    """Add or change many sites that were checked, under one audit row which also holds *about*."""
    held = sites_store.by_codes(session, (entry.code for entry in entries))
    before, after = {}, {}
    for entry in entries:
        site = held.get(entry.code)
        if site is None:
            session.add(Site(**entry.facts()))
        else:
            before[entry.code] = entry_of(site).facts()
            _put(site, entry)
        after[entry.code] = entry.facts()
    session.flush()
    audit.record(
        session,
        who,
        "site.imported",
        "sites",
        before=before,
        after={**about, "sites": after},
    )


def _write(session: Session, who: Actor, site: Site, entry: SiteEntry) -> None:
    before = entry_of(site).facts()
    after = entry.facts()
    if before == after:
        return
    _put(site, entry)
    session.flush()
    audit.record(
        session,
        who,
        "site.changed",
        f"site:{site.code}",
        before={key: value for key, value in before.items() if value != after[key]},
        after={key: value for key, value in after.items() if value != before[key]},
    )


def _put(site: Site, entry: SiteEntry) -> None:
    for name, value in entry.facts().items():
        setattr(site, name, value)
    site.revision += 1
