"""Rendered text of immutable results, kept in memory.

What is kept is found by everything it depends on, so it is never stale; it is asked for only
after the reader's right to it has been checked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Any, TypeVar

from litestar.datastructures import State

T = TypeVar("T", bound=Sized)


class Kept:
    """The most recently used texts, files and results, up to a number and a total length."""

    def __init__(self, most: int = 256, size: int = 64 * 1024 * 1024) -> None:
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()
        self._most, self._size, self._used = most, size, 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for *key*, or what *make* makes now."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                held: T = self._held[key]
                return held
        made = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._used += len(made)
            while len(self._held) > self._most or self._used > self._size:
                _key, dropped = self._held.popitem(last=False)
                self._used -= len(dropped)
        return made


def kept(state: State) -> Kept:
    """The application's own store of rendered results."""
    held = state.setdefault("kept_results", Kept())
    assert isinstance(held, Kept)
    return held
