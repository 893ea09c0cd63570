"""A first password always keeps the rules, whatever the name."""

from __future__ import annotations

import pytest

from evaluation.accounts import passwords


@pytest.mark.parametrize("username", ["", "a", "li", "Zhang", "clerk.tianshui"])
def test_a_first_password_keeps_the_rules(username, monkeypatch):
    offered = iter(["x1LI-zhangA_9qwertP", "zHANG7-clerk.Tianshui", "Kd8_-vN2rTw0Xs5b"])
    monkeypatch.setattr(
        "evaluation.accounts.passwords.secrets.token_urlsafe", lambda _: next(offered)
    )
    given = passwords.first_password(username)
    assert passwords.faults(given, username) == []


def test_a_name_of_two_letters_may_turn_up_in_a_password():
    assert passwords.faults("Xlight-Xq7_pv", "li") == []
    assert [each.code for each in passwords.faults("zhang-Xq7_pv", "Zhang")] == ["password-common"]
