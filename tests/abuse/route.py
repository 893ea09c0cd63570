"""One line of the matrix: a method of an address, and for whom it exists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.abuse.world import OPEN

#: Addresses where a phone shows its own key, and no cookie counts.
KEYED = ("/openrosa/", "/field/unlock", "/field/sync", "/field/leave")


@dataclass(frozen=True)
class Route:
    """One method of one address.

    ``who``: the roles for which it exists; None for everybody, signed in or not. ``own``: of
    these, the roles for which it exists for their own cities only. ``result``: it shows a result,
    so before publication it exists for the office and the auditor only. ``missing``: whoever may
    ask is told that there is no such thing. ``own_scores``: a city reads its own scores there once
    they are fed back to it.
    """

    method: str
    path: str
    who: frozenset[str] | None
    own: frozenset[str] = frozenset()
    code: str = OPEN
    result: bool = False
    missing: bool = False
    own_scores: bool = False
    query: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What the application calls it."""
        return self.method, self.path

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD")

    @property
    def program(self) -> bool:
        """Whether programs ask for it."""
        return self.path.startswith("/api/")

    @property
    def keyed(self) -> bool:
        """Whether a key of its own opens it, and no token of a page is asked for."""
        return self.path.startswith(KEYED)

    def open_to(self, role: str, *, own_city: bool) -> bool:
        """Whether it exists for somebody of *role*, whose city or another's is asked for."""
        if self.who is None:
            return True
        return role in self.who and (own_city or role not in self.own)


def get(path: str, who: Iterable[str] | None, **more: Any) -> Route:
    """A page."""
    return Route("GET", path, None if who is None else frozenset(who), **more)


def post(path: str, who: Iterable[str] | None, data: Any = None, **more: Any) -> Route:
    """A form."""
    kept = {"data": {"x": "1"} if data is None else data}
    return Route("POST", path, None if who is None else frozenset(who), options=kept, **more)
