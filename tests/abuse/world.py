"""A province with one round in each telling state, people of every role, and hostile names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import COOKIE
from evaluation.framework.tree import Framework
from evaluation.platform import evidence
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.composite.sheet import ScoreSheet
from scoring.runs import service as runs
from scoring.runs import store as run_store
from surveys.filings import attaching, service, uploading
from surveys.filings.rules import Entry
from surveys.observations import uploads
from tests.abuse import field_world, objection_world
from tests.abuse.field_world import FieldWorld
from tests.conftest import Browser, Person
from tests.factories.province import a_round, small_framework
from tests.scoring.runs.results import OFFICE, OTHER, scored_round, sealer
from tests.surveys.filings.desk import workbook

OPEN, JUDGED, SECRET, SHOWN = "OPEN", "JUDGED", "SECRET", "SHOWN"
OWN, OTHER_CITY = "C1", "C2"
CLERK = System("clerk", "clerk")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
#: Values that appear nowhere else, so that one found in a page came from here.
VALUES = {
    (city, indicator): base + 1.1307 * at
    for at, city in enumerate(("C1", "C2", "C3", "C4"))
    for indicator, base in (
        ("I1", 3.717),
        ("I2", 71.393),
        ("I3", 61.537),
        ("I4", 7.919),
        ("I5", 1733.313),
    )
}
SCOPES: Mapping[str, Mapping[str, list[str]]] = {
    role: {"cities": [OWN]}
    if role in (roles.CLERK, roles.APPROVER, roles.SUPERVISOR, roles.EVALUATOR)
    else {}
    for role in roles.ROLES
}


@dataclass
class World:
    """What is there, and somebody of each role to ask for it."""

    browser: Browser
    database: Database
    person: Callable[..., Person]
    sheets: dict[str, ScoreSheet] = field(default_factory=dict)
    evidence: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    objections: dict[str, int] = field(default_factory=dict)
    values_upload: str = ""
    sha256: str = ""
    fieldwork: FieldWorld = field(default_factory=FieldWorld)
    tokens: dict[Any, str] = field(default_factory=dict)

    def ask(self, role: str | None, method: str, path: str, **options: Any) -> Any:
        """Ask as somebody of *role*, or as nobody."""
        if role is None:
            self.browser.cookies.delete(COOKIE)
            return self.browser.request(method, path, **options)
        return self.ask_with(self.token(role), method, path, **options)

    def ask_with(self, token: str, method: str, path: str, **options: Any) -> Any:
        """Ask with a session of one's own."""
        self.browser.cookies.set(COOKIE, token)
        try:
            return self.browser.request(method, path, **options)
        finally:
            self.browser.cookies.delete(COOKIE)

    def token(self, role: str, **scope: Any) -> str:
        """The session of somebody of *role*; made once."""
        key = (role, *(f"{name}={value}" for name, value in sorted(scope.items())))
        if key not in self.tokens:
            said: dict[str, Any] = {**SCOPES[role], **scope}
            self.tokens[key] = self.person(role, **said).token
        return self.tokens[key]

    def fill(self, path: str, city: str = OWN, code: str = OPEN) -> str:
        """An address for a route."""
        framework = path.startswith("/frameworks")
        if path.startswith("/forms"):
            code = "hall"
        elif path.startswith("/sites"):
            code = self.fieldwork.sites.get(city, "NOSITE")
        elif path.startswith("/devices"):
            code = self.fieldwork.device
        elif path.startswith("/my-"):
            code = self.fieldwork.own_submission
        places = self.fieldwork.fill(city, code)
        if path.startswith("/field/evidence"):
            places["submission"] = self.fieldwork.own_submission
        upload = self.values_upload if "/observations/" in path else self.uploads[city]
        number = self.evidence[city] if "/filing/" in path else 1
        if "/objections/" in path:
            number = self.objections[city]
        return path.format(
            code="SMALL" if framework else code,
            city=city,
            indicator="I2",
            node="D1",
            number=number,
            upload=upload,
            method="full_filing",
            username="someone",
            sha256=self.sha256,
            locale="zh",
            day="2026-10-01",
            path="nothing",
            file_path="nothing.css",
            **places,
        )


