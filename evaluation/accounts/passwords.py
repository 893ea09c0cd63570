"""Passwords: what is accepted, and how they are kept (argon2id)."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_

SHORTEST = 10
LONGEST = 128
LONG_NAME = 3  # a name of one or two letters turns up in any password
TOO_COMMON = ("password", "12345", "qwert", "admin", "abc123", "11111", "yingshang", "gansu")

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether *password* belongs to the hash; costs the same whether it does or not."""
    if len(password) > LONGEST:  # nobody has one; a megabyte is not hashed to find out
        password_hash, password = nobody(), password[:LONGEST]
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def nobody() -> str:
    """Checked for a name nobody has, so that time does not tell which names exist."""
    return hash_password(secrets.token_hex(16))


def faults(password: str, username: str) -> list[Fault]:
    """Every rule a new password breaks."""
    found = []
    lowered = password.lower()
    if len(password) < SHORTEST:
        found.append(
            Fault(
                "password-short",
                N_("密码太短。"),
                N_("请至少用 {least} 个字符，可以是一句话。"),
                {"least": SHORTEST},
                column="password",
            )
        )
    if len(password) > LONGEST:
        found.append(
            Fault(
                "password-long",
                N_("密码太长。"),
                N_("请不超过 {most} 个字符。"),
                {"most": LONGEST},
                column="password",
            )
        )
    named = len(username) >= LONG_NAME and username.lower() in lowered
    if named or any(word in lowered for word in TOO_COMMON):
        found.append(
            Fault(
                "password-common",
                N_("密码太容易被猜到。"),
                N_("不要包含用户名、键盘顺序或常见词。"),
                column="password",
            )
        )
    if len(set(password)) < 5:
        found.append(
            Fault(
                "password-plain",
                N_("密码中不同的字符太少。"),
                N_("请至少用 5 种不同的字符。"),
                column="password",
            )
        )
    return found


def first_password(username: str) -> str:
    """A random first password that keeps the rules, to be changed at the first sign-in."""
    while True:
        password = secrets.token_urlsafe(12)
        if not faults(password, username):
            return password
