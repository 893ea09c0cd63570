"""Guessing passwords is slowed without ever locking a person or a city out.

A browser that has signed in before carries a device cookie and is counted by itself, so nobody
else's guesses can keep its owner out. Without one, guesses are counted by name *and* address.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.models import SignInFailure
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_

WINDOW = timedelta(minutes=15)
FREE_TRIES = 5
FREE_TRIES_OF_AN_ADDRESS = 100
LONGEST_WAIT = timedelta(minutes=5)


class TooManyTries(DomainError):
    """Too many wrong passwords from this device or address; waiting helps."""

    status = 429
    code = "too-many-tries"
    title = N_("尝试次数过多")
    detail = N_("连续输错密码，请在 {seconds} 秒后再试。其他电脑和同事不受影响。")


def device_cookie(secret: str, username: str) -> str:
    """A signed token that says this browser has signed in as *username* before."""
    nonce = secrets.token_hex(12)
    return f"{nonce}.{_sign(secret, username, nonce)}"


def counter(secret: str, username: str, address: str, cookie: str) -> str:
    """What this attempt is counted against: its device if known, else name and address."""
    nonce, _, signature = cookie.partition(".")
    if signature and hmac.compare_digest(signature, _sign(secret, username, nonce)):
        return _short(f"device {username} {nonce}")
    return _short(f"pair {username} {address}")


def address_counter(address: str) -> str:
    """The counter of all unknown devices at one address."""
    return _short(f"address {address}")


def check(session: Session, now: datetime, *, own: str, address: str | None) -> None:
    """Raise `TooManyTries` while *own*, or *address* for an unknown device, must still wait."""
    for name, free in ((own, FREE_TRIES), (address, FREE_TRIES_OF_AN_ADDRESS)):
        if name is None:
            continue
        count, last = session.execute(
            sa.select(sa.func.count(), sa.func.max(SignInFailure.at)).where(
                SignInFailure.counter == name, SignInFailure.at > now - WINDOW
            )
        ).one()
        if count >= free and last is not None:
            wait = min(timedelta(seconds=2 ** min(count - free + 1, 10)), LONGEST_WAIT)
            left = (last + wait - now).total_seconds()
            if left > 0:
                raise TooManyTries(seconds=int(left) + 1)


def remember_failure(session: Session, now: datetime, *counters: str) -> None:
    """Count a failure, and forget those outside the window."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.at <= now - WINDOW))
    session.add_all(SignInFailure(counter=name, at=now) for name in counters)


def forget_failures(session: Session, own: str) -> None:
    """A right password clears its own counter."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.counter == own))


def _sign(secret: str, username: str, nonce: str) -> str:
    return hmac.new(secret.encode(), f"{username} {nonce}".encode(), hashlib.sha256).hexdigest()


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
