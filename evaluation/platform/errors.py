"""What can go wrong, as facts; `problems` turns each into an answer for people or programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from evaluation.platform.i18n import N_, _


class DomainError(Exception):
    """A rule of the domain refused something. Subclasses set the class attributes.

    ``title`` and ``detail`` are message ids; ``detail`` is filled from the facts given.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = N_("操作被拒绝")
    detail: ClassVar[str] = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def explain(self) -> str:
        """What happened and what to do, in the current language."""
        return _(self.detail, **self.facts) if self.detail else _(self.title)

    def __str__(self) -> str:
        return self.explain()


class NotFound(DomainError):
    """It does not exist, or is not yours: the two are never told apart."""

    status = 404
    code = "not-found"
    title = N_("没有找到")
    detail = N_("没有这个页面，或者您无权查看。请检查地址，或返回首页。")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in something a person gave us: where it is, what it is, how to mend it.

    ``what`` and ``mend`` are message ids (Chinese, marked with ``N_``) filled from ``facts``.
    ``cell`` is an address like ``D12``; ``column`` a header or key where there is no cell.
    """

    code: str
    what: str
    mend: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    column: str = ""
    severity: str = "error"

    @property
    def place(self) -> str:
        """Where it is, in the current language: file, sheet, then cell or row and column."""
        parts = []
        if self.file:
            parts.append(self.file)
        if self.sheet:
            parts.append(_("工作表“{sheet}”", sheet=self.sheet))
        if self.cell:
            parts.append(_("单元格 {cell}", cell=self.cell))
        else:
            if self.row is not None:
                parts.append(_("第 {row} 行", row=self.row))
            if self.column:
                parts.append(_("“{column}”列", column=self.column))
        return " ".join(parts)

    def explain(self) -> str:
        """What is wrong, in the current language."""
        return _(self.what, **self.facts)

    def remedy(self) -> str:
        """What to do about it, in the current language; empty when there is nothing to add."""
        return _(self.mend, **self.facts) if self.mend else ""

    def __str__(self) -> str:
        said = f"{self.explain()} {self.remedy()}".strip()
        return _("{place}：{said}", place=self.place, said=said) if self.place else said


class Faulty(DomainError):
    """Something given to us has faults; all of them are listed, not the first."""

    status = 422
    code = "faulty-input"
    title = N_("内容有误，未保存")
    detail = N_("共有 {count} 处需要修改，未保存任何内容。")

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))
