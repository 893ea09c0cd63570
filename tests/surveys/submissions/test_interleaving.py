"""Any interleaving of sends, retries, cuts, edits and pieces of files ends in the same state."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.accounts.models import User
from evaluation.platform import audit, clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import service, store
from surveys.submissions.models import Edition, EditionFile, Refusal, Submission
from surveys.submissions.partials import OffsetConflict, Partial
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, picture

EDITIONS = 3
PHOTOS = {f"{at}.jpg": picture(at * 40, (32, 24)) for at in range(EDITIONS)}
IDS = [f"uuid:{uuid.UUID(int=at + 1)}" for at in range(EDITIONS)]
VISIT = "VST2345678"


@dataclass(frozen=True)
class Step:
    """One thing a phone does. ``what``: post, or piece; a piece runs from ``start`` to ``end``
    of its file in tenths. ``lost`` where the answer never reaches the phone."""

    what: str
    edition: int
    files: tuple[str, ...] = ()
    name: str = ""
    start: int = 0
    end: int = 10
    lost: bool = False


def names(edition: int) -> tuple[str, ...]:
    """The files an edition names: one of its own, and in later ones that of the first too."""
    own = f"{edition}.jpg"
    return (own,) if edition == 0 else (own, "0.jpg")


posts = st.integers(0, EDITIONS - 1).flatmap(
    lambda edition: st.builds(
        Step,
        what=st.just("post"),
        edition=st.just(edition),
        files=st.lists(st.sampled_from(names(edition)), unique=True).map(tuple),
        lost=st.booleans(),
    )
)
pieces = st.integers(0, EDITIONS - 1).flatmap(
    lambda edition: st.builds(
        Step,
        what=st.just("piece"),
        edition=st.just(edition),
        name=st.sampled_from(names(edition)),
        start=st.integers(0, 9),
        end=st.integers(1, 10),
    )
)


@dataclass
class World:
    """One deployment on a database of its own."""

    folder: Path
    phone: Phone

    def take(self, step: Step) -> None:
        """Do one step; what a phone would be refused is no event."""
        if step.what == "post":
            self.post(step)
        else:
            self.piece(step)

    def post(self, step: Step) -> None:
        named = names(step.edition)
        xml = self.phone.record(
            instance=IDS[step.edition],
            follows=IDS[step.edition - 1] if step.edition else "",
            minutes=10 + step.edition,
            photo=named[0],
            remark="r",
        )
        if len(named) > 1:
            xml = xml.replace(b"</photo>", f"</photo><photo2>{named[1]}</photo2>".encode())
        held = {name: PHOTOS[name] for name in named}
        self.phone.send(xml, a_ledger(held), {name: PHOTOS[name] for name in step.files})

    def piece(self, step: Step) -> None:
        content = PHOTOS[step.name]
        digest = sha256(content).hexdigest()
        with self.phone.database.reading() as session:
            held = store.edition(session, IDS[step.edition])
            rows = store.files(session, held.id) if held is not None else []
        row = next((each for each in rows if each.name == step.name), None)
        if row is None or row.sha256 is not None:
            return
        partial = Partial(self.folder / "partial", row.id, digest)
        tenth = len(content) / 10
        start, end = round(step.start * tenth), round(step.end * tenth)
        try:
            size = partial.append(start, content[start:end], len(content))
        except OffsetConflict:
            return
        if size == len(content):
            service.take_file(self.phone.intake(), IDS[step.edition], step.name, partial.whole())
            partial.drop()

    def state(self) -> dict[str, Any]:
        """Everything stored, without the server's own numbers, codes and moments."""
        with self.phone.database.reading() as session:
            assert audit.verify(session) is None
            editions = {each.id: each for each in session.scalars(sa.select(Edition))}
            return {
                "submissions": [
                    (each.root, each.state, each.city, each.evaluator,
                     editions[each.edition_id or 0].instance)
                    for each in session.scalars(sa.select(Submission))
                ],
                "editions": sorted(
                    (each.instance, each.follows, each.place, each.xml, each.ledger,
                     each.submission_id is not None, each.completed_at is not None,
                     each.answers_sha256, tuple(each.flags))
                    for each in editions.values()
                ),
                "files": sorted(
                    (editions[each.edition_id].instance, each.name, each.expected, each.sha256,
                     each.size, each.media_type, each.problem)
                    for each in session.scalars(sa.select(EditionFile))
                ),
                "refusals": session.scalar(sa.select(sa.func.count()).select_from(Refusal)),
            }  # fmt: skip


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment to copy: one evaluator, one visit, a form with two photo questions."""
    folder = tmp_path_factory.mktemp("interleaving")
    shutil.copy(sqlite_template, folder / "yingshang.db")
    return folder


@pytest.fixture(scope="module")
def world(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], World]]:
    """Make a fresh deployment: ``world()``."""
    made: list[Database] = []
    first = _open(template)
    with first.writing() as session:
        session.add(
            User(
                username="lin", display_name="lin", role="evaluator", cities=[], rounds=[],
                department="", password_hash="!", must_change_password=False, active=True,
                created_at=clock.now(),
            )
        )  # fmt: skip
    phone = a_phone(first, EvidenceStore(template / "evidence"), _settings(template), "lin",
                    code="hall", )  # fmt: skip
    _add_question(phone)
    with first.writing() as session:
        visit = session.merge(phone.visit)
        visit.code = VISIT
    phone.visit.code = VISIT
    with first.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    first.dispose()

    def make() -> World:
        folder = tmp_path_factory.mktemp("world")
        shutil.copytree(template, folder, dirs_exist_ok=True)
        database = _open(folder)
        made.append(database)
        held = Phone(
            database, EvidenceStore(folder / "evidence"), _settings(folder), phone.device,
            phone.key, phone.version, phone.visit,
        )  # fmt: skip
        return World(folder, held)

    yield make
    for database in made:
        database.dispose()


def _settings(folder: Path) -> Settings:
    return Settings(data=folder, database=f"sqlite:///{folder}/yingshang.db", secret="0" * 64)


def _open(folder: Path) -> Database:
    return Database(_settings(folder).database)


def _add_question(phone: Phone) -> None:
    """Give the form a second photo."""
    from dataclasses import replace

    from surveys.forms import document as documents
    from surveys.forms.models import FormVersion

    held = documents.load(phone.store.get(phone.version.document))
    photo = held.by_name["photo"]
    second = replace(photo, name="photo2", path="/data/photo2", row=7)
    changed = replace(held, questions=(*held.questions, second))
    with phone.database.writing() as session:
        version = session.get_one(FormVersion, phone.version.id)
        version.document = phone.store.put(documents.dump(changed))


def everything(chosen: Sequence[int]) -> list[Step]:
    """What a phone does until all is there, edition by edition in the order *chosen*. The photo of
    the first edition is not sent again with those that name it too."""
    return [
        step
        for edition in chosen
        for step in (
            Step("post", edition),
            Step("piece", edition, name=names(edition)[0]),
            Step("post", edition, files=names(edition)[:1]),
        )
    ]


@pytest.fixture(scope="module")
def wanted(world: Callable[[], World]) -> dict[str, Any]:
    """The state after sending everything once, in order."""
    straight = world()
    for step in everything(range(EDITIONS)):
        straight.take(step)
    state = straight.state()
    assert [place for _i, _f, place, *_rest in state["editions"]] == [1, 2, 3]
    assert state["submissions"][0][1] == "received"
    assert state["refusals"] == 0
    assert all(sha is not None for _i, _n, _e, sha, *_rest in state["files"])
    return state


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(posts | pieces, max_size=14),
    order=st.permutations(range(EDITIONS)),
)
def test_any_interleaving_ends_in_the_same_state(
    world: Callable[[], World], wanted: dict[str, Any], steps: list[Step], order: list[int]
) -> None:
    held = world()
    for step in steps:
        held.take(step)
        if step.lost:
            held.take(step)
    for step in everything(order):
        held.take(step)
    assert held.state() == wanted
    shutil.rmtree(held.folder)
