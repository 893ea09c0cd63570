"""A client nobody here wrote: what ODK Collect's source demands of a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms.models import FormMedia, FormVersion
from surveys.openrosa import digest
from surveys.submissions import rules
from surveys.submissions.models import Edition, EditionFile, Refusal, Submission
from tests.conftest import Server
from tests.factories import field as factory
from tests.surveys.openrosa.collect import Collect, FormSourceError, UploadFailed
from tests.surveys.submissions.phones import Phone, an_instance, picture

Client = Callable[..., Collect]
SAID = (
    'Digest username="x", realm="yingshang", nonce="{nonce}", uri="/openrosa/formList", '
    'response="{response}", qop=auth, nc=1, cnonce="x"'
)


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Submission.state)))


@pytest.mark.parametrize("path", [True, False], ids=["path key", "digest"])
def test_forms_are_listed_and_downloaded(collect: Client, phone: Phone, path: bool) -> None:
    client = collect(path=path)
    (listed,) = client.form_list()
    assert (listed.form_id, listed.version) == ("hall", "1")
    assert listed.name == "示例表单 hall"
    assert listed.hash == phone.version.md5
    assert listed.manifest_url is None
    xform, media = client.download(listed)
    assert xform == phone.store.get(phone.version.xform)
    assert media == {}
    assert (phone.key in listed.download_url) == path


def test_media_come_with_a_manifest(
    collect: Client, phone: Phone, database: Database, evidence_store: EvidenceStore
) -> None:
    from hashlib import md5

    content = picture(4)
    with database.writing() as session:
        session.add(
            FormMedia(
                version_id=phone.version.id,
                name="标 识.jpg",
                sha256=evidence_store.put(content),
                md5=md5(content).hexdigest(),
                size=len(content),
                media_type="image/jpeg",
            )
        )
    client = collect()
    (listed,) = client.form_list()
    assert client.download(listed)[1] == {"标 识.jpg": content}


def test_only_forms_of_own_open_visits_are_listed(
    collect: Client, phone: Phone, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        other = factory.a_form(session, evidence_store, "secret")
        newer = factory.a_form(session, evidence_store, "hall")
        draft = factory.a_form(session, evidence_store, "hall")
        draft.state = "draft"
    client = collect()
    assert [(each.form_id, each.version) for each in client.form_list()] == [("hall", "2")]
    for form, number, status in (
        ("hall", 1, 200),
        ("hall", newer.number, 200),
        ("hall", draft.number, 404),
        ("secret", other.number, 404),
        ("nothing", 1, 404),
        ("hall", 2**40, 404),
    ):
        answer = client.ask("GET", f"{client.server}/forms/{form}/{number}/form.xml")
        assert answer.status_code == status
    with database.writing() as session:
        session.merge(phone.visit).state = "cancelled"
    assert client.form_list() == []
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(FormVersion)) == 4


@pytest.mark.parametrize("path", [True, False], ids=["path key", "digest"])
def test_a_record_is_sent_as_collect_sends_it(
    collect: Client, phone: Phone, database: Database, path: bool
) -> None:
    client = collect(path=path)
    photo = picture()
    said = client.submit(phone.record(photo="a.jpg"), {"a.jpg": photo})
    assert said is not None
    assert "待审核" in said
    assert states(database) == [rules.RECEIVED]
    ways = [(method, status) for method, _path, status in client.asked]
    assert ways == ([] if path else [("HEAD", 401)]) + [("HEAD", 204), ("POST", 201)]


def test_the_answer_to_head_is_exactly_what_collect_wants(collect: Client) -> None:
    client = collect(path=True)
    answer = client.ask("HEAD", f"{client.server}/submission")
    assert answer.status_code == 204
    assert answer.headers["x-openrosa-version"] == "1.0"
    assert 30_000_000 < int(answer.headers["x-openrosa-accept-content-length"]) < 32 * 2**20
    assert "location" not in answer.headers


def test_a_large_record_comes_in_several_posts(
    collect: Client, phone: Phone, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{at}.jpg" for at in range(3)]
    photos = {name: picture(at) for at, name in enumerate(names)}
    client = collect(path=True)
    xml = phone.record(photo=names[0]).replace(b"<remark></remark>", b"<remark>x</remark>")
    posts = client.split(xml, list(photos.items()), len(xml) + len(photos["0.jpg"]))
    assert [more for _files, more in posts] == [True, True, False]

    url = f"{client.server}/submission"
    for files, more in posts:
        answer = client.post(url, xml, files, more=more)
        assert answer.status_code in (201, 202)
    with database.reading() as session:
        assert session.scalars(sa.select(Edition)).one().completed_at is not None
        assert {each.name for each in session.scalars(sa.select(Refusal))} == {"1.jpg", "2.jpg"}
        assert session.scalars(sa.select(EditionFile)).one().name == "0.jpg"


def test_more_than_a_hundred_files_are_split(phone: Phone) -> None:
    files = [(f"{at}.jpg", b"x") for at in range(250)]
    posts = Collect.split(b"<data/>", files, 10_000_000)
    assert [len(part) for part, _more in posts] == [101, 101, 48]


def test_an_answer_that_is_lost_is_asked_for_again(
    collect: Client, phone: Phone, database: Database
) -> None:
    client = collect()
    xml, files = phone.record(photo="a.jpg"), {"a.jpg": picture()}
    first = client.submit(xml, files)
    again = client.submit(xml, files)
    assert first == again
    assert [status for method, _path, status in client.asked if method == "POST"] == [201, 202]
    assert states(database) == [rules.RECEIVED]


def test_twenty_identical_posts_at_once(collect: Client, phone: Phone, database: Database) -> None:
    xml, files = phone.record(photo="a.jpg"), {"a.jpg": picture()}
    clients = [collect(path=at % 2 == 0) for at in range(20)]
    said: list[str | None] = []
    barrier = threading.Barrier(len(clients))

    def send(client: Collect) -> None:
        barrier.wait()
        said.append(client.submit(xml, files))

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 20
    assert len(set(said)) == 1
    assert states(database) == [rules.RECEIVED]
    posted = [s for c in clients for method, _path, s in c.asked if method == "POST"]
    assert sorted(posted) == [201] + [202] * 19


def test_an_edited_record_follows_the_first(
    collect: Client, phone: Phone, database: Database
) -> None:
    client = collect()
    first = an_instance()
    client.submit(phone.record(instance=first))
    client.submit(phone.record(follows=first, minutes=30))
    with database.reading() as session:
        assert sorted(session.scalars(sa.select(Edition.place))) == [1, 2]


def test_a_refusal_is_said_in_words_and_the_record_stays_on_the_phone(
    collect: Client, phone: Phone, database: Database
) -> None:
    client = collect()
    with pytest.raises(UploadFailed, match=r"没有访查编号“NOSUCH23”.*编号"):
        client.submit(phone.record(visit="NOSUCH23"))
    with database.reading() as session:
        assert session.scalars(sa.select(Refusal.reason)).all() == ["visit-unknown"]


def test_a_wrong_key_is_refused(collect: Client, phone: Phone) -> None:
    with pytest.raises(FormSourceError, match="401"):
        collect(key="wrong" * 6).form_list()
    with pytest.raises(FormSourceError, match="404"):
        collect(path=True, key="wrong" * 6).form_list()
    with pytest.raises(UploadFailed, match="auth"):
        collect(key="wrong" * 6).submit(phone.record())
    with pytest.raises(UploadFailed, match="不认识这个地址"):
        collect(path=True, key="wrong" * 6).submit(phone.record())


def test_a_nonce_that_is_too_old_is_replaced_without_asking_the_person(
    collect: Client, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = collect()
    client.form_list()
    monkeypatch.setattr(digest, "NONCE_LASTS", timedelta(seconds=-1))
    answer = client._send(  # the answer to the old nonce says that only its age is wrong
        "GET",
        f"{client.server}/formList",
        None,
        None,
        client._authorized("GET", f"{client.server}/formList"),
    )
    assert answer.status_code == 401
    assert "stale=true" in answer.headers["www-authenticate"]
    monkeypatch.undo()
    assert len(client.form_list()) == 1


def test_a_revoked_phone_gets_nothing_more(
    collect: Client, phone: Phone, database: Database
) -> None:
    from tests.surveys.openrosa.conftest import change_device

    clients = [collect(), collect(path=True)]
    for client in clients:
        client.form_list()
    change_device(database, phone.device.code, revoked_at=clock.now())
    for client in clients:
        with pytest.raises(FormSourceError, match="410"):
            client.form_list()
        with pytest.raises(UploadFailed, match="已被停用"):
            client.submit(phone.record())


@pytest.mark.parametrize(
    "header",
    [
        "Digest",
        "Digest username=",
        'Digest username="x", realm="yingshang"',
        SAID.format(nonce="1.2.3", response="0"),
        SAID.format(nonce="zz.2.3", response="\xff"),
        SAID.format(nonce="", response=""),
        "Basic bGluOnNlY3JldA==",
        "Bearer x",
        "Bearer " + "x" * 5000,
        "Digest " + 'a="b",' * 3000,
    ],
)
def test_headers_that_prove_nothing(server: Server, header: str) -> None:
    answer = httpx.get(
        f"{server.url}/openrosa/formList", headers={"Authorization": header.encode("latin-1")}
    )
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers
    assert "OpenRosaResponse" in answer.text


def test_an_answer_for_another_address_does_not_count(collect: Client, server: Server) -> None:
    client = collect()
    client.form_list()
    proof = client._authorized("GET", f"{server.url}/openrosa/formList")
    answer = httpx.get(f"{server.url}/openrosa/submission", headers=proof)
    assert answer.status_code == 401
    assert "stale" not in answer.headers["www-authenticate"]


def test_a_key_for_one_way_is_none_for_a_web_phones_digest(
    collect: Client, phone: Phone, database: Database
) -> None:
    from tests.surveys.openrosa.conftest import change_device

    change_device(database, phone.device.code, digest_ha1="")
    with pytest.raises(FormSourceError, match="401"):
        collect().form_list()
    assert len(collect(path=True).form_list()) == 1
