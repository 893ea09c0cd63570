"""Who may take which step, from where to where; two people; nothing skipped."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from evaluation.accounts import roles
from evaluation.platform.errors import NotFound
from evaluation.rounds.rules import COLLECTING, ORDER, VERIFYING, RoundClosed
from surveys.review import errors, rules
from surveys.review.rules import BY_ACTION, Case
from surveys.review.veil import veil
from surveys.submissions.rules import (
    ACCEPTED,
    APPROVED,
    EDITABLE,
    INCOMPLETE,
    RECEIVED,
    REJECTED,
    RETURNED,
    STATES,
    WITHDRAWN,
)

#: (action, state it starts from) → (roles, state after); anything else is refused.
ALLOWED = {
    ("approve", RECEIVED): ({"supervisor"}, APPROVED),
    ("accept", APPROVED): ({"office", "supervisor"}, ACCEPTED),
    ("return", RECEIVED): ({"office", "supervisor"}, RETURNED),
    ("return", APPROVED): ({"office", "supervisor"}, RETURNED),
    ("reject", INCOMPLETE): ({"office", "supervisor"}, REJECTED),
    ("reject", RECEIVED): ({"office", "supervisor"}, REJECTED),
    ("reject", RETURNED): ({"office", "supervisor"}, REJECTED),
    ("reject", APPROVED): ({"office", "supervisor"}, REJECTED),
    ("ask", ACCEPTED): ({"office"}, ACCEPTED),
    ("reopen", ACCEPTED): ({"office", "supervisor"}, RECEIVED),
    ("decline", ACCEPTED): ({"office", "supervisor"}, ACCEPTED),
    ("restore", REJECTED): ({"office"}, RECEIVED),
    ("restore", WITHDRAWN): ({"office"}, RECEIVED),
    **{
        ("withdraw", state): ({"office"}, WITHDRAWN)
        for state in (INCOMPLETE, RECEIVED, RETURNED, APPROVED, REJECTED)
    },
}


def case(state: str, **changes: Any) -> Case:
    values: dict[str, Any] = {
        "visitors": frozenset({"visitor"}),
        "approved_by": "first",
        "asked_by": "asker" if state == ACCEPTED else None,
    }
    return Case(state, COLLECTING, **(values | changes))


def refused(action: str, state: str, role: str = roles.SUPERVISOR, **changes: Any) -> Any:
    username = changes.pop("username", "second")
    if action == "ask":
        changes.setdefault("asked_by", None)
    return rules.refusal(BY_ACTION[action], username, role, case(state, **changes))


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_step_from_every_state_by_every_role(role: str) -> None:
    """The whole table at once: whatever is not in it is refused."""
    for action, state in product(BY_ACTION, STATES):
        may, after = ALLOWED.get((action, state), (set(), ""))
        found = refused(action, state, role)
        if role in may:
            assert found is None, (action, state)
            assert rules.target(BY_ACTION[action], case(state)) == after
        else:
            assert found is not None, (action, state)
            if role not in BY_ACTION[action].roles:
                assert isinstance(found, NotFound)


def test_a_skipped_state_is_told_with_where_the_record_is() -> None:
    found = refused("accept", RECEIVED, "office")
    assert isinstance(found, errors.WrongState)
    assert found.status == 409
    assert "待审核" in found.explain()
    assert "先由评价督导审核" in found.explain()
    locked = refused("approve", ACCEPTED).explain()
    assert "已锁定" in locked
    assert "省级管理员" in locked


@pytest.mark.parametrize(("action", "state"), ALLOWED)
def test_nobody_decides_on_their_own_visit(action: str, state: str) -> None:
    role = sorted(ALLOWED[action, state][0])[0]
    assert isinstance(refused(action, state, role, username="visitor"), errors.OwnWork)


def test_whoever_approved_does_not_accept() -> None:
    assert isinstance(refused("accept", APPROVED, username="first"), errors.SecondPersonNeeded)
    assert refused("accept", APPROVED, username="third") is None


def test_what_was_accepted_is_opened_by_two_people() -> None:
    assert isinstance(refused("reopen", ACCEPTED, asked_by=None), errors.SecondPersonNeeded)
    assert isinstance(refused("reopen", ACCEPTED, username="asker"), errors.SecondPersonNeeded)
    assert refused("reopen", ACCEPTED, username="other") is None
    assert refused("decline", ACCEPTED, username="asker") is None
    again = refused("ask", ACCEPTED, "office", asked_by="asker")
    assert isinstance(again, errors.SecondPersonNeeded)


@pytest.mark.parametrize("action", ["approve", "accept"])
def test_incomplete_never_passes(action: str) -> None:
    assert isinstance(refused(action, INCOMPLETE), errors.StillIncomplete)
    state = RECEIVED if action == "approve" else APPROVED
    assert isinstance(refused(action, state, complete=False), errors.StillIncomplete)


def test_what_is_opened_again_without_its_files_waits_for_them() -> None:
    lacking_files = case(REJECTED, complete=False)
    assert rules.target(BY_ACTION["restore"], lacking_files) == INCOMPLETE
    assert rules.target(BY_ACTION["restore"], case(REJECTED)) == RECEIVED


def test_one_record_of_a_visit_is_alive() -> None:
    found = refused("restore", REJECTED, "office", taken="OTHER")
    assert isinstance(found, errors.VisitTaken)
    assert "OTHER" in found.explain()


def test_a_scored_round_is_closed() -> None:
    for state in ORDER:
        held = Case(RECEIVED, state)
        found = rules.refusal(BY_ACTION["approve"], "a", roles.SUPERVISOR, held)
        open_ones = ORDER[: ORDER.index(VERIFYING) + 1]
        assert (found is None) if state in open_ones else isinstance(found, RoundClosed)


def lacks(action: str, reason: str = "", reasons: Any = None, **changes: Any) -> Any:
    return rules.lacking(BY_ACTION[action], case(RECEIVED, **changes), reason, reasons or {})


def test_which_steps_need_words() -> None:
    need = {a for a in BY_ACTION if isinstance(lacks(a), errors.ReasonMissing)}
    assert need == {"reject", "ask", "decline", "restore", "withdraw"}
    assert not any(lacks(action, "写明了") for action in need)
    assert all(lacks(action, " \n") for action in need)


def test_a_return_says_what_is_wrong_with_a_question() -> None:
    assert isinstance(lacks("return", "整体不行"), errors.ReasonsMissing)
    assert isinstance(lacks("return", reasons={"/data/a": " "}), errors.ReasonsMissing)
    assert isinstance(lacks("return", reasons={"/data/a": "x", "/data/b": ""}), errors.DomainError)
    assert lacks("return", reasons={"/data/a": "看不清"}) is None


def test_findings_are_answered_in_words() -> None:
    found = lacks("approve", to_answer=2)
    assert isinstance(found, errors.FindingsUnanswered)
    assert "2" in found.explain()
    assert lacks("approve", "现场确无窗口", to_answer=2) is None
    assert lacks("approve") is None


def test_every_state_has_a_look_and_a_way_on() -> None:
    assert set(rules.BADGES) == set(rules.WAYS) == set(STATES)
    locked = {state for state, way in rules.WAYS.items() if "已锁定" in way}
    assert locked == set(STATES) - EDITABLE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("请张三补拍", "请V-1补拍"),
        ("LAN was late", "V-1 was late"),
        ("the plan of lan.", "the plan of V-1."),
        ("lan2 and lan_3", "lan2 and lan_3"),
        ("张三丰来过", "V-2来过"),
        ("无", "无"),
    ],
)
def test_names_are_taken_out_of_words(text: str, told: str) -> None:
    names = {"张三": "V-1", "lan": "V-1", "张三丰": "V-2", "": "x", "无": "x"}
    assert veil(text, names) == told
