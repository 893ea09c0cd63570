"""What is wrong with a method or with numbers to be scored: facts, no language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing refused: ``path`` is the key or code it is about, ``facts`` what is allowed."""

    path: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value!r}" for key, value in self.facts.items())
        return f"{self.path}: {self.code}" + (f" ({facts})" if facts else "")


class CompositeError(ValueError):
    """The engine refuses; ``problems`` lists everything that was found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class MethodError(CompositeError):
    """A method that cannot be executed as written."""


class ScoringError(CompositeError):
    """Numbers or a tree that this method cannot score."""
