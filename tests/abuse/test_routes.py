"""Every route × every role × own and another's city, before and after publication.

A route without a line in ``tests/abuse/routes.py`` fails the first test.
"""

from __future__ import annotations

import gc
import re
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar

from evaluation.accounts import roles
from evaluation.accounts.roles import OF_A_CITY
from evaluation.platform.audit import AuditHead
from tests.abuse.route import Route
from tests.abuse.routes import OFFICES, ROUTES
from tests.abuse.world import OTHER_CITY, OWN, SECRET, VALUES, World

HIDDEN = tuple(role for role in roles.ROLES if role not in OFFICES)
SIGN_OUT = ("POST", "/sign-out")
BY_NAME = sorted(ROUTES, key=lambda route: (route.key == SIGN_OUT, route.writes))  # reads first


def test_every_route_has_its_line(app: Litestar) -> None:
    there = {
        (method, route.path_format)
        for route in app.routes
        for method in getattr(route, "route_handler_map", {})
        if method != "OPTIONS"
    }
    lines = [route.key for route in ROUTES]
    assert there - set(lines) == set(), "give these routes a line in tests/abuse/routes.py"
    assert set(lines) - there == set(), "these routes are gone"
    assert len(lines) == len(set(lines))


def test_nobody_gets_in(world: World) -> None:
    number = changes(world)
    for route in ROUTES:
        if route.who is None:
            continue
        answer = ask(world, None, route)
        if route.program:
            assert answer.status_code == 401, route
            assert answer.headers["content-type"].startswith("application/problem+json")
        else:
            assert answer.status_code == 303, route
            assert answer.headers["location"].startswith("/sign-in"), route
            assert answer.text == ""
    assert changes(world) == number


@pytest.mark.parametrize("role", roles.ROLES)
def test_role(world: World, role: str) -> None:
    wrong: list[tuple[Any, ...]] = []
    for route in BY_NAME:
        for city in (OTHER_CITY, OWN):
            number = changes(world)
            answer = ask(world, role, route, city=city)
            if route.open_to(role, own_city=city == OWN):
                if not answered(route, answer):
                    wrong.append((*route.key, city, answer.status_code))
            elif answer.status_code != 404 or changes(world) != number:
                wrong.append((*route.key, city, answer.status_code, "not for this role"))
            if route.key == SIGN_OUT:
                break
    assert wrong == []


@pytest.mark.parametrize("role", roles.ROLES)
def test_role_of_another_round(world: World, role: str) -> None:
    token = world.token(role, rounds=["ELSEWHERE"])
    number = changes(world)
    for route in ROUTES:
        if not route.path.startswith(("/rounds/{code}", "/api/rounds/{code}")):
            continue
        answer = world.ask_with(token, route.method, address(world, route), **route.options)
        assert answer.status_code == 404, (route, answer.status_code)
    assert changes(world) == number


@pytest.mark.parametrize("role", HIDDEN)
def test_nothing_of_a_result_is_there_before_publication(world: World, role: str) -> None:
    world.ask(role, "GET", "/sign-in")  # the CSRF cookie is set once
    for route in ROUTES:
        if not route.result:
            continue
        path = world.fill(route.path, OWN, SECRET)
        for query in ("", "?run=1", "?run=2"):
            there = world.ask(role, "GET", path + query)
            nowhere = world.ask(role, "GET", world.fill(route.path, OWN, "NOWHERE") + query)
            assert there.status_code == nowhere.status_code == 404, route
            assert without_address(there) == without_address(nowhere), route
            assert set(there.headers) == set(nowhere.headers), route


@pytest.mark.parametrize("role", HIDDEN)
def test_no_page_holds_a_byte_of_an_unpublished_result(world: World, role: str) -> None:
    secrets = secrets_of(world)
    own = secrets - secrets_of(world, besides=OWN)
    assert len(secrets) > 40
    assert 1 < len(own) < 20
    for route in ROUTES:
        if route.writes:
            continue
        path = world.fill(route.path, OWN, SECRET) + route.query
        body = world.ask(role, "GET", path, headers={"accept-encoding": "identity"}).text
        hidden = secrets - own if route.own_scores and role in OF_A_CITY else secrets
        held = {said for said in hidden if re.search(rf"(?<![\d.]){re.escape(said)}", body)}
        assert not held, (path, held)
        assert world.sha256 not in body or world.sha256 in path, path
    listed = world.ask(role, "GET", "/api/rounds").json()
    assert not next(each for each in listed if each["code"] == SECRET)["published"]


def test_the_office_does_see_it(world: World) -> None:
    sheet = world.sheets[SECRET]
    total = f"{sheet.scores[0, sheet.nodes.index('T')]:.2f}"
    for role in OFFICES:
        assert total in world.ask(role, "GET", f"/rounds/{SECRET}/ranking").text


def test_a_revoked_person_is_out_at_the_next_request(world: World) -> None:
    assert world.ask("leader", "GET", "/rounds").status_code == 200
    leader = world.tokens[("leader",)].removeprefix("token-of-")
    gone = world.ask("office", "POST", f"/people/{leader}", data={"role": "leader", "active": "0"})
    assert gone.status_code == 303
    assert world.ask("leader", "GET", "/rounds").headers["location"].startswith("/sign-in")


# Litestar looks for the token inside the form too, and leaves the files of a refused form to
# the garbage collector, which is called here so that it complains here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_every_write_needs_its_token(world: World, token: str) -> None:
    number = changes(world)
    for route in ROUTES:
        if not route.writes or route.keyed:
            continue
        role = next(iter(sorted(route.who))) if route.who else None
        answer = ask(world, role, route, headers={"x-csrf-token": token})
        assert answer.status_code == 403, (route, answer.status_code)
    assert changes(world) == number
    gc.collect()


def ask(world: World, role: str | None, route: Route, city: str = OWN, **more: Any) -> Any:
    """Ask for a route as it is meant to be asked for."""
    return world.ask(role, route.method, address(world, route, city), **(route.options | more))


def address(world: World, route: Route, city: str = OWN) -> str:
    return world.fill(route.path, city, route.code) + route.query


def secrets_of(world: World, besides: str = "") -> set[str]:
    """Every total and dimension score, and what other cities' indicators hold and score; without
    the scores of the city *besides*."""
    sheet = world.sheets[SECRET]
    found = {f"{value:.10g}" for (city, _), value in VALUES.items() if city != OWN}
    for city, row in zip(sheet.cities, sheet.scores.tolist(), strict=True):
        for node, score in zip(sheet.nodes, row, strict=True):
            if city == besides:
                continue
            if city != OWN or node not in sheet.indicators:
                found |= {f"{score:.{decimals}f}" for decimals in (2, 3, 4)}
    return {said for said in found if len(said) > 4}


def answered(route: Route, answer: Any) -> bool:
    """Whether somebody who may ask was given an answer, of whatever kind."""
    if public(route, answer) or (route.missing and answer.status_code == 404):
        return True
    if answer.headers.get("location", "").startswith("/sign-in?"):
        return False
    if route.writes or route.who is None:
        return answer.status_code in (200, 201, 204, 302, 303, 308, 400, 409, 422)
    return bool(answer.status_code < 400)


def public(route: Route, answer: Any) -> bool:
    """What is open to everybody may say that there is no such file, or that a password is wrong."""
    return route.who is None and answer.status_code in (401, 404)


def changes(world: World) -> int:
    """How many changes the audit log knows."""
    with world.database.reading() as session:
        return session.scalar(sa.select(AuditHead.number)) or 0


def without_address(answer: Any) -> str:
    return re.sub(rf"{SECRET}|NOWHERE", "", answer.text)
