"""Who came, where and when: told to nobody whom it does not concern, by any address."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.accounts import roles
from evaluation.platform.audit import AuditEntry
from surveys.findings.models import Finding
from tests.abuse.field_world import VISITOR
from tests.abuse.routes import ROUTES
from tests.abuse.world import OPEN, OTHER_CITY, OWN, SECRET, SHOWN, World

OUTSIDE = (roles.CLERK, roles.APPROVER, roles.LEADER, roles.DEPARTMENT)


def everything(world: World, role: str) -> list[tuple[str, str]]:
    """Every page and file that somebody can ask for, with its headers."""
    said = []
    for route in ROUTES:
        if route.writes or route.path == "/static/{file_path}":
            continue
        for code in (OPEN, SECRET, SHOWN) if "{code}" in route.path else (OPEN,):
            for city in (OWN, OTHER_CITY):
                path = world.fill(route.path, city, code) + route.query
                answer = world.ask(role, "GET", path, headers={"accept-encoding": "identity"})
                said.append((path, text_of(answer)))
    return said


def text_of(answer: Any) -> str:
    """The body, an unpacked workbook included, and the headers."""
    body = answer.content
    if body.startswith(b"PK"):
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.decode("utf-8", "replace") + str(dict(answer.headers))


@pytest.mark.parametrize("role", OUTSIDE)
def test_those_who_are_judged_learn_of_no_visit(world: World, role: str) -> None:
    secrets = world.fieldwork.secrets
    assert len(secrets) > 25
    for path, said in everything(world, role):
        held = {secret for secret in secrets if secret in said and secret not in path}
        assert not held, (path, held)


@pytest.mark.parametrize("role", [roles.CLERK, roles.LEADER])
def test_a_finding_is_told_with_the_publication_and_without_its_day(
    world: World, role: str
) -> None:
    with world.database.reading() as session:
        title = session.scalars(sa.select(Finding.title)).first()
    assert title is not None
    for code in (OPEN, SECRET):
        assert world.ask(role, "GET", f"/rounds/{code}/findings").status_code == 404
    told = world.ask(role, "GET", f"/rounds/{SHOWN}/findings").text
    assert title in told
    assert "remark of" not in told


def test_an_evaluator_learns_of_nobody_elses_visit(world: World) -> None:
    secrets = world.fieldwork.secrets - set(world.fieldwork.sites.values())
    shared = {name for name in secrets if name.startswith("示例场所")}  # a site both went to
    shared.add(world.fieldwork.plans[OPEN])
    for path, said in everything(world, roles.EVALUATOR):
        held = {each for each in secrets - shared if each in said and each not in path}
        assert not held, (path, held)


def test_the_auditor_follows_the_work_and_not_the_person(world: World) -> None:
    followed = 0
    for path, said in everything(world, roles.AUDITOR):
        assert VISITOR not in said, path
        followed += "V-" in said
    assert followed > 2


def test_the_audit_log_names_no_visitor_beside_a_visit(world: World) -> None:
    with world.database.reading() as session:
        rows = session.execute(sa.select(AuditEntry.username, AuditEntry.subject, AuditEntry.after))
        for username, subject, after in rows:
            assert username != VISITOR, subject
            assert VISITOR not in (after or ""), subject
