"""One question's own columns, as the doctor's parts look at them."""

from __future__ import annotations

from evaluation.framework.tree import Framework
from surveys.forms import vocabulary as words
from surveys.forms.outline import Item, Outline


class OwnColumns:
    """The columns that XLSForm does not have, of one question."""

    def __init__(self, form: Outline, item: Item, framework: Framework | None) -> None:
        self.form, self.item, self.framework = form, item, framework

    def fault(
        self,
        code: str,
        key: str,
        what: str,
        mend: str = "",
        /,
        *,
        warning: bool = False,
        **facts: object,
    ) -> None:
        """Note a fault in one of the question's cells."""
        self.form.book.fault(
            code, words.SURVEY, self.item.row, key, what, mend, warning=warning, facts=facts
        )
