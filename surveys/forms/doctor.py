"""The form doctor: everything wrong with a form workbook at once, each at its cell, with a fix.

`examine` reads, mends what is mechanical, looks at everything, converts, and gives back either a
draft that can be published or the faults, all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from evaluation.framework.tree import Framework
from evaluation.platform.errors import Fault
from surveys.forms import (
    conversion,
    doctor_expressions,
    doctor_findings,
    doctor_flow,
    doctor_kit,
    doctor_lists,
    doctor_media,
    doctor_portability,
    doctor_scoring,
    doctor_structure,
    drafting,
)
from surveys.forms.book import Book, read_book
from surveys.forms.conversion import Converted
from surveys.forms.document import FormDocument
from surveys.forms.mending import Mend, mend
from surveys.forms.outline import Outline, outline


@dataclass(frozen=True, slots=True)
class Draft:
    """A form without faults: what engines run, and what the platform reads."""

    xform: str
    document: FormDocument


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the doctor found; ``draft`` is None where there are errors."""

    faults: tuple[Fault, ...]
    mends: tuple[Mend, ...]
    draft: Draft | None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What has to be mended first."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What should be looked at."""
        return tuple(fault for fault in self.faults if fault.severity != "error")


def examine(
    content: bytes,
    name: str,
    *,
    version: Callable[[str], int] = lambda _code: 1,
    framework: Framework | None = None,
    media: Collection[str] = (),
) -> Diagnosis:
    """Examine a workbook. *version* gives the number that a form of some id would get; *media*
    are the names of the files that come with it.

    Raises Faulty only where it is no workbook that can be read safely.
    """
    book = read_book(content, name)
    mends = mend(book)
    form = outline(book)
    doctor_structure.check(form)
    doctor_lists.check(form)
    doctor_expressions.check(form)
    doctor_scoring.check(form, framework)
    doctor_findings.check(form, framework)
    doctor_kit.check(form)
    doctor_media.check(form, media)
    doctor_flow.check(form)
    draft = _draft(book, form, version)
    return Diagnosis(_in_order(book), tuple(mends), draft)


def _draft(book: Book, form: Outline, version: Callable[[str], int]) -> Draft | None:
    number = version(drafting.settings_row(book).get("form_id"))
    made = conversion.convert(book, drafting.for_pyxform(book, form, number))
    unmended = [fault for fault in book.faults if fault.severity == "error"]
    if not isinstance(made, Converted):
        told = {fault.row for fault in unmended}
        if not unmended or (made.row is not None and made.row not in told):
            book.faults.append(made)
        return None
    book.faults.extend(made.remarks)
    if unmended:
        return None
    doctor_portability.check(form, made.xform)
    return Draft(made.xform, drafting.document_of(book, form, number))


def _in_order(book: Book) -> tuple[Fault, ...]:
    """By sheet, row and column; the whole file's first; the same fault once."""
    sheets = {table.title: at for at, table in enumerate(book.tables.values())}
    headers = {
        (table.title, header): table.columns[full]
        for table in book.tables.values()
        for full, header in table.headers.items()
    }
    once = {(f.code, f.sheet, f.row, f.column, f.explain()): f for f in book.faults}
    return tuple(
        sorted(
            once.values(),
            key=lambda fault: (
                fault.severity != "error",
                sheets.get(fault.sheet, -1),
                fault.row or 0,
                headers.get((fault.sheet, fault.column), 999),
            ),
        )
    )
