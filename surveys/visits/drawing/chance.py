"""Chance from a seed, the same in every version of Python: orders by SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

from evaluation.platform.audit import canonical

#: Changes whenever the same inputs and seed would give another draw.
ALGORITHM = "yingshang-draw-1"

T = TypeVar("T")


class Chance:
    """A rank for everything that has a name; whoever has the seed gets the same ranks."""

    def __init__(self, seed: str) -> None:
        self._key = hashlib.sha256(canonical([ALGORITHM, seed]).encode()).digest()

    def rank(self, *labels: str | int) -> bytes:
        """32 bytes that order what *labels* name among its like."""
        return hashlib.sha256(self._key + canonical(list(labels)).encode()).digest()

    def shuffled(self, items: Iterable[T], *labels: str | int, key: Callable[[T], str]) -> list[T]:
        """*items* in the order of their ranks; the order they come in does not matter.

        *key* names an item, and no two the same.
        """
        return sorted(items, key=lambda item: self.rank(*labels, key(item)))
