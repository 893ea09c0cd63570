"""What forms add to the home page and the side bar."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _, named
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep, Task
from surveys.forms import store
from surveys.forms.service import AUTHORS
from surveys.forms.web import READERS


def tasks(session: Session, who: Principal, round: Round) -> Sequence[Task]:  # noqa: A002
    """Drafts that wait to be published, for those who may."""
    if who.role not in AUTHORS:
        return ()
    return [
        Task(
            title=_(
                "发布表单“{title}”第 {number} 版",
                title=named(draft.title, draft.title_en),
                number=draft.number,
            ),
            href=f"/forms/{draft.form.code}/{draft.number}",
            detail=_("草稿，发布之前手机取不到"),
        )
        for draft in store.drafts(session)
    ]


def steps(who: Principal, round: Round) -> Sequence[NavStep]:  # noqa: A002
    """Forms, for those who write or read them."""
    if who.role not in READERS:
        return ()
    return [NavStep("forms", _("评价表单"), "/forms", "done")]