def build(
    browser: Browser,
    database: Database,
    files: EvidenceStore,
    person: Callable[..., Person],
    framework: Framework | None = None,
) -> World:
    """Everything that the routes can be asked for."""
    world = World(browser, database, person)
    person("department", name="someone")
    made = framework or small_framework()
    with database.writing() as session:
        _open(session, files, world, made)
        for code in (JUDGED, SECRET, SHOWN):
            _scored(session, files, world, made, code)
        codes = (OPEN, JUDGED, SECRET, SHOWN)
        world.fieldwork = field_world.build(session, files, codes, (OWN, OTHER_CITY))
    evaluator = world.token(roles.EVALUATOR).removeprefix("token-of-")
    with database.writing() as session:
        field_world.give_to(session, files, world.fieldwork, evaluator)
    return world


def _open(session: Session, files: EvidenceStore, world: World, made: Framework) -> None:
    a_round(session, code=OPEN, framework=made)
    found = rounds.by_code(session, OPEN)
    for at, city in enumerate((OWN, OTHER_CITY)):
        entry = Entry(VALUES[city, "I2"], note="口径说明")
        service.save_value(session, CLERK, found, city, "I2", entry, read=0)
        added = attaching.attach(
            session, files, CLERK, found, city, "I2", PDF, name=f"台账{at}.pdf"
        )
        world.evidence[city] = added.id
        content = workbook(session, found, city, {"H4": 5 + at})
        world.uploads[city] = uploading.keep_upload(
            session, files, CLERK, found, city, content, name="填报表.xlsx"
        ).code
    world.values_upload = _hold(session, files, found)


def _hold(session: Session, files: EvidenceStore, found: Round) -> str:
    content = "城市代码,I2\nC1,71.5\nC2,72.5\n".encode()
    return uploads.hold(session, files, OFFICE, found, content, "values.csv").code


def _scored(
    session: Session, files: EvidenceStore, world: World, made: Framework, code: str
) -> None:
    world.sha256 = evidence.keep(
        session, files, CLERK, PDF, name="台账.pdf", media_type="application/pdf"
    )
    found, run = scored_round(
        session,
        files,
        code=code,
        framework=made,
        values=VALUES,
        evidence=(world.sha256,),
        method="full_filing",
    )
    world.sheets[code] = run_store.sheet(files, run.sheet_sha256)
    if code != SHOWN:
        held = objection_world.build(session, files, code, (OWN, OTHER_CITY))
        world.objections = world.objections or held
    if code != JUDGED:
        runs.approve(session, OFFICE, found, run)
    if code == SHOWN:
        runs.publish(session, sealer(files), OTHER, found)


def hostile_framework() -> Framework:
    """The small framework with a script in every text."""
    plain = small_framework()
    return replace(
        plain,
        name=f"体系{HOSTILE[0]}",
        organiser=HOSTILE[1],
        source=HOSTILE[2],
        units=tuple(
            replace(unit, name=f"{unit.name}{HOSTILE[at % 3]}", note=HOSTILE[0])
            for at, unit in enumerate(plain.units)
        ),
        zones=tuple(replace(zone, name=f"{zone.name}{HOSTILE[1]}") for zone in plain.zones),
        nodes=tuple(
            replace(
                node,
                name=f"{node.name}{HOSTILE[at % 3]}",
                unit=node.unit,
                definition=HOSTILE[1],
                lead_unit=HOSTILE[2],
                source=HOSTILE[0],
            )
            for at, node in enumerate(plain.nodes)
        ),
        measures=tuple(
            replace(each, text=HOSTILE[1], responsible_unit=HOSTILE[2]) for each in plain.measures
        ),
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(2)>",
    "{{7*7}}</td><svg/onload=alert(3)>",
)
