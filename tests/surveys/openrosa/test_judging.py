"""The forms' logic judges records after they are acknowledged; a killed server leaves none out."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from litestar import Litestar

from evaluation.platform.database import Database
from surveys.forms import logic
from surveys.openrosa import afterwards
from surveys.submissions import judging, service
from surveys.submissions.models import Edition
from surveys.submissions.parcel import Parcel
from tests.conftest import Browser, serving
from tests.surveys.openrosa.collect import Collect
from tests.surveys.submissions.phones import Phone


def findings(database: Database) -> list[object]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Edition.findings).order_by(Edition.id)))


def judged(database: Database) -> list[str]:
    """Kinds of what was found in the one record there is; the small form wants its photo."""
    (found,) = findings(database)
    assert isinstance(found, list)
    return [each["kind"] for each in found]


def wait_until_judged(database: Database) -> list[object]:
    deadline = time.monotonic() + 20
    while None in (found := findings(database)):
        assert time.monotonic() < deadline, "nobody judged it"
        time.sleep(0.01)
    return found


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quiet moment is short here."""
    monkeypatch.setattr(afterwards, "QUIET_SECONDS", 0.02)


def test_a_record_is_acknowledged_before_it_is_judged(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object, **_named: object) -> None:
        raise AssertionError("the phone is waiting")

    with monkeypatch.context() as patched:
        patched.setattr(logic, "check", never)
        assert service.take(phone.intake(), Parcel(phone.record(minutes=-1))).new
    assert findings(phone.database) == [None]
    assert judging.judge(phone.database, phone.store) == 1
    (found,) = findings(phone.database)
    assert isinstance(found, list)
    assert found[0]["kind"] == "constraint"
    assert judging.judge(phone.database, phone.store) == 0


def test_a_running_server_judges_what_comes(collect: Callable[..., Collect], phone: Phone) -> None:
    collect(path=True).submit(phone.record(minutes=-1))
    (found,) = wait_until_judged(phone.database)
    assert found


def test_what_a_killed_server_left_undone_is_done_when_it_starts(
    app: Litestar, phone: Phone
) -> None:
    service.take(phone.intake(), Parcel(phone.record()))
    assert findings(phone.database) == [None]
    with serving(app):
        wait_until_judged(phone.database)
    assert judged(phone.database) == ["evidence"]


def test_where_records_keep_coming_it_begins_all_the_same(
    collect: Callable[..., Collect], phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afterwards, "QUIET_SECONDS", 3600.0)
    monkeypatch.setattr(afterwards, "PATIENCE_SECONDS", 0.0)
    collect(path=True).submit(phone.record())
    wait_until_judged(phone.database)
    assert judged(phone.database) == ["evidence"]


def test_without_a_server_it_is_done_with_the_answer(client: Browser, phone: Phone) -> None:
    files = {"xml_submission_file": ("r.xml", phone.record())}
    assert client.post(f"/openrosa/k/{phone.key}/submission", files=files).status_code == 201
    assert judged(phone.database) == ["evidence"]
