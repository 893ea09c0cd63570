"""Who is asking: the question put to the database at every request."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from evaluation.accounts.models import SignIn, User

# On the tables themselves, built once: mapped classes would cost as much again.
_SIGN_INS = cast("sa.Table", SignIn.__table__).c
_USERS = cast("sa.Table", User.__table__).c
FIND = (
    sa.select(
        _SIGN_INS.id.label("sign_in_id"),
        _SIGN_INS.created_at,
        _SIGN_INS.seen_at,
        _SIGN_INS.ended_at,
        _USERS.id.label("user_id"),
        _USERS.username,
        _USERS.display_name,
        _USERS.role,
        _USERS.cities,
        _USERS.rounds,
        _USERS.department,
        _USERS.must_change_password,
        _USERS.active,
    )
    .join_from(SignIn.__table__, User.__table__, _USERS.id == _SIGN_INS.user_id)
    .where(_SIGN_INS.token_hash == sa.bindparam("token"))
)
